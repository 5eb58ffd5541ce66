import { describe, expect, it } from "vitest";
import { problemsOf, withoutPlace } from "../support.ts";

const problemsOfLimits = (section: string) => problemsOf(`version: 1\nlimits: ${section}`).map(withoutPlace);

describe("the schema of limits", () => {
  it.each(["{}", "{ sweepCallsPerSecond: 1 }", "{ sweepCallsPerSecond: 1000 }"])("accepts %s", (section) => {
    expect(problemsOfLimits(section)).toEqual([]);
  });

  it.each([
    ["{ sweepCallsPerSecond: 0 }", "limits.sweepCallsPerSecond: is 0; write 1 or more instead"],
    ["{ sweepCallsPerSecond: 1001 }", "limits.sweepCallsPerSecond: is more than 1000; write less"],
    [
      '{ sweepCallsPerSecond: "50" }',
      "limits.sweepCallsPerSecond: is text, not a number; write 50 without quotes instead",
    ],
    ["{ sweepCalls: 5 }", 'limits: unknown key "sweepCalls"; write sweepCallsPerSecond instead'],
  ])("refuses %s", (section, problem) => {
    expect(problemsOfLimits(section)).toEqual([problem]);
  });
});
