/** Catalog data of the registry as a whole: its display name. */
import type { AccountContext } from "../aws/call.ts";

const documentKey = "ecr-public-catalog-data";

/** The `RegistryCatalogData` structure; empty until a name was put. */
export function registryCatalogData(account: AccountContext): Record<string, unknown> {
  return { ...account.store.public.document(documentKey) };
}

/** Replaces it. AWS shows the name only for verified accounts; here it is kept for anyone. */
export async function keepRegistryCatalogData(account: AccountContext, displayName: string | undefined): Promise<void> {
  await account.store.public.putDocument(documentKey, displayName === undefined ? {} : { displayName });
}
