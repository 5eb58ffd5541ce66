/** A map whose keys can be listed in order, a page at a time. */

export interface Page {
  readonly after?: string;
  readonly limit?: number;
}

export interface SortedMap<Value> {
  readonly size: number;
  get(key: string): Value | undefined;
  has(key: string): boolean;
  set(key: string, value: Value): void;
  delete(key: string): void;
  /** By UTF-16 code unit, the first greater than `after`, at most `limit`. */
  keys(page?: Page): string[];
  /** Values in the order of their keys. */
  values(page?: Page): Value[];
}

/** Sorts when it is first listed after a key came or went, so that many listings cost one sort. */
export function createSortedMap<Value>(): SortedMap<Value> {
  const map = new Map<string, Value>();
  let sorted: string[] | undefined;

  function keys({ after, limit }: Page = {}): string[] {
    sorted ??= [...map.keys()].sort();
    const start = after === undefined ? 0 : firstGreater(sorted, after);
    return sorted.slice(start, limit === undefined ? undefined : start + limit);
  }

  return {
    get size() {
      return map.size;
    },
    get: (key) => map.get(key),
    has: (key) => map.has(key),
    set(key, value) {
      if (!map.has(key)) sorted = undefined;
      map.set(key, value);
    },
    delete(key) {
      if (map.delete(key)) sorted = undefined;
    },
    keys,
    values: (page) => keys(page).map((key) => map.get(key) as Value),
  };
}

function firstGreater(sorted: readonly string[], after: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? "") > after) high = middle;
    else low = middle + 1;
  }
  return low;
}
