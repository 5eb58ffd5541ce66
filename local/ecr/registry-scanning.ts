/** The registry's scanning configuration, and what it means for one repository. User guide, "Scan images". */
import type { AccountContext } from "../aws/call.ts";

export type ScanFrequency = "SCAN_ON_PUSH" | "CONTINUOUS_SCAN" | "MANUAL";

export interface ScanFilter {
  readonly filter: string;
  readonly filterType: "WILDCARD";
}

export interface ScanningConfiguration {
  readonly scanType: "BASIC" | "ENHANCED";
  readonly rules: readonly {
    readonly scanFrequency: ScanFrequency;
    readonly repositoryFilters: readonly ScanFilter[];
  }[];
}

const documentKey = "ecr-registry-scanning";

/** Basic scanning without rules until one is put. */
export function scanningConfiguration(account: AccountContext): ScanningConfiguration {
  const kept = account.store.private.document(documentKey) as Partial<ScanningConfiguration> | undefined;
  return { scanType: "BASIC", rules: [], ...kept };
}

export async function keepScanningConfiguration(
  account: AccountContext,
  configuration: ScanningConfiguration,
): Promise<void> {
  await account.store.private.putDocument(documentKey, { ...configuration });
}

/**
 * How a repository is scanned: the first rule with a filter that matches, else its own setting (deprecated, but still honoured
 * with basic scanning), else manually.
 */
export function scanningOf(
  configuration: ScanningConfiguration,
  repository: { name: string; scanOnPush: boolean },
): { scanFrequency: ScanFrequency; scanOnPush: boolean; appliedScanFilters: ScanFilter[] } {
  for (const { scanFrequency, repositoryFilters } of configuration.rules) {
    const applied = repositoryFilters.filter(({ filter }) => covers(filter, repository.name));
    if (applied.length === 0) continue;
    return { scanFrequency, scanOnPush: scanFrequency !== "MANUAL", appliedScanFilters: applied };
  }
  const scanOnPush = configuration.scanType === "BASIC" && repository.scanOnPush;
  return { scanFrequency: scanOnPush ? "SCAN_ON_PUSH" : "MANUAL", scanOnPush, appliedScanFilters: [] };
}

/** User guide, "Filters": without a `*` a filter matches every name that contains it. */
function covers(filter: string, name: string): boolean {
  if (!filter.includes("*")) return name.includes(filter);
  const source = filter
    .split("*")
    .map((part) => part.replace(/[.\\/-]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${source}$`).test(name);
}
