import * as z from "zod";

const LONGEST_REASON = 256;
const SAMPLE_DAY = "2026-12-31";

/** Why an exception from a rule is made; never blank. `example` is a reason that a person could have. */
export function reasonText(example: string) {
  return z
    .string()
    .check(
      z.superRefine((reason, context) => {
        if (reason.trim() === "") context.addIssue(`is blank; write why, for example \`reason: ${example}\``);
        if (reason.length > LONGEST_REASON)
          context.addIssue(`is ${reason.length} characters long; write ${LONGEST_REASON} at most`);
      }),
    )
    .meta({ description: "Why; it stands in every report.", examples: [example] });
}

/** The last day, in UTC, on which an exception holds. One that is past is no error: whoever applies the policy says so. */
export function lastDay(description: string) {
  return z
    .string({
      error: ({ input }) =>
        typeof input === "number"
          ? `is the number ${input}, not a day; write for example ${SAMPLE_DAY} instead`
          : undefined,
    })
    .check(z.superRefine(checkDay))
    .meta({ description, examples: [SAMPLE_DAY], format: "date" });
}

/** Date.parse alone would take other ways to write a day; that it turns 30 February into March shows when the day is written again. */
function checkDay(text: string, context: z.core.$RefinementCtx<string>): void {
  const time = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(text)) return;
  context.addIssue(`${JSON.stringify(text)} is no day of the calendar; write YYYY-MM-DD, for example ${SAMPLE_DAY}`);
}
