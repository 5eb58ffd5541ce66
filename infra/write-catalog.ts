import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { logoFile, pageFile } from "#shared/catalog/catalog-files.ts";
import type { CompiledCatalog } from "#shared/catalog/compile/compile-catalog.ts";
import type { Policy } from "#shared/policy/schema.ts";

/** What there is to write: the pages and logos of a compiled catalog. */
export type CatalogToWrite = Pick<CompiledCatalog, "pages" | "logos">;

/**
 * Writes a compiled catalog into a folder, as `catalogFiles` reads it: one JSON file for each page, one PNG for each logo. Nothing in it depends on where or when it
 * was built. The folder is made, even for a catalog without pages.
 */
export async function writeCatalog(directory: string, { pages, logos }: CatalogToWrite): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [name, texts] of pages) await writeFile(join(directory, pageFile(name)), JSON.stringify(texts));
  for (const [sha256, bytes] of logos) await writeFile(join(directory, logoFile(sha256)), bytes);
}

/** The policy for the functions: of the pages it keeps the names, since their texts stand in files that only one function has. */
export function withoutTexts(policy: Policy): Policy {
  const repositories = policy.catalog.repositories.map(({ repository }) => ({ repository }));
  return { ...policy, catalog: { ...policy.catalog, repositories } };
}
