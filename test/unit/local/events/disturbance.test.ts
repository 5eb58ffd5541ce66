import { describe, expect, it, vi } from "vitest";
import { setUp } from "./bus-set-up.ts";
import { event, rule } from "./samples.ts";

describe("switches", () => {
  const is = (id: string) => (found: { id: string }) => found.id === id;

  it("drop an event", async () => {
    const { bus, notices, ids } = setUp([rule()], { switches: { drop: is("a") } });

    await bus.publish(event({ id: "a" }));
    await bus.publish(event({ id: "b" }));

    expect(ids()).toEqual(["b"]);
    expect(notices[0]).toMatchObject({ kind: "not-delivered", text: "dropped by a switch" });
  });

  it("double an event, with the same id", async () => {
    const { bus, ids } = setUp([rule()], { switches: { duplicate: is("a") } });

    await bus.publish(event({ id: "a" }));

    expect(ids()).toEqual(["a", "a"]);
  });

  it("delay an event by the clock", async () => {
    const { bus, clock, ids } = setUp([rule()], { switches: { delayMs: ({ id }) => (id === "a" ? 500 : 0) } });

    const late = bus.publish(event({ id: "a" }));
    await bus.publish(event({ id: "b" }));
    clock.advance(499);
    expect(ids()).toEqual(["b"]);
    clock.advance(1);
    await late;

    expect(ids()).toEqual(["b", "a"]);
  });

  it("reorder an event behind the next one", async () => {
    const { bus, ids } = setUp([rule()], { switches: { reorder: is("a") } });

    const held = bus.publish(event({ id: "a" }));
    await bus.publish(event({ id: "b" }));
    await held;

    expect(ids()).toEqual(["b", "a"]);
  });

  it("deliver a held event when no other comes", async () => {
    const { bus, clock, ids } = setUp([rule()], { switches: { reorder: is("a"), reorderWithinMs: 200 } });

    const held = bus.publish(event({ id: "a" }));
    clock.advance(200);
    await held;

    expect(ids()).toEqual(["a"]);
  });

  it("can be set later, and lose what waits when the bus is closed", async () => {
    const { bus, notices } = setUp([rule()]);
    bus.setSwitches({ delayMs: 1000 });

    const late = bus.publish(event());
    bus.close();
    await late;

    await vi.waitFor(() =>
      expect(notices).toMatchObject([{ kind: "not-delivered", text: "the bus was closed before its delay was over" }]),
    );
  });
});
