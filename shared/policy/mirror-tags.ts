import { isCompanionTag } from "./companion-tag.ts";
import { matchesGlob } from "./glob.ts";
import { type Comparator, parseVersion, satisfies } from "./version.ts";
import { wholePattern } from "./whole-pattern.ts";

/** The filters of a rule's `tags`. No `include` asks nothing. */
interface TagFilters {
  readonly include: readonly string[];
  readonly pattern?: string | undefined;
  readonly semver?: { readonly range: string; readonly alternatives: readonly (readonly Comparator[])[] } | undefined;
  readonly exclude: readonly string[];
}

/**
 * Tells of each tag why a rule's `tags` leave it out, in words that follow "the tag x:"; undefined for one that they select. `latest` is not
 * looked at, as it needs the other tags. Signatures and the like are never selected: they follow their image.
 */
export function tagRefusals({ include, pattern, semver, exclude }: TagFilters): (tag: string) => string | undefined {
  const whole = pattern === undefined ? undefined : wholePattern(pattern);
  return (tag) => {
    if (isCompanionTag(tag)) return "it belongs to another image, which decides";
    const matches = (glob: string) => matchesGlob(glob, tag);
    if (include.length > 0 && !include.some(matches)) return `it matches none of ${include.join(", ")}`;
    if (whole?.test(tag) === false) return `it does not match ${pattern} as a whole`;
    if (semver !== undefined) {
      const version = parseVersion(tag);
      if (version === undefined) return "it is no version";
      if (!satisfies(version, semver.alternatives)) return `it is not in the range ${semver.range}`;
    }
    const excluding = exclude.find(matches);
    return excluding === undefined ? undefined : `${excluding} excludes it`;
  };
}
