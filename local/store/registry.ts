/** One registry over any backend. */
import type { Backend, Saved } from "./backend.ts";
import { blobMethods } from "./blobs.ts";
import type { Core } from "./core.ts";
import { imageMethods } from "./images.ts";
import { createListeners } from "./listeners.ts";
import { repositoryMethods } from "./repositories.ts";
import { openRepositories } from "./state.ts";
import type { Registry, Side } from "./store.ts";
import { interruptUpload } from "./upload.ts";
import { uploadMethods } from "./uploads.ts";

export interface OpenRegistry {
  readonly registry: Registry;
  /** Ends the uploads that are not finished and waits for what is being committed. */
  readonly close: () => Promise<void>;
}

/** `saved`: what the backend kept from before. Error: manifest-invalid for a kept manifest that does not parse. */
export function openRegistry(side: Side, backend: Backend, saved: Saved, clock: () => Date): OpenRegistry {
  const listeners = createListeners();
  const core: Core = {
    side,
    backend,
    clock,
    repositories: openRepositories(saved),
    documents: new Map(saved.documents),
    tell: listeners.tell,
  };
  const registry: Registry = {
    side,
    ...repositoryMethods(core),
    ...uploadMethods(core),
    ...blobMethods(core),
    ...imageMethods(core),
    onChange: listeners.add,
  };
  return { registry, close: () => settle(core) };
}

async function settle(core: Core): Promise<void> {
  for (const repository of core.repositories.values()) {
    for (const upload of [...repository.uploads.values()]) await interruptUpload(repository, upload);
    await repository.serial(async () => {});
  }
}
