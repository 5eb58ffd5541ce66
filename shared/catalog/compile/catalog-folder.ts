import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { nearest } from "../../policy/nearest.ts";
import { checkRepositoryName } from "../../policy/repository-name.ts";
import type { CatalogFinding } from "../page-texts.ts";

/** Folder beside the policy file. */
const FOLDER = "catalog";
/** What a page's folder may hold. */
const FILES = { "about.md": "about", "usage.md": "usage", "logo.png": "logo" } as const;
const FILE_NAMES = Object.keys(FILES);
/** A public name has 205 characters at most, each second of them a "/". */
const DEEPEST = 103;

export type PageField = (typeof FILES)[keyof typeof FILES];

/** Paths of a page's files, as seen from the policy's folder. */
export type PageFiles = Partial<Record<PageField, string>>;

/**
 * Which files stand in `catalog/<public name>/` beside the policy, by public name. What is no such file is a finding each; names that begin with
 * a dot are those of tools, and passed over.
 */
export async function catalogFolder(
  directory: string,
): Promise<{ pages: Map<string, PageFiles>; findings: CatalogFinding[] }> {
  const pages = new Map<string, PageFiles>();
  const findings: CatalogFinding[] = [];
  await readFolder([]);
  return { pages, findings };

  async function readFolder(parts: readonly string[]): Promise<void> {
    const path = [FOLDER, ...parts].join("/");
    const entries = await entriesOf(join(directory, path), path);
    const files: string[] = [];
    for (const entry of entries) {
      if (entry.name.startsWith(".")) continue;
      if (entry.isDirectory() && parts.length < DEEPEST) await readFolder([...parts, entry.name]);
      else if (await leadsToFolder(directory, `${path}/${entry.name}`, entry))
        tell(
          `${path}/${entry.name}`,
          "folder-link",
          "is a link to a folder, which is not followed; put the folder there",
        );
      else files.push(entry.name);
    }
    if (files.length > 0) pageOf(parts, path, files);
  }

  async function entriesOf(folder: string, path: string): Promise<Dirent[]> {
    try {
      const entries = await readdir(folder, { withFileTypes: true });
      return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "ENOENT" && path === FOLDER) return [];
      tell(path, "folder-unreadable", `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  }

  function pageOf(parts: readonly string[], path: string, files: readonly string[]): void {
    const name = parts.join("/");
    if (name === "") {
      for (const file of files)
        tell(`${path}/${file}`, "file-place", `belongs to no repository; put it into ${FOLDER}/<public name>/`);
      return;
    }
    const broken = checkRepositoryName(name, "public");
    if (broken !== undefined) {
      tell(path, "folder-name", `is not used: ${broken}`);
      return;
    }
    for (const file of files.filter((it) => !FILE_NAMES.includes(it))) {
      const near = nearest(file, FILE_NAMES);
      const advice = near === undefined ? `only ${FILE_NAMES.join(", ")} are` : `name it ${near} if it is that`;
      tell(`${path}/${file}`, "file-unknown", `is not used; ${advice}`);
    }
    const known = Object.entries(FILES).filter(([file]) => files.includes(file));
    pages.set(name, Object.fromEntries(known.map(([file, field]) => [field, `${path}/${file}`])));
  }

  function tell(file: string, rule: string, message: string): void {
    findings.push({ file, rule, message });
  }
}

async function leadsToFolder(directory: string, path: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  try {
    return (await stat(join(directory, path))).isDirectory();
  } catch {
    // A link that leads nowhere: the file that is read then tells so.
    return false;
  }
}
