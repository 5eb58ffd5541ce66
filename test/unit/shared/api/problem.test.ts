import { describe, expect, it } from "vitest";
import { ApiError, OURS, problemOf } from "#shared/api/problem.ts";

describe("a problem", () => {
  it("has a type, a code and the rule that refused", () => {
    const error = new ApiError("name-refused", "'x' is short", { rule: "service" });

    expect(problemOf(error, "r1")).toEqual({
      type: "urn:ecr-autopilot:problem:name-refused",
      title: "The name breaks a rule",
      status: 422,
      detail: "'x' is short",
      code: "name-refused",
      rule: "service",
      requestId: "r1",
    });
  });

  it.each(["internal-error", "unavailable"] as const)("of ours says one sentence, whatever went wrong: %s", (code) => {
    const { detail, rule } = problemOf(new ApiError(code, "arn:aws:secret", { rule: "secret" }), "r1");

    expect([detail, rule]).toEqual([OURS, undefined]);
  });

  it("quotes no more than 2,000 characters, and no half of one", () => {
    const { detail } = problemOf(new ApiError("request-invalid", "😀".repeat(2_000)), "r1");

    expect(detail).toBe(`${"😀".repeat(999)}…`);
  });
});
