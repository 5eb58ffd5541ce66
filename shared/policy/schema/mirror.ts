import * as z from "zod";
import { destinationName } from "../mirror-rules.ts";
import { nearest } from "../nearest.ts";
import { checkRepositoryName } from "../repository-name.ts";
import { eachOnce } from "./each-once.ts";
import { gatesSchema } from "./gates.ts";
import { checkMirrorConflicts } from "./mirror-conflicts.ts";
import { mirrorTagsSchema } from "./mirror-tags.ts";
import { platform } from "./platform.ts";
import { repositoryGlob, sampleName } from "./repository-glob.ts";
import { retentionSchema } from "./retention.ts";
import { listRule, objectRule, type Report, strictObject } from "./strict-object.ts";
import { tagGlob } from "./tag-glob.ts";
import { tagsSchema } from "./tags.ts";

const PLACEHOLDERS = ["repository", "name", "path"];
/** API model of ECR Public: RepositoryDescription. */
const LONGEST_DESCRIPTION = 1_024;

const repository = strictObject({
  description: z
    .string()
    .min(1)
    .max(
      LONGEST_DESCRIPTION,
      `is longer than ${LONGEST_DESCRIPTION} characters, which is all that ECR Public takes; write a shorter one`,
    )
    .meta({ description: "Short text in the public gallery.", examples: ["Services of team A"] })
    .exactOptional(),
  // As for private ones: https://docs.aws.amazon.com/AmazonECR/latest/public/ecr-public-using-tags.html
  tags: tagsSchema.meta({ description: "Tags of the repository in AWS.", examples: [{ team: "a" }] }).exactOptional(),
});

const deletion = strictObject({
  graceHours: z
    .int()
    .min(0)
    .meta({ description: "Hours between the private deletion and the public one.", examples: [72] }),
  atMost: z
    .int()
    .min(1)
    .meta({ description: "Public tags that one run deletes, at most.", examples: [10] }),
});

const rule = strictObject({
  source: repositoryGlob.meta({
    description:
      "Private repositories, as a glob: * is any run of characters within a segment of the name, ** any run, / included.",
    examples: ["team-a/*"],
  }),
  tags: mirrorTagsSchema.meta({
    description: "Which tags are published: those that satisfy all that is given here.",
  }),
  destination: z.string().meta({
    description:
      "Name in ECR Public, without the alias. {repository} is the whole private name, {name} its last segment, {path} all but the last.",
    examples: ["team-a-{name}"],
  }),
  platforms: z
    .array(platform)
    .min(1, "is empty, and would publish nothing; write for example [linux/amd64], or remove the line for all")
    .check(eachOnce())
    .meta({
      description:
        "Platforms to publish of an image with several, as os/architecture or os/architecture/variant; all when it is not given. One without a variant stands for all of its variants.",
      examples: [["linux/amd64", "linux/arm64"]],
    })
    .exactOptional(),
  immutable: z
    .array(tagGlob)
    .default([])
    .meta({ description: "Public tags, as globs, that never move once they are there.", examples: [["v*"]] }),
  verify: z
    .boolean()
    .default(false)
    .meta({ description: "Whether the bytes are hashed on the way, beside the checks of both registries." }),
  gates: gatesSchema
    .default(() => ({}))
    .meta({
      description: "What an image must pass before the first byte of it is published.",
      examples: [{ minimumAgeHours: 24 }],
    }),
  repository: repository
    .meta({ description: "What a public repository is created with; one that is there is left as it is." })
    .exactOptional(),
  retention: retentionSchema.default([]).meta({
    description:
      "Which public tags are kept: the first entry that matches a tag decides; a tag that none matches is kept.",
    examples: [[{ tags: "v*", newest: 20 }]],
  }),
  deletion: deletion
    .meta({ description: "When given, a deletion of the private tag is followed on the public side." })
    .exactOptional(),
}).check(objectRule(checkDestination));

export const mirrorSchema = z.array(rule).check(listRule(checkMirrorConflicts));

function checkDestination(value: Readonly<Record<string, unknown>>, report: Report): void {
  const { source, destination } = value;
  if (typeof destination !== "string") return;
  const unknown = [...destination.matchAll(/\{([^{}]*)\}/g)]
    .map((match) => match[1] ?? "")
    .filter((key) => !PLACEHOLDERS.includes(key));
  for (const key of unknown) {
    const near = nearest(key, PLACEHOLDERS);
    report(
      ["destination"],
      `has the unknown placeholder {${key}}; write ${near === undefined ? "{repository}, {name} or {path}" : `{${near}}`} instead`,
    );
  }
  if (unknown.length > 0) return;

  const known = typeof source === "string" && checkRepositoryName(sampleName(source)) === undefined;
  const sample = known ? sampleName(source) : "xx/xx";
  const broken = checkRepositoryName(destinationName(destination, sample), "public");
  if (broken !== undefined)
    report(["destination"], `gives a name that ECR Public refuses: ${broken}; write for example team-a-{name} instead`);
}
