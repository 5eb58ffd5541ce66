/** Catalog data of a public repository: as it comes in, as it is kept, as the API shows it. */
import type { AccountContext } from "../aws/call.ts";
import type { RepositoryRecord } from "../store/store.ts";
import { checkLogo, logoPath } from "./logo.ts";
import { settingsOf } from "./settings.ts";

interface Texts {
  readonly description?: string;
  readonly architectures?: readonly string[];
  readonly operatingSystems?: readonly string[];
  readonly aboutText?: string;
  readonly usageText?: string;
}

export interface CatalogDataInput extends Texts {
  readonly logoImageBlob?: Buffer;
}

/** Plain JSON; `logo`: the PNG in base64. */
export interface CatalogData extends Texts {
  readonly logo?: string;
}

/** Error: InvalidParameterException for a logo that is none. */
export function catalogDataOf({ logoImageBlob, ...texts }: CatalogDataInput): CatalogData {
  if (logoImageBlob === undefined) return texts;
  checkLogo(logoImageBlob);
  return { ...texts, logo: logoImageBlob.toString("base64") };
}

/**
 * The `RepositoryCatalogData` structure; empty for a repository that never had any (CLI reference of create-repository).
 * `marketplaceCertified` is not shown, as in all samples.
 */
export function describeCatalogData(account: AccountContext, record: RepositoryRecord): Record<string, unknown> {
  const { logo, ...texts } = settingsOf(record).catalogData ?? {};
  if (logo === undefined) return texts;
  return { ...texts, logoUrl: `${account.publicUrl()}${logoPath(record.name, logo)}` };
}
