import { canonicalJson } from "../canonical-json.ts";
import { matchesGlob } from "../glob.ts";
import { globsOverlap } from "../globs-overlap.ts";
import { tagRefusals } from "../mirror-tags.ts";
import { inRange, lowestVersion } from "./semver-range.ts";
import type { Report } from "./strict-object.ts";

interface Rule {
  readonly source: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly pattern: unknown;
  /** Range of versions. */
  readonly range: string | undefined;
  readonly destination: string;
  /** Canonical JSON. */
  readonly retention: string;
  /** Canonical JSON, where it is given. */
  readonly repository: string | undefined;
}

/**
 * What can be told of the rules together before anything is pushed: one tag that two rules for the same source publish, one public
 * repository that two private ones would fill, and one that two rules would keep or create in different ways. Only what is sure is told:
 * whether two regular expressions have a tag in common, for one, is not. Errors that need the names themselves are told when the
 * image is pushed.
 */
export function checkMirrorConflicts(elements: readonly unknown[], report: Report): void {
  const rules = elements.map(readRule);
  rules.forEach((rule, index) => {
    if (rule === undefined) return;
    if (mayCollide(rule, rule)) {
      report(
        [index, "destination"],
        `gives one name to several repositories that match ${rule.source}; write {repository} in it, or a source that matches one`,
      );
    }
    rules.slice(0, index).forEach((earlier, before) => {
      if (earlier === undefined) return;
      const shared = earlier.source === rule.source ? sharedTags(earlier, rule) : undefined;
      if (shared !== undefined) {
        report(
          [index, "tags", "include"],
          `${shared} selects tags that mirror[${before}] publishes from ${rule.source}, too; write patterns that do not overlap, or one rule`,
        );
      }
      const version = earlier.source === rule.source ? sharedVersion(earlier, rule) : undefined;
      if (version !== undefined) {
        report(
          [index, "tags"],
          `selects ${version}, which mirror[${before}] publishes from ${rule.source}, too; write ranges that do not overlap, or one rule`,
        );
      }
      if (earlier.destination === rule.destination && globsOverlap(earlier.source, rule.source, "repository")) {
        for (const key of ["retention", "repository"] as const) {
          if (earlier[key] === undefined || rule[key] === undefined || earlier[key] === rule[key]) continue;
          report(
            [index, key],
            `differs from that of mirror[${before}], which fills the same public repository; write the same in both`,
          );
        }
      }
      if (earlier.source !== rule.source && earlier.destination === rule.destination && mayCollide(earlier, rule)) {
        report(
          [index, "destination"],
          `gives a name that mirror[${before}] gives to another repository; write another one, or {repository} in both`,
        );
      }
    });
  });
}

/** Undefined for an element that other rules refuse anyway, which may be of any form. */
function readRule(element: unknown): Rule | undefined {
  const { source, tags, destination, retention, repository } = (element ?? {}) as Record<string, unknown>;
  if (typeof source !== "string" || typeof destination !== "string") return undefined;
  const { include, exclude, pattern, semver } = (tags ?? {}) as Record<string, unknown>;
  return {
    source,
    destination,
    include: texts(include),
    exclude: texts(exclude),
    pattern,
    range: [semver, (semver as { range?: unknown } | null | undefined)?.range].find((it) => typeof it === "string"),
    retention: canonicalJson(retention ?? []),
    repository: repository === undefined ? undefined : canonicalJson(repository),
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((element) => typeof element === "string") : [];
}

/** The first include pattern of `rule` that selects a tag which `earlier` publishes, too. */
function sharedTags(earlier: Rule, rule: Rule): string | undefined {
  if ([earlier, rule].some(({ pattern, range }) => pattern !== undefined || range !== undefined)) return undefined;
  return rule.include.find((pattern) =>
    earlier.include.some(
      (other) => globsOverlap(pattern, other) && !excludes(earlier, pattern) && !excludes(rule, other),
    ),
  );
}

/** A version that both rules select, of the lowest ones in their ranges: it proves that they overlap, and its absence proves nothing. */
function sharedVersion(earlier: Rule, rule: Rule): string | undefined {
  const rules = [earlier, rule];
  if (rules.some(({ pattern }) => pattern !== undefined)) return undefined;
  const lowest = rules.flatMap(({ range }) => (range === undefined ? [] : (lowestVersion(range) ?? [])));
  return lowest
    .flatMap((version) => [version, `v${version}`])
    .find((tag) =>
      rules.every(({ include, exclude, range }) => {
        const inOwnRange = range === undefined || inRange(tag, range);
        return inOwnRange && tagRefusals({ include, exclude })(tag) === undefined;
      }),
    );
}

/** Whether the rule leaves out all tags of a pattern. A glob that matches the pattern's own text, stars and all, matches all that it stands for. */
function excludes(rule: Rule, pattern: string): boolean {
  return rule.exclude.some((exclusion) => matchesGlob(exclusion, pattern));
}

/**
 * Whether two different repositories, one for each rule, may get the same name from the same destination text. Told only of the parts of
 * the name that the destination leaves out.
 */
function mayCollide(a: Rule, b: Rule): boolean {
  const { destination } = a;
  if (/\{(?!(repository|name|path)\})/.test(destination)) return false; // An unknown placeholder, which is told elsewhere.
  const keepsName = destination.includes("{name}");
  const keepsPath = destination.includes("{path}");
  if (destination.includes("{repository}") || (keepsName && keepsPath)) return false;
  const [left, right] = [splitGlob(a.source), splitGlob(b.source)];
  const nameDiffers = mayDiffer(left.name, right.name);
  const pathDiffers = mayDiffer(left.path, right.path);
  if (keepsName) return pathDiffers && globsOverlap(left.name, right.name);
  if (keepsPath) return nameDiffers && globsOverlap(left.path, right.path);
  return nameDiffers || pathDiffers;
}

function mayDiffer(a: string, b: string): boolean {
  return a !== b || a.includes("*");
}

/** Globs for all but the last segment, and for the last; a ** in the last may itself hold segments. */
function splitGlob(source: string): { path: string; name: string } {
  const cut = source.lastIndexOf("/");
  const name = source.slice(cut + 1);
  const path = source.slice(0, Math.max(cut, 0));
  return name.includes("**")
    ? { path: `${path}*`, name: `*${name.slice(name.lastIndexOf("**") + 2)}` }
    : { path, name };
}
