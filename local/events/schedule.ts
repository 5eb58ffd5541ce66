/**
 * Schedule expressions of rules.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */

export type Schedule =
  | { readonly type: "rate"; readonly everyMs: number }
  /** The six fields: minutes, hours, day of month, month, day of week, year. */
  | { readonly type: "cron"; readonly fields: readonly string[] };

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** Error: neither `rate(…)` nor `cron(…)`, or a value that EventBridge refuses; names the rule and the value. */
export function parseSchedule(expression: string): Schedule {
  const [, kind, argument = ""] = /^(rate|cron)\((.*)\)$/.exec(expression) ?? [];
  if (kind === "rate") return { type: "rate", everyMs: parseRate(argument, expression) };
  if (kind === "cron") return { type: "cron", fields: parseCron(argument, expression) };
  throw wrong(expression, "must be rate(value unit) or cron(six fields)");
}

function parseRate(argument: string, expression: string): number {
  const [, count, unit, plural] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(argument) ?? [];
  if (count === undefined || (unit !== "minute" && unit !== "hour" && unit !== "day")) {
    throw wrong(expression, "must be rate(value unit) with a positive whole number of minutes, hours or days");
  }
  if ((count === "1") !== (plural === "")) {
    throw wrong(expression, `must have the unit '${unit}' for 1 and '${unit}s' for more`);
  }
  return Number(count) * UNIT_MS[unit];
}

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
  /** Marks beyond `, - * /` that the field takes. */
  readonly marks?: string;
}

const FIELDS: readonly Field[] = [
  { name: "minutes", least: 0, most: 59 },
  { name: "hours", least: 0, most: 23 },
  { name: "day-of-month", least: 1, most: 31, marks: "?LW" },
  {
    name: "month",
    least: 1,
    most: 12,
    names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  },
  { name: "day-of-week", least: 1, most: 7, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"], marks: "?L#" },
  { name: "year", least: 1970, most: 2199 },
];

function parseCron(argument: string, expression: string): string[] {
  const fields = argument.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) throw wrong(expression, `must have six fields, but has ${fields.length}`);
  for (const [index, field] of FIELDS.entries()) {
    const text = fields[index] ?? "";
    if (!isFieldValue(text.toUpperCase(), field))
      throw wrong(expression, `has a ${field.name} field that is not valid: '${text}'`);
  }
  if ((fields[2] === "?") === (fields[4] === "?")) {
    throw wrong(expression, "must have ? in exactly one of day-of-month and day-of-week");
  }
  return fields;
}

function isFieldValue(text: string, field: Field): boolean {
  const { least, most, names = [], marks = "" } = field;
  if (text === "?") return marks.includes("?");
  const numberOf = (part: string): number =>
    names.includes(part) ? names.indexOf(part) + least : Number(/^\d+$/.exec(part)?.[0] ?? Number.NaN);
  const isValue = (part: string): boolean => numberOf(part) >= least && numberOf(part) <= most;
  const isRange = (part: string): boolean => {
    const [from = "", to = "", ...more] = part.split("-");
    return more.length === 0 && isValue(from) && isValue(to) && numberOf(from) <= numberOf(to);
  };
  const isPart = (part: string): boolean => {
    const [base = "", step, ...more] = part.split("/");
    if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
    return base === "*" || isValue(base) || isRange(base);
  };
  if (marks.includes("W") && /^(LW|\d+W)$/.test(text)) return text === "LW" || isValue(text.slice(0, -1));
  if (marks.includes("L") && text === "L") return true;
  // `5L` is the last Thursday of the month, `3#2` the second Tuesday; a second such expression may not follow.
  if (marks.includes("#") && /^\w+(L|#[1-5])$/.test(text)) return isValue(text.replace(/(L|#\d)$/, ""));
  return text.split(",").every(isPart);
}

function wrong(expression: string, why: string): Error {
  return new Error(`schedule '${expression}' ${why}`);
}
