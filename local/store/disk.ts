/** The store that outlives its process. */
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { lockDirectory } from "./directory-lock.ts";
import { createDiskBackend } from "./disk-backend.ts";
import { loadFromDisk } from "./disk-load.ts";
import { type OpenRegistry, openRegistry } from "./registry.ts";
import type { Side, Store } from "./store.ts";

/**
 * Opens the store in `directory`, made when it is missing. Each repository is an OCI image layout in `private/NAME` or
 * `public/NAME`; uploads that were not finished and temporaries of a killed process are dropped. `clock` gives the times of pushes.
 * Errors: a damaged file, or another process that uses the store, each told in one line.
 */
export async function openDiskStore(
  directory: string,
  { clock = () => new Date() }: { clock?: () => Date } = {},
): Promise<Store> {
  const root = resolve(directory);
  await mkdir(root, { recursive: true });
  const unlock = await lockDirectory(join(root, "_process"));
  const openSide = async (side: Side): Promise<OpenRegistry> => {
    const path = join(root, side);
    return openRegistry(side, createDiskBackend(path), await loadFromDisk(path), clock);
  };
  try {
    const ours = await openSide("private");
    const everyones = await openSide("public");
    return {
      private: ours.registry,
      public: everyones.registry,
      async close() {
        await ours.close();
        await everyones.close();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}
