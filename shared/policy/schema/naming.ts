import * as z from "zod";
import { repositoryGlob } from "./repository-glob.ts";
import { NAMES } from "./runaway-pattern.ts";
import { safePattern } from "./safe-pattern.ts";
import { strictObject } from "./strict-object.ts";

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
  pattern: safePattern({
    subject: NAMES,
    whenEmpty: "would refuse every name",
    orGlobs: "allow",
    example: "[a-z0-9-]+/[a-z0-9-]+",
  })
    .meta({ description: "JavaScript regular expression that the whole name must match." })
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
