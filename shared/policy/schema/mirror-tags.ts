import * as z from "zod";
import { matchesGlob } from "../glob.ts";
import { TAGS } from "./runaway-pattern.ts";
import { safePattern } from "./safe-pattern.ts";
import { semverRange } from "./semver-range.ts";
import { hasUnknownKey, objectRule, type Report, strictObject } from "./strict-object.ts";
import { tagGlob } from "./tag-glob.ts";

/** Which tags a mirror rule selects. Compiled, `include` is always there: empty where it was not given, and then asks nothing. */
export const mirrorTagsSchema = strictObject({
  include: z
    .array(tagGlob)
    .min(1, 'is empty; write the tags to publish, for example `include: ["v*"]`')
    .meta({
      description: "Tags to publish, as globs of which one must match: * is any run of characters.",
      examples: [["v*"]],
    })
    .exactOptional(),
  pattern: safePattern({
    subject: TAGS,
    whenEmpty: "would select no tag",
    orGlobs: "include",
    example: "v[0-9]+[.][0-9]+",
  })
    .meta({ description: "JavaScript regular expression that the whole tag must match, beside what else is given." })
    .exactOptional(),
  semver: semverRange
    .meta({
      description:
        'Range of versions, as in npm, that the tag must be in, beside what else is given. A "v" before the version is ignored; pre-releases only where the range names one of the same version.',
    })
    .exactOptional(),
  latest: z
    .int()
    .min(1)
    .meta({
      description:
        "Only so many of the tags that pass the rest, the newest: by version where semver is given, else by the time of the push.",
      examples: [5],
    })
    .exactOptional(),
  exclude: z
    .array(tagGlob)
    .default([])
    .meta({ description: "Tags to leave out of these.", examples: [["*-rc*"]] }),
})
  .check(z.superRefine(checkChoice), objectRule(checkExclude))
  .meta({ examples: [{ include: ["v*"] }] })
  .transform((tags) => ({ ...tags, include: tags.include ?? [] }));

function checkChoice(value: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx): void {
  if (["include", "pattern", "semver"].some((key) => value[key] !== undefined) || hasUnknownKey(context)) return;
  const advice = 'write include, pattern or semver, for example `include: ["v*"]`';
  if (value.latest === undefined) context.addIssue(`selects nothing; ${advice}`);
  else
    context.addIssue({ code: "custom", path: ["latest"], message: `has nothing to choose from; ${advice}, beside it` });
}

/** A glob that matches another one's own text, stars and all, matches all that it stands for. */
function checkExclude({ include, exclude }: Readonly<Record<string, unknown>>, report: Report): void {
  const exclusions = textsOf(exclude);
  textsOf(include).forEach((glob, index) => {
    const exclusion = exclusions.find((one) => matchesGlob(one, glob));
    if (exclusion === undefined) return;
    report(
      ["include", index],
      `${glob} selects nothing, as ${exclusion} under exclude leaves all of it out; remove one of them`,
    );
  });
  exclusions.forEach((exclusion, index) => {
    if (include === undefined && /^[*]+$/.test(exclusion))
      report(["exclude", index], `${exclusion} leaves out every tag; write a narrower pattern`);
  });
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map((element) => (typeof element === "string" ? element : "")) : [];
}
