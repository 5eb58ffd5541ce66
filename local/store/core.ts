/** What the methods of one registry share. */
import type { Backend } from "./backend.ts";
import type { SortedMap } from "./sorted-map.ts";
import type { Repository } from "./state.ts";
import { type JsonObject, type Side, type StoreChange, StoreError } from "./store.ts";

export interface Core {
  readonly side: Side;
  readonly backend: Backend;
  readonly clock: () => Date;
  readonly repositories: SortedMap<Repository>;
  readonly documents: Map<string, JsonObject>;
  /** Tells the listeners; called after each commit, in the order of commits. */
  readonly tell: (change: StoreChange) => void;
}

/** Error: repository-unknown. */
export function requireRepository(core: Core, name: string): Repository {
  const repository = core.repositories.get(name);
  if (repository === undefined) throw unknownRepository(name);
  return repository;
}

/** Runs `work` when no other commit of the repository runs. Error: repository-unknown, also when it was deleted meanwhile. */
export async function committing<T>(
  core: Core,
  name: string,
  work: (repository: Repository) => Promise<T>,
): Promise<T> {
  const repository = requireRepository(core, name);
  return repository.serial(async () => {
    if (core.repositories.get(name) !== repository) throw unknownRepository(name);
    return work(repository);
  });
}

export function unknownRepository(name: string): StoreError {
  return new StoreError("repository-unknown", `there is no repository '${name}'`, { repository: name });
}
