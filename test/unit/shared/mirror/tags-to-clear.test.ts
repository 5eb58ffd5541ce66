import { describe, expect, it } from "vitest";
import { markOf } from "#shared/mirror/missing-tags.ts";
import { type ClearingRequest, tagsToClear } from "#shared/mirror/tags-to-clear.ts";
import { mirrorRule } from "../policy/support.ts";

const now = new Date("2026-06-15T12:00:00Z");
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const SOURCE = { "ecr-autopilot:source": "eu-west-1/team/web" };
const deletion = { graceHours: 72, atMost: 100 };

/** Marks of tags that have been missing for so many hours. */
function marks(hours: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(hours).map(([tag, age]) => [markOf(tag), hoursAgo(age).toISOString()]));
}

/** `team/web`, whose private tag is `kept`, published as `web` with these tags, each pushed so many hours ago. */
function clear(published: Readonly<Record<string, number>>, parts: Partial<ClearingRequest> = {}) {
  const tags = Object.entries(published).map(
    ([tag, hours]) => [tag, { digest: `sha256:${tag}`, pushedAt: hoursAgo(hours) }] as const,
  );
  return tagsToClear({
    policy: { mirror: [mirrorRule("team/web", "web", { deletion })] },
    side: { repository: "team/web", exists: true, tags: new Set(["kept"]) },
    destination: "web",
    there: { tags: new Map(tags) },
    keeping: undefined,
    resourceTags: SOURCE,
    region: "eu-west-1",
    others: [],
    allowance: () => 100,
    now,
    ...parts,
  });
}

const named = (tags: readonly { readonly tag: string }[]) => tags.map(({ tag }) => tag);

describe("a public tag whose private tag is gone", () => {
  it("is marked with the time at which it was first missed, and waits", () => {
    const { going, waiting, marks: written } = clear({ kept: 1, v1: 1 });

    expect(going).toEqual([]);
    expect(waiting).toEqual([
      { tag: "v1", digest: "sha256:v1", rule: 0, since: now, due: new Date(now.getTime() + 72 * 3_600_000) },
    ]);
    expect(written).toEqual({ [markOf("v1")]: now.toISOString() });
  });

  it("keeps its mark, and goes once its grace is over, not before", () => {
    const resourceTags = { ...SOURCE, ...marks({ v1: 71.9, v2: 72 }) };

    const { going, waiting, marks: written, stale } = clear({ v1: 1, v2: 1 }, { resourceTags });

    expect(going).toEqual([
      {
        tag: "v2",
        digest: "sha256:v2",
        rule: 0,
        cause: "deletion",
        reason: "the tag v2 of team/web is gone, seen first at 2026-06-12T12:00:00.000Z",
      },
    ]);
    expect(named(waiting)).toEqual(["v1"]);
    expect({ written, stale }).toEqual({ written: {}, stale: [] });
  });

  it("goes at once, without a mark, where there is no grace", () => {
    const policy = { mirror: [mirrorRule("team/web", "web", { deletion: { graceHours: 0, atMost: 1 } })] };

    const { going, marks: written } = clear({ v1: 1 }, { policy });

    expect(named(going)).toEqual(["v1"]);
    expect(written).toEqual({});
  });

  it("loses its mark when it is back, or gone from the public side, too", () => {
    const resourceTags = { ...SOURCE, ...marks({ kept: 100, elsewhere: 100 }) };

    const { going, stale } = clear({ kept: 1 }, { resourceTags });

    expect(going).toEqual([]);
    expect([...stale].sort()).toEqual([markOf("kept"), markOf("elsewhere")].sort());
  });

  it.each([
    ["no time", "soon"],
    ["a time in the future", "2027-01-01T00:00:00.000Z"],
  ])("is marked anew where its mark holds %s", (_what, value) => {
    const { going, marks: written } = clear({ v1: 1 }, { resourceTags: { ...SOURCE, [markOf("v1")]: value } });

    expect(going).toEqual([]);
    expect(written).toEqual({ [markOf("v1")]: now.toISOString() });
  });

  it("has one of 40 marks, or of what others have left of 50 resource tags", () => {
    const published = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`v${index}`, 1]));
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, ""]));
    const size = (resourceTags: Record<string, string>) => Object.keys(clear(published, { resourceTags }).marks).length;

    expect(size(SOURCE)).toBe(40);
    expect(size({ ...SOURCE, ...marks({ v0: 1, v1: 1 }) })).toBe(38);
    expect(size({ ...SOURCE, ...many(29) })).toBe(20);
    expect(size({ ...SOURCE, ...many(49) })).toBe(0);
    expect(size({ ...SOURCE, ...many(48), ...marks({ old: 1 }) })).toBe(1);
  });

  it("is deleted only within what its rule may still delete, the longest missing first", () => {
    const resourceTags = { ...SOURCE, ...marks({ v1: 80, v2: 100, v3: 90 }) };

    const { going, waiting } = clear({ v1: 1, v2: 1, v3: 1 }, { resourceTags, allowance: () => 2 });

    expect(named(going)).toEqual(["v2", "v3"]);
    expect(named(waiting)).toEqual(["v1"]);
  });

  it("stays where no rule selects it, where one that selects it holds it for ever, and as a signature", () => {
    const companion = `sha256-${"0".repeat(64)}.sig`;
    const resourceTags = { ...SOURCE, ...marks({ v1: 100, dev: 100, [companion]: 100 }) };
    const followed = mirrorRule("team/web", "web", { tags: { include: ["v*"] }, deletion });
    const held = mirrorRule("team/*", "web", { tags: { include: ["v1*"], latest: 1 } });

    const plain = clear({ v1: 1, dev: 1, [companion]: 1 }, { resourceTags, policy: { mirror: [followed] } });
    const both = clear({ v1: 1 }, { resourceTags, policy: { mirror: [held, followed] } });
    const removed = clear({ v1: 1 }, { resourceTags, policy: { mirror: [] } });

    expect(named(plain.going)).toEqual(["v1"]);
    expect(both.going).toEqual([]);
    expect(removed.going).toEqual([]);
  });
});

