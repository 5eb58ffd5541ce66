import { describe, expect, it } from "vitest";
import { controlsThatFlag } from "#shared/policy/external-controls.ts";

describe("controlsThatFlag", () => {
  it("names none for IMMUTABLE", () => {
    expect(controlsThatFlag("IMMUTABLE")).toEqual([]);
  });

  it.each(["MUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION"] as const)(
    "names all three for %s",
    (mode) => {
      expect(controlsThatFlag(mode)).toEqual([
        "Security Hub ECR.2",
        "Config ecr-private-tag-immutability-enabled",
        "Control Tower CT.ECR.PR.3",
      ]);
    },
  );
});
