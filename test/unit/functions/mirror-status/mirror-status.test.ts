import { describe, expect, it } from "vitest";
import { mirrorStatus, parseMirrorStatusRequest } from "../../../../functions/mirror-status/mirror-status.ts";
import { startAsking } from "../../shared/mirror/asking-state.ts";
import { mirrorRule } from "../../shared/policy/support.ts";

const digest = `sha256:${"a".repeat(64)}`;

describe("a request for the state of tags", () => {
  it.each([
    { repository: "team-a/api" },
    { repository: "team-a/api", tag: "v1.0_x" },
    { repository: "team-a/api", digest },
    { repository: "team-a/api", from: "v1" },
  ])("is taken as %j", (request) => {
    expect(parseMirrorStatusRequest(request)).toEqual(request);
  });

  it.each([
    [{}, "repository is missing"],
    [{ repository: "Team/web" }, 'not a repository of ECR: "Team/web" contains "T"'],
    [{ repository: "team/../web" }, 'not a repository of ECR: "team/../web" has the part ".."'],
    [{ repository: "team/web", tag: "a/b" }, String.raw`tag must match /^\w[\w.-]{0,127}$/`],
    [{ repository: "team/web", digest: "sha256:abc" }, "digest must match /^sha256:[0-9a-f]{64}$/"],
    [{ repository: "team/web", tag: "v1", digest }, "tag and digest are both given"],
    [{ repository: "team/web", tags: ["v1"] }, "tags is not known"],
    [[], "must be a object, not a list"],
  ])("is refused as %j", (request, rule) => {
    expect(() => parseMirrorStatusRequest(request)).toThrow(
      expect.objectContaining({ code: "event-malformed", permanent: true, message: expect.stringContaining(rule) }),
    );
  });
});

describe("mirror-status", () => {
  it("answers with a page of states, in the time that its invocation has", async () => {
    const asking = await startAsking([mirrorRule("team/*", "team-{name}")]);
    for (const tag of ["v1", "v2"]) await asking.put(tag);
    const signal = AbortSignal.timeout(60_000);
    const ask = (remainingMs: () => number) =>
      mirrorStatus(() => asking.stateDeps, { repository: "team/web" }, { signal, remainingMs });

    expect(await ask(() => 60_000)).toMatchObject({ exists: true, states: [{ tag: "v1" }, { tag: "v2" }] });
    expect(await ask(() => 0)).toMatchObject({ states: [{ tag: "v1" }], next: "v1" });
  });
});
