import { describe, expect, it } from "vitest";
import { chainOf, createChains, traceHeader } from "../../../../local/events/chains.ts";

const now = new Date("2026-03-02T08:15:00Z");

describe("trace headers", () => {
  it("carry the count in X-Ray's form", () => {
    const header = traceHeader(3, now);

    expect(header).toMatch(/^Root=1-69a54704-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0;Lineage=1:[0-9a-f]{8}:3$/);
    expect(chainOf(header)).toBe(3);
  });

  it("count 0 without a lineage", () => {
    expect([chainOf(undefined), chainOf("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1")]).toEqual([0, 0]);
  });
});

describe("chains", () => {
  it("count one more for what an invocation causes, and 0 for anybody else", () => {
    const chains = createChains();
    chains.began("ASIAONE", traceHeader(2, now));
    chains.began("ASIATWO", undefined);

    expect([chains.causedBy("ASIAONE"), chains.causedBy("ASIATWO"), chains.causedBy("AKIAUSER")]).toEqual([3, 1, 0]);
  });

  it("count one more for a message, but for one of a function that is allowed to loop", () => {
    const chains = createChains();
    chains.began("ASIAONE", traceHeader(2, now));
    chains.began("ASIATWO", traceHeader(2, now), { allowsLoops: true });

    expect([chains.sentBy("ASIAONE"), chains.sentBy("ASIATWO"), chains.sentBy("AKIAUSER")]).toEqual([3, 2, undefined]);
    expect(chains.causedBy("ASIATWO")).toBe(3);
  });

  it("forget the earlier invocation of the same sandbox", () => {
    const chains = createChains();
    chains.began("ASIAONE", traceHeader(7, now));
    chains.began("ASIAONE", traceHeader(0, now));

    expect(chains.causedBy("ASIAONE")).toBe(1);
  });
});
