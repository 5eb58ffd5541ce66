import { describe, expect, it } from "vitest";
import type { EventEnvelope } from "../../../local/events/event.ts";
import { tellEvent } from "../../../local/narrate.ts";

function ownEvent(what: string, detail: Record<string, unknown>): EventEnvelope {
  return {
    version: "0",
    id: "1",
    "detail-type": what,
    source: "ecr-autopilot",
    account: "123456789012",
    time: "2026-03-02T08:00:00Z",
    region: "eu-west-1",
    resources: [],
    detail: { version: 1, function: "reconcile-repositories", ...detail },
  };
}

describe("an event of this project", () => {
  it("is told with its repository, its reason and who made it necessary", () => {
    const changedBy = "arn:aws:iam::123456789012:user/alice";
    const event = ownEvent("Drift Put Back", { repository: "team-a/web", reason: "mutability is MUTABLE", changedBy });

    expect(tellEvent(event)).toEqual({
      kind: "event",
      who: "ecr-autopilot",
      what: "Drift Put Back",
      repository: "team-a/web",
      text: "Drift Put Back: mutability is MUTABLE",
      facts: { event, changedBy },
    });
  });

  it("is told with its counts where a sweep has ended", () => {
    const event = ownEvent("Sweep Finished", {
      repositories: 100,
      conforming: 99,
      putBack: 1,
      failed: 0,
      durationMs: 7,
    });

    expect(tellEvent(event)).toMatchObject({
      repository: undefined,
      text: "Sweep Finished: 100 repositories, 99 conforming, 1 put back",
    });
  });

  it("is told by its name alone where it says nothing else", () => {
    expect(tellEvent(ownEvent("Repository Created", { reason: 7 })).text).toBe("Repository Created");
  });
});
