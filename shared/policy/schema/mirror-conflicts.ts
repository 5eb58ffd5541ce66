import { matchesGlob } from "../glob.ts";
import { globsOverlap } from "../globs-overlap.ts";
import type { Report } from "./strict-object.ts";

interface Rule {
  readonly source: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly destination: string;
}

/**
 * What can be told of the rules together before anything is pushed: one tag that two rules for the same source publish, and one public
 * repository that two private ones would fill. Errors that need the names themselves are told when the image is pushed.
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
      if (earlier.source !== rule.source && earlier.destination === rule.destination && mayCollide(earlier, rule)) {
        report(
          [index, "destination"],
          `gives a name that mirror[${before}] gives to another repository; write another one, or {repository} in both`,
        );
      }
    });
  });
}

/** Undefined for an element that other rules refuse anyway. */
function readRule(element: unknown): Rule | undefined {
  const { source, tags, destination } = (element ?? {}) as {
    source?: unknown;
    tags?: { include?: unknown; exclude?: unknown } | null;
    destination?: unknown;
  };
  if (typeof source !== "string" || typeof destination !== "string") return undefined;
  return { source, destination, include: texts(tags?.include), exclude: texts(tags?.exclude) };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((element) => typeof element === "string") : [];
}

/** The first include pattern of `rule` that may select a tag which `earlier` publishes, too. */
function sharedTags(earlier: Rule, rule: Rule): string | undefined {
  return rule.include.find((pattern) =>
    earlier.include.some(
      (other) => globsOverlap(pattern, other) && !excludes(earlier, pattern) && !excludes(rule, other),
    ),
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
