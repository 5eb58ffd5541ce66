import { describe, expect, it } from "vitest";
import { parseEnvelope } from "#shared/events/envelope.ts";
import { parseSweepByHand, parseSweepContinues, sweepContinues } from "#shared/events/sweep-request.ts";
import { noCounts } from "#shared/standards/sweep-counts.ts";
import { sample } from "../../../support/events.ts";

const position = {
  from: "token",
  startedAt: "2026-06-15T12:00:00.000Z",
  invocations: 3,
  counts: {
    ...noCounts(),
    repositories: 1_200,
    putBack: 2,
    writes: { tags: 2 },
    flaggedBy: { "Security Hub ECR.2": 7 },
  },
};

/** The message with a detail of the test's own. */
function messageWith(detail: object) {
  return parseEnvelope(JSON.stringify({ ...JSON.parse(sweepContinues(position)), detail }));
}

describe("a sweep that continues", () => {
  it("takes back from its message where it stood", () => {
    expect(parseSweepContinues(parseEnvelope(sweepContinues(position)))).toEqual(position);
  });

  it("begins with every other event", () => {
    expect(parseSweepContinues(sample("schedule"))).toBeUndefined();
    expect(parseSweepContinues(sample("stack-deployed"))).toBeUndefined();
  });

  it("takes the counts of a sweep that has seen nothing, so that none is missing in the schema", () => {
    const fresh = { ...position, counts: noCounts() };

    expect(parseSweepContinues(messageWith(fresh))).toEqual(fresh);
  });

  it("may stand before the first page", () => {
    const { from: _, ...withoutFrom } = position;

    expect(parseSweepContinues(messageWith(withoutFrom))).toEqual(withoutFrom);
  });

  const { gone: __, ...withoutGone } = position.counts;
  it.each([
    ["with an empty token", { ...position, from: "" }, "from must not be empty"],
    ["with a count missing", { ...position, counts: withoutGone }, "counts.gone is missing"],
    ["with a member more", { ...position, page: 2 }, "page is not known"],
    ["with a count more", { ...position, counts: { ...position.counts, lost: 1 } }, "counts.lost is not known"],
    ["with a count in words", { ...position, invocations: "3" }, "invocations must be a number, not a string"],
    [
      "of no time",
      { ...position, startedAt: "yesterday" },
      String.raw`startedAt must match /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/`,
    ],
  ])("is refused %s", (_what, detail, rule) => {
    expect(() => parseSweepContinues(messageWith(detail))).toThrow(
      expect.objectContaining({
        code: "event-malformed",
        permanent: true,
        message: expect.stringContaining(`not a sweep that continues: ${rule}`),
      }),
    );
  });
});

describe("a sweep by hand", () => {
  it("goes on from the position of an answer", () => {
    const next = JSON.parse(JSON.stringify(position));

    expect(parseSweepByHand({ mode: "plan", position: next })).toEqual({ mode: "plan", position });
    expect(parseSweepByHand({ mode: "apply" })).toEqual({ mode: "apply" });
  });

  it.each([
    [{}, "mode is missing"],
    [{ mode: "destroy" }, 'mode must be "apply" or "plan"'],
    [{ mode: "plan", dryRun: true }, "dryRun is not known"],
    [{ mode: "plan", position: "token" }, "position must be a object, not a string"],
    [{ mode: "plan", position: { ...position, counts: {} } }, "position.counts.repositories is missing; "],
    [null, "the event must be a object, not null"],
    [[], "the event must be a object, not a list"],
  ])("is refused as %j", (payload, rule) => {
    expect(() => parseSweepByHand(payload)).toThrow(`not a sweep by hand: ${rule}`);
  });
});
