import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PageTexts } from "./page-texts.ts";

/** What the build wrote of the policy's pages; read when it is asked for. */
export interface CatalogFiles {
  /** Of a public repository's name; undefined when the policy says nothing of its page. */
  readonly texts: (name: string) => Promise<PageTexts | undefined>;
  /** The PNG of a page's `logo.sha256`. Errors: those of reading a file, since a logo that is named is there. */
  readonly logo: (sha256: string) => Promise<Uint8Array>;
  /** The public repositories of which the policy says something, sorted. */
  readonly names: () => Promise<string[]>;
}

/**
 * Reads the folder that the build puts beside the code (`infra/write-catalog.ts`). Takes its path; a folder that is not there is an
 * empty one, since a policy need not have a catalog.
 */
export function catalogFiles(directory: string): CatalogFiles {
  return {
    texts: async (name) => {
      const text = await orNothing(readFile(join(directory, pageFile(name)), "utf8"));
      return text === undefined ? undefined : (JSON.parse(text) as PageTexts);
    },
    logo: (sha256) => readFile(join(directory, logoFile(sha256))),
    names: async () => {
      const files = (await orNothing(readdir(directory))) ?? [];
      return files
        .filter((file) => file.endsWith(PAGE))
        .map((file) => decodeURIComponent(file.slice(0, -PAGE.length)))
        .sort();
    },
  };
}

const PAGE = ".json";

/** Name of the file with a page's texts: the repository's name, with %2F for each "/". */
export function pageFile(name: string): string {
  return `${encodeURIComponent(name)}${PAGE}`;
}

/** Name of the file with a logo. */
export function logoFile(sha256: string): string {
  return `${encodeURIComponent(sha256)}.png`;
}

async function orNothing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
