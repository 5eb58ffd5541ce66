/** Listeners to the changes of one registry. */
import type { StoreChange } from "./store.ts";

export interface Listeners {
  add(listener: (change: StoreChange) => void): () => void;
  tell(change: StoreChange): void;
}

/**
 * Each listener hears each change, in the order of telling. What a listener throws is a defect of its own: the others still hear
 * the change, then the (first) error goes to whoever told it, so that it is seen.
 */
export function createListeners(): Listeners {
  const listeners = new Set<{ readonly hear: (change: StoreChange) => void }>();
  return {
    add(hear) {
      const entry = { hear };
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    tell(change) {
      const errors: unknown[] = [];
      for (const { hear } of [...listeners]) {
        try {
          hear(change);
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
    },
  };
}
