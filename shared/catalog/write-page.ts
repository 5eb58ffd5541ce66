import type { ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import { getPublicCatalogData, type PublicCatalogData, putPublicCatalogData } from "../ecr/public-catalog.ts";
import { AutopilotError } from "../errors.ts";
import type { CatalogFiles } from "./catalog-files.ts";
import { pageDifferences } from "./page-differences.ts";
import type { CatalogFinding } from "./page-texts.ts";
import type { WantedPage } from "./published.ts";

export interface WritePageDeps {
  readonly publicEcr: ECRPUBLICClient;
  readonly files: Pick<CatalogFiles, "logo">;
  /** The logo at an address that ECR Public told; undefined where there is none to be had. */
  readonly presentLogo: (address: string) => Promise<Uint8Array | undefined>;
}

export interface WrittenPage {
  /** What ECR Public says after the write. */
  readonly standing: PublicCatalogData;
  readonly findings: readonly CatalogFinding[];
}

/**
 * Writes every field of a page, and its logo: the policy's, or else the one that stands there, which a write without it might take away. Reads
 * the page again; what ECR Public keeps differently is a finding. Undefined when the repository is gone.
 *
 * A logo that ECR Public refuses is a finding, and the page is written without it. Errors: AutopilotError.
 */
export async function writePage(
  { publicEcr, files, presentLogo }: WritePageDeps,
  name: string,
  { logo: wanted, ...page }: WantedPage,
  logoUrl: string | undefined,
): Promise<WrittenPage | undefined> {
  const findings: CatalogFinding[] = [];
  const tell = (rule: string, message: string) => findings.push({ file: "logo", rule, message });
  const shown = async () => {
    const logo = logoUrl === undefined ? undefined : await presentLogo(logoUrl);
    if (logoUrl !== undefined && logo === undefined) {
      tell("logo-unreadable", "the logo that the page shows could not be read, and was not sent with the rest");
    }
    return logo;
  };
  const put = (logo: Uint8Array | undefined) =>
    putPublicCatalogData(publicEcr, name, { ...page, ...(logo !== undefined && { logo }) });

  let isThere: boolean;
  try {
    isThere = await put(wanted === undefined ? await shown() : await files.logo(wanted.sha256));
  } catch (error) {
    if (wanted === undefined || !(error instanceof AutopilotError) || error.code !== "ecr-invalid") throw error;
    isThere = await put(await shown());
    tell("logo-refused", `ECR Public does not take the page with the policy's logo: ${error.message}`);
  }
  const standing = isThere ? await getPublicCatalogData(publicEcr, name) : undefined;
  if (standing === undefined) return undefined;
  for (const { field, words } of pageDifferences({ ...page }, standing, undefined)) {
    findings.push({
      file: field,
      rule: "kept-differently",
      message: `ECR Public keeps other than was written: ${words}`,
    });
  }
  return { standing, findings };
}
