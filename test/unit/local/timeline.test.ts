import { describe, expect, it } from "vitest";
import { createTimeline } from "../../../local/timeline.ts";

const entry = (what: string) => ({
  kind: "call" as const,
  who: "x",
  what,
  repository: undefined,
  text: undefined,
  facts: {},
});
const clock = () => new Date("2026-03-02T08:00:00Z");

describe("the timeline", () => {
  it("numbers its entries from 1, and gives those after a number", () => {
    const timeline = createTimeline(clock);
    for (const what of ["a", "b", "c"]) timeline.add(entry(what));

    expect(timeline.after(1).map(({ sequence, what }) => [sequence, what])).toEqual([
      [2, "b"],
      [3, "c"],
    ]);
    expect(timeline.last()).toBe(3);
  });

  it("waits for an entry that has not come yet", async () => {
    const timeline = createTimeline(clock);
    timeline.add(entry("b"));

    const waited = timeline.until("b", { after: 1, timeoutMs: 1000 }, ({ what }) => what === "b");
    timeline.add(entry("a"));
    timeline.add(entry("b"));

    expect((await waited).sequence).toBe(3);
  });

  it("says what it waited for in vain", async () => {
    const waited = createTimeline(clock).until("the end of the world", { after: 0, timeoutMs: 10 }, () => true);

    await expect(waited).rejects.toThrow("within 0.01 s nobody saw: the end of the world");
  });

  it("lets old entries go, and keeps the newest", () => {
    const timeline = createTimeline(clock);
    for (let number = 1; number <= 25_000; number++) timeline.add(entry(String(number)));

    const kept = timeline.after(0);
    expect(kept.length).toBeLessThanOrEqual(20_000);
    expect(kept.at(-1)?.what).toBe("25000");
  });
});
