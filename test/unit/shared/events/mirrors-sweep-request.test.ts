import { describe, expect, it } from "vitest";
import { parseEnvelope } from "#shared/events/envelope.ts";
import {
  mirrorsSweepContinues,
  parseMirrorsSweepByHand,
  parseMirrorsSweepContinues,
} from "#shared/events/mirrors-sweep-request.ts";
import { noMirrorsCounts } from "#shared/mirror/mirrors-counts.ts";
import { sample } from "../../../support/events.ts";

const position = {
  part: "orphans",
  from: "token",
  after: "team-a-web",
  startedAt: "2026-06-15T12:00:00.000Z",
  invocations: 3,
  pullTimeExclusion: "present",
  counts: { ...noMirrorsCounts(), repositories: 1_200, deletedByRule: { "0": 2 } },
} as const;

/** The message with a detail of the test's own. */
function messageWith(detail: object) {
  return parseEnvelope(JSON.stringify({ ...JSON.parse(mirrorsSweepContinues(position)), detail }));
}

describe("a sweep of the mirrors that continues", () => {
  it("takes back from its message where it stood", () => {
    expect(parseMirrorsSweepContinues(parseEnvelope(mirrorsSweepContinues(position)))).toEqual(position);
  });

  it("may be of one repository", () => {
    const one = { ...position, repository: "team/web" };

    expect(parseMirrorsSweepContinues(messageWith(one))).toEqual(one);
    expect(parseMirrorsSweepByHand({ mode: "plan", repository: "team/web" })).toEqual({
      ...{ mode: "plan", repository: "team/web" },
    });
    expect(() => parseMirrorsSweepByHand({ mode: "plan", repository: "" })).toThrow("repository must not be empty");
  });

  it("begins with every other event", () => {
    expect(parseMirrorsSweepContinues(sample("schedule"))).toBeUndefined();
    expect(parseMirrorsSweepContinues(sample("stack-deployed"))).toBeUndefined();
  });

  it("may stand at the beginning of a part", () => {
    const { from: _, after: __, ...beginning } = position;

    expect(parseMirrorsSweepContinues(messageWith(beginning))).toEqual(beginning);
  });

  const { held: _, ...withoutHeld } = position.counts;
  it.each([
    ["in an unknown part", { ...position, part: "public" }, 'part must be "private" or "orphans"'],
    ["with an empty token", { ...position, from: "" }, "from must not be empty"],
    ["with a count missing", { ...position, counts: withoutHeld }, "counts.held is missing"],
    ["with a member more", { ...position, page: 2 }, "page is not known"],
    ["with a count in words", { ...position, invocations: "3" }, "invocations must be a number, not a string"],
  ])("is refused %s", (_what, detail, rule) => {
    expect(() => parseMirrorsSweepContinues(messageWith(detail))).toThrow(
      expect.objectContaining({
        code: "event-malformed",
        permanent: true,
        message: expect.stringContaining(`not a sweep of the mirrors that continues: ${rule}`),
      }),
    );
  });
});

describe("a sweep of the mirrors by hand", () => {
  it("goes on from the position of an answer", () => {
    const next = JSON.parse(JSON.stringify(position));

    expect(parseMirrorsSweepByHand({ mode: "plan", position: next })).toEqual({ mode: "plan", position });
    expect(parseMirrorsSweepByHand({ mode: "apply" })).toEqual({ mode: "apply" });
  });

  it.each([
    [{}, "mode is missing"],
    [{ mode: "plan", dryRun: true }, "dryRun is not known"],
    [null, "the event must be a object, not null"],
  ])("is refused as %j", (payload, rule) => {
    expect(() => parseMirrorsSweepByHand(payload)).toThrow(`not a sweep of the mirrors by hand: ${rule}`);
  });
});
