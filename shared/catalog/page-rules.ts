import { destinationsOf } from "../mirror/destinations-of.ts";
import { sourceAnywhere, sourceOf } from "../mirror/source-tag.ts";
import type { MirrorRule, Policy } from "../policy/schema.ts";
import type { Published } from "./published.ts";

export interface PageRulesDeps {
  readonly policy: Pick<Policy, "mirror" | "publicRegion">;
  /** Of the private registry. */
  readonly region: string;
  /** Private repositories that the rules publish to a destination. */
  readonly sourcesOf: (destination: string) => Promise<readonly string[]>;
}

/**
 * The mirror rules that lead to a public repository, in the policy's order; `elsewhere` for one that the mirror of another Region has
 * made, unless the policy has the pages of all Regions looked after from here.
 *
 * Its resource tag tells the private repository, so that the answer is the same whatever the occasion; only one without the tag, or
 * whose private repository is published elsewhere by now, costs a list of all private repositories.
 */
export async function rulesOfPage(
  { policy, region, sourcesOf }: PageRulesDeps,
  name: string,
  tags: Readonly<Record<string, string>>,
): Promise<readonly MirrorRule[] | "elsewhere"> {
  const source = sourceOf(region, tags);
  if (source === "elsewhere") {
    return policy.publicRegion === undefined ? source : rulesFrom(policy, name, [sourceAnywhere(tags) ?? ""]);
  }
  const told = source === undefined ? [] : rulesFrom(policy, name, [source]);
  return told.length > 0 ? told : rulesFrom(policy, name, await sourcesOf(name));
}

function rulesFrom(policy: Pick<Policy, "mirror">, name: string, sources: readonly string[]): MirrorRule[] {
  const leading = new Map(
    sources
      .flatMap((source) => destinationsOf(policy, source).get(name) ?? [])
      .map(({ index, rule }) => [index, rule] as const),
  );
  return [...leading].sort(([one], [other]) => one - other).map(([, rule]) => rule);
}

/** The keys by which signatures of what the rules publish are checked, each once. */
export function keysOf(rules: readonly MirrorRule[]): Published["keys"] {
  const keys = rules.flatMap(({ gates }) => gates.signature?.keys ?? []);
  return keys.filter(({ pem }, index) => keys.findIndex((key) => key.pem === pem) === index);
}
