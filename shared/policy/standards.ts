import { isSameDocument } from "./is-same-document.ts";
import type { Encryption, Mutability, Template } from "./schema.ts";

/** The settings of a template that a repository can be compared with. */
export type Standards = Partial<
  Pick<Template, "mutability" | "scanOnPush" | "lifecyclePolicy" | "repositoryPolicy" | "tags" | "encryption">
>;

/**
 * What was read of a repository. A setting whose key is absent was not read and is not compared; a policy or tags that are there with the
 * value undefined were read, and the repository has none.
 */
export interface RepositoryState {
  readonly mutability?: { readonly mode: Mutability["mode"]; readonly exclude: readonly string[] };
  readonly scanOnPush?: boolean;
  readonly encryption?: { readonly type: Encryption["type"]; readonly kmsKey?: string };
  /** JSON text. */
  readonly lifecyclePolicy?: string | undefined;
  /** JSON text. */
  readonly repositoryPolicy?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

interface Setting<Name extends keyof Standards, Present, Wanted> {
  readonly setting: Name;
  readonly present: Present;
  readonly wanted: Wanted;
  /** Whether a write can mend it: encryption is set at creation only. */
  readonly fixable: boolean;
}

export type Difference =
  | Setting<"mutability", NonNullable<RepositoryState["mutability"]>, Mutability>
  | Setting<"scanOnPush", boolean, boolean>
  | Setting<"lifecyclePolicy" | "repositoryPolicy", string | undefined, string>
  /** Only the keys that differ: what TagResource must write, and what stands there now. */
  | Setting<"tags", Readonly<Record<string, string>>, Readonly<Record<string, string>>>
  | Setting<"encryption", NonNullable<RepositoryState["encryption"]>, Encryption>;

/**
 * Where a repository differs from its template, one entry for each setting, compared by meaning: the order of exclusions and everything
 * that `isSameDocument` bears is no difference, nor are filters beside a mode that has no use for them, nor tags that the template does
 * not name. Settings that the template does not give are not governed. Empty when the repository is at its standard.
 */
export function differences(template: Standards, state: RepositoryState): Difference[] {
  const found: Difference[] = [];
  const { mutability, scanOnPush, tags, encryption } = template;
  if (mutability && state.mutability && exclusionsOf(mutability) !== exclusionsOf(state.mutability)) {
    found.push({ setting: "mutability", present: state.mutability, wanted: mutability, fixable: true });
  }
  if (scanOnPush !== undefined && state.scanOnPush !== undefined && scanOnPush !== state.scanOnPush) {
    found.push({ setting: "scanOnPush", present: state.scanOnPush, wanted: scanOnPush, fixable: true });
  }
  for (const setting of ["lifecyclePolicy", "repositoryPolicy"] as const) {
    const wanted = template[setting];
    const present = state[setting];
    if (wanted === undefined || !(setting in state)) continue;
    if (present === undefined || !isSameDocument(present, wanted))
      found.push({ setting, present, wanted, fixable: true });
  }
  if (tags && "tags" in state) {
    const differing = Object.entries(tags).filter(([key, value]) => tagOf(state.tags, key) !== value);
    const present = differing.flatMap(([key]) => {
      const value = tagOf(state.tags, key);
      return value === undefined ? [] : [[key, value] as const];
    });
    if (differing.length > 0) {
      found.push({
        setting: "tags",
        present: Object.fromEntries(present),
        wanted: Object.fromEntries(differing),
        fixable: true,
      });
    }
  }
  if (encryption && state.encryption && !isSameEncryption(encryption, state.encryption)) {
    found.push({ setting: "encryption", present: state.encryption, wanted: encryption, fixable: false });
  }
  return found;
}

/** One line for a person: what is there, and what the policy wants. Policy documents are shortened. */
export function describeDifference(difference: Difference): string {
  switch (difference.setting) {
    case "mutability":
      return `mutability is ${inWords(difference.present)}, wanted ${inWords(difference.wanted)}`;
    case "scanOnPush":
      return `scan on push is ${onOff(difference.present)}, wanted ${onOff(difference.wanted)}`;
    case "lifecyclePolicy":
    case "repositoryPolicy": {
      const name = difference.setting === "lifecyclePolicy" ? "lifecycle policy" : "repository policy";
      const wanted = shortened(difference.wanted);
      return difference.present === undefined
        ? `${name} is missing, wanted ${wanted}`
        : `${name} is ${shortened(difference.present)}, wanted ${wanted}`;
    }
    case "tags": {
      const { present, wanted } = difference;
      const one = ([key, value]: [string, string]) =>
        `tag ${key} is ${present[key] === undefined ? "missing" : JSON.stringify(present[key])}, wanted ${JSON.stringify(value)}`;
      return Object.entries(wanted).map(one).join("; ");
    }
    case "encryption":
      return `encryption is ${keyInWords(difference.present)}, wanted ${keyInWords(difference.wanted)}; it is set at creation only, so the repository must be made anew`;
  }
}

/** The same for mutabilities that mean the same: filters count with WITH_EXCLUSION only, and in no order. */
function exclusionsOf({ mode, exclude }: NonNullable<RepositoryState["mutability"]>): string {
  return JSON.stringify(mode.endsWith("_WITH_EXCLUSION") ? [mode, ...[...new Set(exclude)].sort()] : [mode]);
}

function isSameEncryption(
  a: NonNullable<RepositoryState["encryption"]>,
  b: NonNullable<RepositoryState["encryption"]>,
): boolean {
  return a.type === b.type && (a.kmsKey ?? "") === (b.kmsKey ?? "");
}

/** Own members only: a tag may be named `constructor`. */
function tagOf(tags: Readonly<Record<string, string>> | undefined, key: string): string | undefined {
  return tags !== undefined && Object.hasOwn(tags, key) ? tags[key] : undefined;
}

function inWords({ mode, exclude }: NonNullable<RepositoryState["mutability"]>): string {
  return mode.endsWith("_WITH_EXCLUSION")
    ? `${mode.replace("_WITH_EXCLUSION", "")} except ${exclude.join(", ")}`
    : mode;
}

function onOff(value: boolean): string {
  return value ? "on" : "off";
}

function keyInWords({ type, kmsKey }: NonNullable<RepositoryState["encryption"]>): string {
  return kmsKey === undefined ? type : `${type} with ${kmsKey}`;
}

function shortened(document: string): string {
  const line = document.replace(/\s+/g, " ").trim();
  return line.length > 200 ? `${line.slice(0, 200)}… (${line.length} characters)` : line;
}
