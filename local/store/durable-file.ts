/** Files that are whole or not there, whenever the process dies. */
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Ends the name of every temporary; no repository, tag or blob can have it. */
export const temporarySuffix = "~";

/** Replaces the file in one step: temporary, fsync, rename, fsync of the directory. One writer per path at a time. */
export async function writeDurably(path: string, content: string | Buffer): Promise<void> {
  const temporary = `${path}${temporarySuffix}`;
  const file = await open(temporary, "w");
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await renameDurably(temporary, path);
}

/** Renames within one file system; on return the new name survives. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncDirectory(dirname(to));
}

/** Removes a file that may be gone already; on return it stays gone. */
export async function removeDurably(path: string): Promise<void> {
  await rm(path, { force: true });
  await syncDirectory(dirname(path));
}

/** Makes the names in a directory survive. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
