import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { amongNewest } from "#shared/policy/newest.ts";

const byNumber = (a: number, b: number) => a - b;

describe("amongNewest", () => {
  it("tells the newest of all, equals together", () => {
    expect([5, 4, 3, 3, 1].filter(amongNewest([3, 1, 5, 3, 4], 3, byNumber))).toEqual([5, 4, 3, 3]);
    expect([5, 4].filter(amongNewest([5, 4], 3, byNumber))).toEqual([5, 4]);
  });

  it("takes in exactly those with fewer than so many that are newer", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9)), fc.integer({ min: 1, max: 9 }), (all, count) => {
        const isNewest = amongNewest(all, count, byNumber);
        for (const one of all) expect(isNewest(one)).toBe(all.filter((other) => other > one).length < count);
      }),
    );
  });
});
