import { describe, expect, it } from "vitest";
import { sweepMirrors } from "#shared/mirror/sweep-mirrors.ts";
import type { MirrorRule } from "#shared/policy/schema.ts";
import { mirrorRule } from "../policy/support.ts";
import { startMirrors } from "./mirrors.ts";

const SOURCE = "ecr-autopilot:source";
const deletion = { graceHours: 0, atMost: 10 };
const retention: MirrorRule["retention"] = [{ tags: "v*", newest: 1 }];
const followed = mirrorRule("team/*", "team-{name}", { deletion });
const kept = mirrorRule("team/*", "team-{name}", { deletion, retention });

/** The stack of eu-west-1, with a policy that names `publicRegion`. */
async function start(publicRegion: string, rule: MirrorRule) {
  const mirrors = await startMirrors([rule]);
  const { deps } = mirrors;
  const policy = { ...deps.policy, publicRegion };
  return {
    ...mirrors,
    /** A public repository with these tags. */
    async publish(name: string, source: string, ...tags: string[]) {
      await mirrors.create("public", name, { [SOURCE]: source });
      for (const tag of tags) await mirrors.put("public", name, { tag });
    },
    sweep: (mode: "apply" | "plan" = "apply") =>
      sweepMirrors({ ...deps, policy, remainingMs: () => 600_000 }, { mode }),
  };
}

describe("a stack that is not the one of the policy's publicRegion", () => {
  it("asks for what is not public yet, and takes nothing away", async () => {
    const mirrors = await start("us-east-1", followed);
    await mirrors.create("private", "team/web");
    const digest = await mirrors.put("private", "team/web", { tag: "v2" });
    await mirrors.publish("team-web", "eu-west-1/team/web", "v1");
    await mirrors.publish("team-gone", "eu-west-1/team/gone", "v1");

    const { counts } = await mirrors.sweep();

    expect(counts).toMatchObject({ repositories: 1, requested: 1, deleted: 0, waiting: 0 });
    expect(mirrors.requests).toEqual([{ repository: "team/web", reference: { digest } }]);
    expect(["team-web", "team-gone"].map(mirrors.published)).toEqual([["v1"], ["v1"]]);
    expect(mirrors.writes()).toEqual([]);
  });

  it("plans no deletion", async () => {
    const mirrors = await start("us-east-1", followed);
    await mirrors.publish("team-gone", "eu-west-1/team/gone", "v1");

    expect((await mirrors.sweep("plan")).plans).toEqual([]);
  });
});

describe("the stack of the policy's publicRegion", () => {
  it("clears what its own Region has published as any stack does", async () => {
    const mirrors = await start("eu-west-1", followed);
    await mirrors.publish("team-gone", "eu-west-1/team/gone", "v1");

    expect((await mirrors.sweep()).counts).toMatchObject({ deleted: 1 });
    expect(mirrors.published("team-gone")).toEqual([]);
  });

  it("applies retention to what other Regions have published, and follows none of their deletions", async () => {
    const mirrors = await start("eu-west-1", kept);
    await mirrors.publish("team-web", "us-east-1/team/web", "v1.0.0", "v2.0.0", "dev");

    const { counts } = await mirrors.sweep();

    expect(counts).toMatchObject({ repositories: 1, requested: 0, dropped: 1, deleted: 0, waiting: 0 });
    expect(mirrors.published("team-web").sort()).toEqual(["dev", "v2.0.0"]);
    expect(mirrors.decisions).toMatchObject([
      { decision: "public-tag-deleted", repository: "team/web", tag: "v1.0.0", cause: "retention" },
    ]);
    expect(await mirrors.resourceTags("team-web")).toEqual({ [SOURCE]: "us-east-1/team/web" });
  });

  it("does so once where its own registry has a repository of the same name", async () => {
    const mirrors = await start("eu-west-1", kept);
    await mirrors.create("private", "team/web");
    await mirrors.put("private", "team/web", { tag: "dev" });
    await mirrors.publish("team-web", "us-east-1/team/web", "v1.0.0", "v2.0.0");

    expect((await mirrors.sweep()).counts).toMatchObject({ dropped: 1, deleted: 0 });
  });

  it("takes nothing where no rule gives the name to that repository, or another one is published there, too", async () => {
    const mirrors = await start("eu-west-1", mirrorRule("team/**", "team-{name}", { retention }));
    await mirrors.create("private", "team/sub/web");
    await mirrors.publish("team-web", "us-east-1/team/web", "v1.0.0", "v2.0.0");
    await mirrors.publish("team-odd", "us-east-1/other/odd", "v1.0.0", "v2.0.0");
    await mirrors.publish("team-own", "us-east-1", "v1.0.0", "v2.0.0");

    const { counts } = await mirrors.sweep();

    expect(counts).toMatchObject({ dropped: 0, held: 1 });
    expect(mirrors.decisions).toMatchObject([
      { decision: "public-deletion-waits", tags: ["v1.0.0"], reason: expect.stringContaining("team/sub/web") },
    ]);
  });
});
