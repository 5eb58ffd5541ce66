/** `npm run docs`: writes docs/policy.md, the reference of the policy's language, from its schema. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { policyJsonSchema } from "#shared/policy/json-schema.ts";

/** The part of JSON Schema that the policy's schema uses. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly additionalProperties?: boolean | Schema;
}

const PAGE = join(import.meta.dirname, "../docs/policy.md");
/** What zod writes for "any whole number". */
const LARGEST = Number.MAX_SAFE_INTEGER;

const INTRODUCTION = `# The policy

One YAML file says how the repositories of an account must be, and what of them is public. It is checked when the functions are built, so a wrong
policy cannot be deployed: every error is told with its line, and with what to write instead.

\`\`\`
npx ecr-autopilot policy check policies/prod.yaml
npx ecr-autopilot policy schema > policy.schema.json
\`\`\`

The second line writes the JSON Schema from which this page is made. Editors complete and check the file with it: put
\`# yaml-language-server: $schema=../policy.schema.json\` into its first line.

[\`policies/default.yaml\`](../policies/default.yaml) is deployed when no policy is named, and publishes nothing;
[\`policies/example.yaml\`](../policies/example.yaml) shows most settings with the reasons for them. A key that is left out has the default that is given here; "none"
means that the setting is not governed, and stays as each team has it. Unknown keys are refused.

This page is written by \`npm run docs\`; the tests hold it against the schema.
`;

/** The whole page, as Markdown: one section for each key of the first level, one row for each key below it. */
export function policyReference(schema: Schema = policyJsonSchema()): string {
  const sections = Object.entries(schema.properties ?? {}).map(([key, section]) => {
    const rows = [...rowsBelow(section, inside(key, section))];
    const required = schema.required?.includes(key) ?? false;
    const facts = [
      `${valuesOf(section)}; ${required ? "required" : defaultOf(section)}`,
      `Example: ${exampleOf(section)}`,
    ];
    return [
      `## ${key}`,
      section.description ?? "",
      ...(rows.length === 0 ? [facts.join(". ")] : [`Default: ${code(section.default ?? [])}`, table(rows)]),
    ].join("\n\n");
  });
  return `${[INTRODUCTION.trimEnd(), ...sections].join("\n\n")}\n`;
}

type Row = readonly [key: string, what: string, values: string, fallback: string, example: string];

function* rowsBelow(schema: Schema, path: string): Generator<Row> {
  const element = schema.items ?? schema;
  const kinds = element.anyOf ?? [element];
  const seen = new Set<string>();
  for (const kind of kinds) {
    for (const [key, property] of Object.entries(kind.properties ?? {})) {
      if (seen.has(key)) continue;
      seen.add(key);
      const place = `${path}.${key}`;
      // Of several kinds, a key that only one of them has is required with that kind alone: its description says so.
      const required = kinds.every(({ required = [] }) => required.includes(key));
      const fallback = required ? "required" : defaultOf(property);
      yield [`\`${place}\``, property.description ?? "", valuesOf(property), fallback, exampleOf(property)];
      yield* rowsBelow(property, inside(place, property));
    }
  }
}

function inside(path: string, { type }: Schema): string {
  return type === "array" ? `${path}[]` : path;
}

function defaultOf({ default: fallback }: Schema): string {
  return fallback === undefined ? "none" : code(fallback);
}

function exampleOf(schema: Schema): string {
  const { examples, properties, items } = schema;
  if (examples?.[0] !== undefined) return code(examples[0]);
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return code(schema.enum[0]);
  if (schema.type === "boolean") return code(true);
  return properties !== undefined || items?.properties !== undefined ? "its keys follow" : "";
}

function valuesOf(schema: Schema): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => code(value)).join(", ");
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(valuesOf))].join(", or ");
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  switch (schema.type) {
    case "array":
      return `list${range(minItems, maxItems, "elements")}${schema.items?.properties === undefined ? ` of ${valuesOf(schema.items ?? {})}` : ""}`;
    case "object":
      return typeof schema.additionalProperties === "object"
        ? `map of ${valuesOf(schema.additionalProperties)}`
        : "map";
    case "integer":
      return `whole number${range(minimum, maximum === LARGEST ? undefined : maximum, "")}`;
    case "string":
      return `text${range(minLength, maxLength, "characters")}`;
    default:
      return schema.type ?? "any value";
  }
}

function range(least: number | undefined, most: number | undefined, of: string): string {
  const unit = of === "" ? "" : ` ${of}`;
  if (least !== undefined && most !== undefined) return `, ${amount(least)} to ${amount(most)}${unit}`;
  if (most !== undefined) return `, at most ${amount(most)}${unit}`;
  return least === undefined || least === 0 ? "" : `, at least ${amount(least)}${unit}`;
}

function amount(value: number): string {
  return value.toLocaleString("en-US");
}

/** A value as YAML writes it in one line, which for JSON is JSON. */
function code(value: unknown): string {
  return value === undefined ? "none" : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function table(rows: readonly Row[]): string {
  const cells = (row: readonly string[]) =>
    `| ${row.map((cell) => cell.replaceAll("\n", " ").replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    cells(["key", "what it says", "values", "default", "example"]),
    "|---|---|---|---|---|",
    ...rows.map(cells),
  ].join("\n");
}

if (import.meta.main) await writeFile(PAGE, policyReference());
