/** A semantic version. Identifiers of the pre-release that are all digits are numbers; build metadata cannot stand in a tag. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly prerelease: readonly (string | number)[];
}

/** One bound of a range, as the policy's build compiles it. */
export interface Comparator {
  readonly op: "<" | "<=" | ">" | ">=" | "=";
  readonly version: Version;
}

/**
 * The version that a tag names, with or without a "v" before it; undefined for every other tag. Strict, as the package semver is: three
 * numbers, none with a zero before it. https://semver.org/#backusnaur-form-grammar-for-valid-semver-versions
 */
export function parseVersion(tag: string): Version | undefined {
  const [, numbers = "", suffix] = /^v?([0-9.]+)(?:-(.*))?$/.exec(tag) ?? [];
  const [major, minor, patch, ...more] = numbers.split(".").map(identifier);
  const prerelease = suffix?.split(".").map(identifier) ?? [];
  if (!isNumber(major) || !isNumber(minor) || !isNumber(patch) || more.length > 0) return undefined;
  return prerelease.every((part) => part !== undefined) ? { major, minor, patch, prerelease } : undefined;
}

/** Negative when `a` comes before `b`, 0 when neither does, positive else. https://semver.org/#spec-item-11 */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparePrereleases(a.prerelease, b.prerelease);
}

/**
 * Whether a version is in a range: within all bounds of one of its alternatives. A pre-release is only where a bound of that alternative is
 * a pre-release of the same version, as in npm: who asks for >=1.2.0 does not ask for 2.0.0-alpha.
 */
export function satisfies(version: Version, alternatives: readonly (readonly Comparator[])[]): boolean {
  return alternatives.some(
    (bounds) =>
      bounds.every((bound) => {
        const order = compareVersions(version, bound.version);
        return bound.op.includes(order < 0 ? "<" : order > 0 ? ">" : "=");
      }) &&
      (version.prerelease.length === 0 ||
        bounds.some(
          (bound) =>
            bound.version.prerelease.length > 0 &&
            compareVersions({ ...bound.version, prerelease: version.prerelease }, version) === 0,
        )),
  );
}

/** Undefined for what no version may hold: nothing at all, a zero before other digits, another character. */
function identifier(text: string): string | number | undefined {
  if (/^(0|[1-9][0-9]*)$/.test(text)) return Number(text);
  return /^[0-9]*[a-z-][0-9a-z-]*$/i.test(text) ? text : undefined;
}

function isNumber(part: string | number | undefined): part is number {
  return Number.isSafeInteger(part);
}

/** None comes after any; else by the first identifiers that differ, numbers before words, and what is over comes after. */
function comparePrereleases(a: Version["prerelease"], b: Version["prerelease"]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  const at = a.findIndex((part, index) => part !== b[index]);
  const [one, other] = [a[at], b[at]];
  if (one === undefined || other === undefined) return a.length - b.length;
  if (typeof one !== typeof other) return typeof one === "number" ? -1 : 1;
  return one < other ? -1 : 1;
}
