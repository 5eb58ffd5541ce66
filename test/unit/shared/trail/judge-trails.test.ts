import { describe, expect, it } from "vitest";
import { judgeTrails } from "#shared/trail/judge-trails.ts";
import type { TrailFacts } from "#shared/trail/read-trails.ts";

const good: TrailFacts = { trail: "good", coversRegion: true, isLogging: "yes", takesWrites: "yes" };
const stopped: TrailFacts = { ...good, trail: "stopped", isLogging: "no" };
const reads: TrailFacts = { ...good, trail: "reads", takesWrites: "no" };
const other: TrailFacts = { trail: "other", coversRegion: false, isLogging: "unknown", takesWrites: "unknown" };
const theirs: TrailFacts = { ...good, trail: "theirs", takesWrites: "unknown" };

describe("the trail of a Region", () => {
  it("is there as soon as one of several does it all", () => {
    expect(judgeTrails([stopped, theirs, good], "eu-west-1")).toEqual({
      trail: "logging",
      reason: "good is logging management events that write, in eu-west-1",
      by: "good",
      lacks: [],
    });
  });

  it.each<[string, TrailFacts[], string[], string]>([
    ["there is none", [], ["no-trail"], "no trail covers eu-west-1. "],
    ["it is not logging", [stopped], ["not-logging"], "stopped is not logging. "],
    ["it leaves out what writes", [reads], ["no-write-events"], "reads leaves out management events that write. "],
    ["it is another Region's", [other], ["other-region"], "other leaves out eu-west-1. "],
    [
      "each of several lacks something",
      [stopped, reads, { ...stopped, trail: "too" }],
      ["not-logging", "no-write-events"],
      "stopped is not logging; reads leaves out management events that write; too is not logging. ",
    ],
    [
      "one whose selectors are unknown is stopped",
      [{ ...stopped, takesWrites: "unknown" }],
      ["not-logging"],
      "stopped is",
    ],
  ])("is missing where %s", (_, trails, lacks, words) => {
    const verdict = judgeTrails(trails, "eu-west-1");

    expect(verdict).toMatchObject({ trail: "missing", lacks });
    expect(verdict.reason.startsWith(words)).toBe(true);
  });

  it.each([
    ["selectors", theirs],
    ["state", { ...theirs, isLogging: "unknown", takesWrites: "yes" } as const],
    ["state and selectors", { ...theirs, isLogging: "unknown" } as const],
  ])("is neither where the owner alone can tell its %s", (_, trail) => {
    expect(judgeTrails([stopped, trail], "eu-west-1")).toEqual({
      trail: "unknown",
      reason:
        "theirs may be logging management events that write: this account cannot tell, ask the owner of the trail",
      lacks: [],
    });
  });
});
