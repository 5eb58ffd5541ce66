import type { Platform } from "../policy/platforms.ts";
import type { CatalogFinding } from "./page-texts.ts";
import { visible } from "./visible.ts";

/**
 * What ECR Public shows as badges and searches by; it keeps other texts, and shows them nowhere. Older documents have the two lists the wrong
 * way round. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_RepositoryCatalogDataInput.html
 */
const OPERATING_SYSTEMS: ReadonlyMap<string, string> = new Map([
  ["linux", "Linux"],
  ["windows", "Windows"],
]);
/** By Go's names, which images use: https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties */
const ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ["arm", "ARM"],
  ["arm64", "ARM 64"],
  ["386", "x86"],
  ["amd64", "x86-64"],
]);

export interface Badges {
  /** Sorted, each once. */
  readonly architectures: readonly string[];
  readonly operatingSystems: readonly string[];
  /** One for each operating system or architecture that has no badge. */
  readonly findings: readonly CatalogFinding[];
}

/** The badges of these platforms, in any order and any number of times. Attestations (`unknown/unknown`) have none, and are no finding. */
export function badgesOf(platforms: readonly Platform[]): Badges {
  const running = platforms.filter(isRunnable);
  const systems = sorted(running.map(({ os }) => os));
  const architectures = sorted(running.map(({ architecture }) => architecture));
  return {
    architectures: sorted(architectures.map((name) => ARCHITECTURES.get(name))),
    operatingSystems: sorted(systems.map((name) => OPERATING_SYSTEMS.get(name))),
    findings: [
      ...withoutBadge("operating system", systems, OPERATING_SYSTEMS),
      ...withoutBadge("architecture", architectures, ARCHITECTURES),
    ],
  };
}

/** Whether a platform is one that something runs on: BuildKit's attestations call theirs `unknown/unknown`, artifacts have none. */
export function isRunnable({ os = "", architecture = "" }: Platform): boolean {
  return ![os, architecture].some((name) => name === "" || name === "unknown");
}

function withoutBadge(
  kind: string,
  names: readonly string[],
  badges: ReadonlyMap<string, string>,
): readonly CatalogFinding[] {
  return names
    .filter((name) => !badges.has(name))
    .map((name) => ({
      file: `platform ${visible(name, 60)}`,
      rule: "no-badge",
      message: `ECR Public has no badge for this ${kind}; it has ${[...badges.values()].join(", ")}`,
    }));
}

function sorted(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names)].filter((name) => name !== undefined).sort();
}
