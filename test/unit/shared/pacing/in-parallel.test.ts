import { describe, expect, it } from "vitest";
import { inParallel } from "#shared/pacing/in-parallel.ts";

/** Work that ends when it is told to. */
function deferred() {
  const ends = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  const begun: number[] = [];
  const work = (item: number): Promise<void> => {
    begun.push(item);
    return new Promise((resolve, reject) => ends.set(item, { resolve, reject }));
  };
  return {
    begun,
    work,
    end: (item: number) => ends.get(item)?.resolve(),
    fail: (item: number, error: Error) => ends.get(item)?.reject(error),
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("work in parallel", () => {
  it("is begun in order, never more than the limit at once", async () => {
    const { begun, work, end } = deferred();
    const all = inParallel([1, 2, 3, 4], 2, work);

    expect(begun).toEqual([1, 2]);
    end(2);
    await turn();
    expect(begun).toEqual([1, 2, 3]);
    for (const item of [1, 3]) end(item);
    await turn();
    end(4);

    await all;
    expect(begun).toEqual([1, 2, 3, 4]);
  });

  it("raises the first failure once what was under way has ended, and begins nothing more", async () => {
    const { begun, work, end, fail } = deferred();
    let ended = false;
    const all = inParallel([1, 2, 3], 2, work).finally(() => {
      ended = true;
    });
    all.catch(() => {});

    fail(1, new Error("first"));
    await turn();
    expect(ended).toBe(false);
    end(2);

    await expect(all).rejects.toThrow("first");
    expect(begun).toEqual([1, 2]);
  });

  it("of nothing is done", async () => {
    await expect(inParallel([], 4, () => Promise.reject(new Error("never")))).resolves.toBeUndefined();
  });
});
