import { createHash } from "node:crypto";
import { LineCounter, parseDocument, type YAMLError } from "yaml";
import type * as z from "zod";
import { AutopilotError } from "../errors.ts";
import { canonicalJson } from "./canonical-json.ts";
import { wording } from "./schema/wording.ts";
import { type Policy, policySchema } from "./schema.ts";
import { type Position, type Positions, positionsIn, unknownAliases } from "./yaml-positions.ts";

/** One thing wrong in a policy file, and what to write instead. */
export interface PolicyProblem extends Position {
  /** `templates[0].mutability.mode`; `policy` for the whole file. */
  readonly path: string;
  readonly message: string;
}

/** A policy file that cannot be used. The message has one line for each problem, in the order of the file. */
export class PolicyError extends AutopilotError {
  readonly problems: readonly PolicyProblem[];

  constructor(fileName: string, problems: readonly PolicyProblem[]) {
    const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
    const lines = sorted.map(({ line, column, path, message }) => `${fileName}:${line}:${column}  ${path}: ${message}`);
    super("policy-invalid", lines.join("\n"), { permanent: true });
    this.name = "PolicyError";
    this.problems = sorted;
  }
}

/**
 * Reads a policy file (YAML 1.2) when the functions are built.
 *
 * Takes its text, and its name for the messages. Gives the compiled policy, plain JSON data, and `hash`, the SHA-256 of its canonical JSON in hex: the
 * same for files that differ in comments, layout or the order of keys. Errors: PolicyError with all problems at once.
 */
export function readPolicy(text: string, fileName: string): { policy: Policy; hash: string } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    logLevel: "error",
  });
  const syntax = [...document.errors, ...document.warnings].map((error) => syntaxProblem(error, lines));
  if (syntax.length > 0) throw new PolicyError(fileName, syntax);
  const aliases = unknownAliases(document, lines).map(({ source, position }) => aliasProblem(source, position));
  if (aliases.length > 0) throw new PolicyError(fileName, aliases);

  const positions = positionsIn(document, lines);
  const parsed = policySchema.safeParse(toData(document, fileName), {
    error: (issue) => wording(issue, positions.source(issue.path ?? [])),
    reportInput: true,
  });
  if (!parsed.success)
    throw new PolicyError(
      fileName,
      parsed.error.issues.flatMap((issue) => schemaProblems(issue, positions)),
    );
  const policy = parsed.data;
  return { policy, hash: createHash("sha256").update(canonicalJson(policy)).digest("hex") };
}

function toData(document: ReturnType<typeof parseDocument>, fileName: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // The yaml package refuses a small file whose aliases make a huge one.
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}; write the values without so many aliases`;
    throw new PolicyError(fileName, [{ line: 1, column: 1, path: "policy", message }]);
  }
}

function schemaProblems(issue: z.core.$ZodIssue, positions: Positions): PolicyProblem[] {
  const inner = innerIssues(issue);
  if (inner.length > 0) {
    return inner.flatMap((one) =>
      schemaProblems({ ...one, message: wording(one, positions.source(one.path)) }, positions),
    );
  }
  const path = pathText(issue.path);
  if (issue.code !== "unrecognized_keys") return [{ ...positions.of(issue.path), path, message: issue.message }];
  const messages = issue.message.split("\n");
  return issue.keys.map((key, index) => ({
    ...positions.ofKey(issue.path, key),
    path,
    message: messages[index] ?? issue.message,
  }));
}

/** Of a value that is none of several kinds, what is wrong within the kind that it comes nearest to; nothing when it is of another kind. */
function innerIssues(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [];
  const nearest = issue.errors.find((errors) => errors.length > 0 && errors.every(({ path }) => path.length > 0)) ?? [];
  return nearest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "policy";
  const text = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return text.replace(/^\./, "");
}

const SYNTAX_ADVICE: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "write each key once",
  MULTIPLE_DOCS: "write one policy in one file, without `---` between two",
  TAB_AS_INDENT: "write spaces instead",
  BAD_INDENT: "write all keys of one map at the same column",
  NON_STRING_KEY: "write each key as text",
  TAG_RESOLVE_FAILED: "write the value without a tag",
};

function syntaxProblem(error: YAMLError, lines: LineCounter): PolicyProblem {
  const { line, col } = lines.linePos(error.pos[0]);
  const advice =
    SYNTAX_ADVICE[error.code] ?? "write valid YAML here, with text that begins with a special character in quotes";
  return { line, column: col, path: "YAML", message: `${error.message}; ${advice}` };
}

function aliasProblem(source: string, position: Position): PolicyProblem {
  return {
    ...position,
    path: "YAML",
    message: `*${source} is an alias without an anchor; write "*${source}" in quotes when it is a pattern`,
  };
}
