import { describe, expect, it } from "vitest";
import { tagsToDrop } from "#shared/policy/retention.ts";

const now = new Date("2026-12-31T12:00:00Z");
const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * 60 * 60 * 1000);

/** Each tag of an image of its own, pushed so many days ago; undefined for a time that is not known. */
function tags(ages: Record<string, number | undefined>) {
  return Object.entries(ages).map(([tag, age], index) => ({
    tag,
    digest: `sha256:${index}`,
    ...(age !== undefined && { pushedAt: daysAgo(age) }),
  }));
}

const dropped = (...args: Parameters<typeof tagsToDrop>) => tagsToDrop(...args).map(({ tag }) => tag);

describe("tagsToDrop", () => {
  it("drops nothing without an entry", () => {
    expect(tagsToDrop({ retention: [] }, tags({ v1: 5_000 }), now)).toEqual([]);
  });

  it("lets the first entry that matches decide, and keeps what none matches", () => {
    const retention = [
      { tags: "v*", newest: 1 },
      { tags: "*-*", days: 10 },
    ];
    const present = tags({ "v1.0.0": 50, "v2.0.0": 40, "dev-1": 11, "dev-2": 9, latest: 500, "v1.0.0-rc.1": 30 });

    expect(tagsToDrop({ retention }, present, now)).toEqual([
      { tag: "v1.0.0", reason: "v* keeps the newest 1" },
      { tag: "dev-1", reason: "*-* keeps 10 days, and it was pushed 11 days ago" },
      { tag: "v1.0.0-rc.1", reason: "v* keeps the newest 1" },
    ]);
  });

  it("ranks versions by version, whenever they were pushed, and the other tags among themselves by time", () => {
    const retention = [{ tags: "*", newest: 2 }];
    const present = tags({ "1.10.0": 90, "v1.9.0": 80, "1.9.1": 1, "1.10.0-rc.1": 0, nightly: 3, v1: 2, old: 4 });

    expect(dropped({ retention }, present, now)).toEqual(["v1.9.0", "1.9.1", "old"]);
  });

  it("keeps equals together, versions and times alike", () => {
    const retention = [{ tags: "*", newest: 1 }];

    expect(dropped({ retention }, tags({ "1.0.0": 1, "v1.0.0": 2, "0.9.0": 0 }), now)).toEqual(["0.9.0"]);
    expect(dropped({ retention }, tags({ a: 5, b: 5, c: 6 }), now)).toEqual(["c"]);
  });

  it("keeps a tag whose time is not known, and does not count it as a newer one", () => {
    const present = tags({ a: undefined, b: 100, c: 200 });

    expect(dropped({ retention: [{ tags: "*", newest: 1 }] }, present, now)).toEqual(["c"]);
    expect(dropped({ retention: [{ tags: "*", days: 150 }] }, present, now)).toEqual(["c"]);
    expect(dropped({ retention: [{ tags: "*", newest: 1, days: 1 }] }, present, now)).toEqual(["c"]);
  });

  it("keeps what is exactly so many days old", () => {
    const retention = [{ tags: "*", days: 10 }];

    expect(dropped({ retention }, tags({ a: 10, b: 10.01, c: -1 }), now)).toEqual(["b"]);
  });

  it("keeps, with newest and days, what either keeps", () => {
    const retention = [{ tags: "*", newest: 1, days: 10 }];

    expect(tagsToDrop({ retention }, tags({ "3.0.0": 50, "2.0.0": 10, "1.0.0": 40.2 }), now)).toEqual([
      { tag: "1.0.0", reason: "* keeps the newest 1 and 10 days, and it was pushed 41 days ago" },
    ]);
  });

  it("drops a tag though another one, which is kept, has the same digest", () => {
    const pushedAt = daysAgo(100);
    const present = ["stable", "dev-1"].map((tag) => ({ tag, digest: "sha256:1", pushedAt }));

    expect(dropped({ retention: [{ tags: "dev-*", days: 10 }] }, present, now)).toEqual(["dev-1"]);
  });

  it("keeps signatures and the like, which belong to an image", () => {
    const subject = `sha256-${"0a".repeat(32)}`;
    const present = tags({ [`${subject}.sig`]: 500, [`${subject}.att`]: 500, [subject]: 500, "sha256-x": 500 });

    expect(dropped({ retention: [{ tags: "*", days: 10 }] }, present, now)).toEqual(["sha256-x"]);
  });

  it("is quick with as many tags as a repository may have", () => {
    const present = Array.from({ length: 100_000 }, (_, index) => ({
      tag: index % 2 === 0 ? `1.${index}.0` : `build-${index}`,
      digest: "sha256:1",
      pushedAt: daysAgo(index),
    }));

    expect(tagsToDrop({ retention: [{ tags: "*", newest: 10 }] }, present, now)).toHaveLength(99_980);
  }, 5_000);
});
