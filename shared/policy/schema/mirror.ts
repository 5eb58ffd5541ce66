import * as z from "zod";
import { destinationName } from "../mirror-rules.ts";
import { checkRepositoryName } from "../repository-name.ts";
import { checkMirrorConflicts } from "./mirror-conflicts.ts";
import { nearest } from "./nearest.ts";
import { repositoryGlob, sampleName } from "./repository-glob.ts";
import { listRule, objectRule, type Report, strictObject } from "./strict-object.ts";

const PLACEHOLDERS = ["repository", "name", "path"];

const tagGlob = z.string().regex(/^[A-Za-z0-9_.*-]{1,128}$/, {
  error: ({ input }) =>
    `${JSON.stringify(input)} is no tag pattern; write 1 to 128 of the characters a-z, A-Z, 0-9, ".", "_", "-" and "*" instead`,
});

const rule = strictObject({
  source: repositoryGlob.meta({
    description:
      "Private repositories, as a glob: * is any run of characters within a segment of the name, ** any run, / included.",
    examples: ["team-a/*"],
  }),
  tags: strictObject({
    include: z
      .array(tagGlob)
      .min(1, 'is empty; write the tags to publish, for example `include: ["v*"]`')
      .meta({ description: "Tags to publish, as globs: * is any run of characters.", examples: [["v*"]] }),
    exclude: z
      .array(tagGlob)
      .default([])
      .meta({ description: "Tags to leave out of these.", examples: [["*-rc*"]] }),
  }).meta({ description: "Which tags are published.", examples: [{ include: ["v*"] }] }),
  destination: z.string().meta({
    description:
      "Name in ECR Public, without the alias. {repository} is the whole private name, {name} its last segment, {path} all but the last.",
    examples: ["team-a-{name}"],
  }),
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
