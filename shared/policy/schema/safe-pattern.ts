import * as z from "zod";
import { type PatternSubject, runawayReason } from "./runaway-pattern.ts";

const LONGEST_PATTERN = 512;

interface Wording {
  readonly subject: PatternSubject;
  /** What an empty pattern would do. */
  readonly whenEmpty: string;
  /** The key of the policy that takes globs for the same. */
  readonly orGlobs: string;
  readonly example: string;
}

/** A JavaScript regular expression for whole names or tags, one that can be matched with each in a short time. */
export function safePattern({ subject, whenEmpty, orGlobs, example }: Wording) {
  function check(pattern: string, context: z.core.$RefinementCtx<string>): void {
    if (pattern === "") {
      context.addIssue(`is empty, and ${whenEmpty}; write for example \`pattern: ${example}\``);
      return;
    }
    try {
      new RegExp(pattern, "u");
    } catch (error) {
      // "Invalid regular expression: /x/u: Unterminated group"
      const why = String((error as Error).message).replace(/^.*\/u: /s, "");
      context.addIssue(`${JSON.stringify(pattern)} is no regular expression (${why}); write for example ${example}`);
      return;
    }
    const runaway = runawayReason(pattern, subject);
    if (runaway !== undefined) context.addIssue(`${JSON.stringify(pattern)} ${runaway}`);
  }

  return z
    .string()
    .max(
      LONGEST_PATTERN,
      `is longer than ${LONGEST_PATTERN} characters; write a shorter one, or globs under ${orGlobs}`,
    )
    .check(z.superRefine(check))
    .meta({ examples: [example] });
}