describe("in doubt", () => {
  const resourceTags = { ...SOURCE, ...marks({ v1: 100 }) };
  const retention = [{ tags: "v*", newest: 1 }];

  it("nothing is deleted for a private repository that answers with no tag", () => {
    const side = { repository: "team/web", exists: true, tags: new Set<string>() };

    expect(clear({ v1: 1 }, { resourceTags, side })).toEqual({
      going: [],
      waiting: [],
      held: [{ tags: ["v1"], reason: "team/web is there and answers with no tag at all, which may be a mistake" }],
      marks: {},
      stale: [],
    });
  });

  it("a private repository that is gone is no doubt", () => {
    const side = { repository: "team/web", exists: false, tags: new Set<string>() };

    expect(clear({ v1: 1 }, { resourceTags, side }).going).toMatchObject([
      { tag: "v1", reason: "the repository team/web is gone, seen first at 2026-06-11T08:00:00.000Z" },
    ]);
  });

  it("no deletion is followed in a public repository that does not say where it comes from, and retention is", () => {
    const keeping = { retention };

    const { going, held } = clear({ v1: 3, v2: 2, kept: 1 }, { resourceTags: {}, keeping });

    expect(named(going)).toEqual(["v1"]);
    expect(held).toEqual([
      { tags: ["v2"], reason: expect.stringContaining("has no resource tag ecr-autopilot:source") },
    ]);
  });

  it("nothing goes from a public repository that was made for another private one", () => {
    const keeping = { retention };
    const other = { ...marks({ v1: 100, kept: 1 }), "ecr-autopilot:source": "eu-west-1/team/other" };

    expect(clear({ v1: 2, v2: 1 }, { resourceTags: other, keeping })).toEqual({
      going: [],
      waiting: [],
      held: [],
      marks: {},
      stale: [],
    });
  });

  it("nothing goes from a public repository that several private ones fill", () => {
    const { going, held } = clear({ v1: 2, v2: 1 }, { resourceTags, keeping: { retention }, others: ["team/two"] });

    expect(going).toEqual([]);
    expect(held).toEqual([
      { tags: ["v1", "v2"], reason: "web is also published from team/two, so nobody knows whose tags these are" },
    ]);
  });
});

describe("retention", () => {
  it("takes the oldest first, a hundred in one run, before deletions", () => {
    const published = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`v${index}`, index]));
    const resourceTags = { ...SOURCE, ...marks({ v0: 100 }) };

    const { going } = clear(published, { resourceTags, keeping: { retention: [{ tags: "v*", days: 1 }] } });

    expect(going).toHaveLength(100);
    expect(going[0]).toEqual({
      tag: "v149",
      digest: "sha256:v149",
      cause: "retention",
      reason: "v* keeps 1 days, and it was pushed 7 days ago",
    });
    expect(new Set(going.map(({ cause }) => cause))).toEqual(new Set(["retention"]));
  });
});
