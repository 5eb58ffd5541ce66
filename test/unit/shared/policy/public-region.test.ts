import { describe, expect, it } from "vitest";
import { publicSideElsewhere } from "#shared/policy/public-region.ts";

describe("the public side", () => {
  it("is looked after by every stack unless the policy names a Region, and then by the one there", () => {
    expect(publicSideElsewhere({}, "eu-west-1")).toBeUndefined();
    expect(publicSideElsewhere({ publicRegion: "eu-west-1" }, "eu-west-1")).toBeUndefined();
    expect(publicSideElsewhere({ publicRegion: "us-east-1" }, "eu-west-1")).toBe(
      "the policy names us-east-1 as publicRegion: the stack of eu-west-1 publishes, but leaves retention, deletions and gallery pages to the one there",
    );
  });
});
