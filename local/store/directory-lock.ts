/** One process per store: a second one would take the first one's unfinished uploads for leftovers. */
import { readFile, rm } from "node:fs/promises";
import { writeDurably } from "./durable-file.ts";

/**
 * Marks the store as this process's; gives the function that ends that. The mark of a process that died does not count.
 * Error: when another process that lives holds it.
 */
export async function lockDirectory(path: string): Promise<() => Promise<void>> {
  const holder = Number(await readIfThere(path));
  if (holder > 0 && holder !== process.pid && isAlive(holder)) {
    throw new Error(`the store is in use by process ${holder}; if that is another program, remove ${path}`);
  }
  await writeDurably(path, String(process.pid));
  return () => rm(path, { force: true });
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and is somebody else's.
    return error instanceof Error && "code" in error && error.code !== "ESRCH";
  }
}
