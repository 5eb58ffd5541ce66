import { describe, expect, it } from "vitest";
import { createLimiter } from "#shared/pacing/limiter.ts";

/** A limiter on a clock that stands still but for its own pauses. */
function limiterAt(perSecond: number) {
  let time = 0;
  const paused: number[] = [];
  const limiter = createLimiter({
    perSecond,
    now: () => time,
    pause: async (ms) => void paused.push(ms),
  });
  return { limiter, paused, pass: (ms: number) => (time += ms) };
}

describe("a limiter", () => {
  it("lets callers through evenly, the first at once", async () => {
    const { limiter, paused } = limiterAt(10);

    for (let call = 0; call < 4; call++) await limiter.take();

    expect(paused).toEqual([100, 200, 300]);
  });

  it("saves up nothing while nobody calls", async () => {
    const { limiter, paused, pass } = limiterAt(10);
    await limiter.take();
    pass(5_000);

    await limiter.take();
    await limiter.take();

    expect(paused).toEqual([100]);
  });

  it("halves its rate when the service complains, once for all calls that were under way", async () => {
    const { limiter, paused } = limiterAt(10);
    limiter.throttled();
    limiter.throttled();

    await limiter.take();
    await limiter.take();

    expect(paused).toEqual([200]);
  });

  it("comes back to its rate by and by", async () => {
    const { limiter, paused, pass } = limiterAt(10);
    limiter.throttled();
    for (let second = 0; second < 5; second++) {
      pass(1_000);
      await limiter.take();
    }

    await limiter.take();

    expect(paused).toEqual([100]);
  });

  it("never stops", async () => {
    const { limiter, paused, pass } = limiterAt(10);
    for (let complaint = 0; complaint < 20; complaint++) {
      limiter.throttled();
      pass(600);
    }
    await limiter.take();
    await limiter.take();

    expect(paused).toEqual([2_000]);
  });
});
