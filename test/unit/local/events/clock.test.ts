import { describe, expect, it } from "vitest";
import { createManualClock, createSystemClock } from "../../../../local/events/clock.ts";

describe("the manual clock", () => {
  it("runs what falls due in the order of its time, at its time", () => {
    const clock = createManualClock(new Date(0));
    const seen: [string, number][] = [];
    const note = (name: string) => () => void seen.push([name, clock.now().getTime()]);
    clock.after(20, note("second"));
    clock.after(10, () => {
      note("first")();
      clock.after(5, note("between"));
    });
    clock.after(20, note("third"));
    clock.after(31, note("later"));

    clock.advance(30);

    expect(seen).toEqual([
      ["first", 10],
      ["between", 15],
      ["second", 20],
      ["third", 20],
    ]);
    expect(clock.now().getTime()).toBe(30);
  });

  it("does not run what was called off", () => {
    const clock = createManualClock();
    let ran = false;
    const callOff = clock.after(10, () => {
      ran = true;
    });

    callOff();
    clock.advance(10);

    expect(ran).toBe(false);
  });
});

describe("the system clock", () => {
  it("runs a task soon, and one of a month not at once", async () => {
    const clock = createSystemClock();
    let tooSoon = false;
    const callOff = clock.after(30 * 86_400_000, () => {
      tooSoon = true;
    });

    // unref'ed timers run only while something else keeps the process alive, as the test runner does.
    await new Promise<void>((resolve) => clock.after(5, resolve));
    callOff();

    expect(tooSoon).toBe(false);
  });
});
