import { compare, minVersion, Range, type SemVer, satisfies } from "semver";
import * as z from "zod";
import type { Comparator } from "../version.ts";

/** With its quotes: to YAML, an unquoted > begins a text of several lines. */
const EXAMPLE = '">=1.2.0 <3"';

/** A range in npm's grammar. It is compiled here, so that at run time versions are compared, and nothing is parsed but tags. */
export const semverRange = z
  .string()
  .check(z.superRefine(checkRange))
  .meta({ examples: ["^1.2.0"] })
  .transform((range) => ({ range, alternatives: compiled(new Range(range)) }));

/** A version in a range, the lowest; undefined for what is no range, has no version, or is too odd for the package to tell. */
export function lowestVersion(range: string): string | undefined {
  const parsed = parse(range);
  return parsed === undefined ? undefined : lowestVersions(parsed).toSorted(compare)[0];
}

/** Whether a tag is a version in a range, as the package has it; false for what is no range. */
export function inRange(tag: string, range: string): boolean {
  return satisfies(tag, range);
}

function checkRange(range: string, context: z.core.$RefinementCtx<string>): void {
  if (range.trim() === "") {
    context.addIssue(`is blank; write for example \`semver: ${EXAMPLE}\`, or "*" for every release`);
    return;
  }
  const quoted = JSON.stringify(range);
  const parsed = parse(range);
  if (parsed === undefined) {
    context.addIssue(
      `${quoted} is no semver range; write bounds with a space between them, such as ${EXAMPLE}, or ^1.2.0, ~1.2.0, 1.x, 1.2.0 - 2.3.0, with || between alternatives`,
    );
    return;
  }
  // The package can miss a pre-release between two others, so it is believed for ranges without. "-0" is the package's own: ^1.2.0 is <2.0.0-0.
  const plain = compiled(parsed).every((bounds) =>
    bounds.every(({ version }) => /^0?$/.test(version.prerelease.join())),
  );
  if (plain && lowestVersions(parsed).length === 0)
    context.addIssue(`${quoted} matches no version; write a range whose lower bound is below its upper one`);
}

function parse(range: string): Range | undefined {
  try {
    return new Range(range);
  } catch {
    return undefined;
  }
}

/** Of each alternative that has a version: asked for the whole range, the package stumbles over one that has none. */
function lowestVersions({ set }: Range): string[] {
  return set.flatMap((comparators) => minVersion(comparators.map(({ value }) => value).join(" "))?.version ?? []);
}

/** A comparator without a text is the package's "any version"; a range of nothing else is an alternative without bounds. */
function compiled({ set }: Range): Comparator[][] {
  return set.map((comparators) =>
    comparators
      .filter(({ value }) => value !== "")
      .map(({ operator, semver }) => ({ op: operator === "" ? "=" : operator, version: plainVersion(semver) })),
  );
}

function plainVersion({ major, minor, patch, prerelease }: SemVer): Comparator["version"] {
  return {
    major,
    minor,
    patch,
    prerelease: prerelease.map((part) => (/^[0-9]+$/.test(String(part)) ? Number(part) : part)),
  };
}
