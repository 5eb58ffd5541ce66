/** The store of a run that nothing outlives. */
import { createMemoryBackend } from "./memory-backend.ts";
import { openRegistry } from "./registry.ts";
import type { Store } from "./store.ts";

/** An empty store; `clock` gives the times of pushes. */
export function createMemoryStore({ clock = () => new Date() }: { clock?: () => Date } = {}): Store {
  const nothing = { repositories: [], documents: new Map() };
  const ours = openRegistry("private", createMemoryBackend(), nothing, clock);
  const everyones = openRegistry("public", createMemoryBackend(), nothing, clock);
  return {
    private: ours.registry,
    public: everyones.registry,
    async close() {
      await ours.close();
      await everyones.close();
    },
  };
}
