import * as z from "zod";
import { repositoryGlob } from "./repository-glob.ts";
import { runawayReason } from "./runaway-pattern.ts";
import { strictObject } from "./strict-object.ts";

const LONGEST_PATTERN = 512;

/** Names that repositories may have, beside the rules of ECR itself. */
export const namingSchema = strictObject({
  allow: z
    .array(repositoryGlob)
    .min(1, 'is empty, and would refuse every name; write for example `allow: ["team-*/**"]`, or remove the line')
    .default(() => ["**"])
    .meta({
      description:
        "Globs of which a name must match one: * is any run of characters within a segment of the name, ** any run, / included.",
      examples: [["team-*/**"]],
    }),
  deny: z
    .array(repositoryGlob)
    .default([])
    .meta({ description: "Globs of names that are refused, whatever allow says.", examples: [["**/tmp*"]] }),
  pattern: z
    .string()
    .max(LONGEST_PATTERN, `is longer than ${LONGEST_PATTERN} characters; write a shorter one, or globs under allow`)
    .check(z.superRefine(checkPattern))
    .meta({
      description: "JavaScript regular expression that the whole name must match.",
      examples: ["[a-z0-9-]+/[a-z0-9-]+"],
    })
    .exactOptional(),
  nearNames: strictObject({
    except: z
      .array(repositoryGlob)
      .default([])
      .meta({
        description: "Globs of names that are never taken for a mistyped one.",
        examples: [["team-a/payment"]],
      }),
  })
    .meta({
      description:
        "When given, a new name that is one slip away from that of another repository is refused; {} for all.",
      examples: [{}],
    })
    .exactOptional(),
});

function checkPattern(pattern: string, context: z.core.$RefinementCtx<string>): void {
  if (pattern === "") {
    context.addIssue("is empty, and would refuse every name; write for example `pattern: [a-z0-9-]+/[a-z0-9-]+`");
    return;
  }
  try {
    new RegExp(pattern, "u");
  } catch (error) {
    // "Invalid regular expression: /x/u: Unterminated group"
    const why = String((error as Error).message).replace(/^.*\/u: /s, "");
    context.addIssue(
      `${JSON.stringify(pattern)} is no regular expression (${why}); write for example [a-z0-9-]+/[a-z0-9-]+`,
    );
    return;
  }
  const runaway = runawayReason(pattern);
  if (runaway !== undefined) context.addIssue(`${JSON.stringify(pattern)} ${runaway}`);
}
