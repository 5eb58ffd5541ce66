import { describe, expect, it } from "vitest";
import { markOf } from "#shared/mirror/missing-tags.ts";
import { mirrorRule } from "../policy/support.ts";
import { awsError, startMirrors } from "./mirrors.ts";

const SOURCE = "ecr-autopilot:source";
const deletion = { graceHours: 0, atMost: 10 };
const followed = mirrorRule("team/*", "team-{name}", { deletion });

describe("a deletion that is followed", () => {
  /** `team/web` with the tag `kept`, and `team-web` with `kept` and `v1`. */
  async function start(rules = [followed], before?: Parameters<typeof startMirrors>[1]) {
    const mirrors = await startMirrors(rules, before);
    await mirrors.create("private", "team/web");
    await mirrors.create("public", "team-web", { [SOURCE]: "eu-west-1/team/web" });
    await mirrors.put("both", "team/web", { tag: "kept" });
    await mirrors.put("public", "team-web", { tag: "v1" });
    return mirrors;
  }

  it("is told tag by tag, with the reason", async () => {
    const mirrors = await start();

    const { counts } = await mirrors.sweep();

    expect(counts).toMatchObject({ deleted: 1, held: 0, failed: 0 });
    expect(mirrors.decisions).toEqual([
      {
        decision: "public-tag-deleted",
        repository: "team/web",
        destination: "team-web",
        tag: "v1",
        digest: expect.stringMatching(/^sha256:/),
        cause: "deletion",
        reason: expect.stringMatching(/^the tag v1 of team\/web is gone, seen first at 2/),
      },
    ]);
    expect(mirrors.published("team-web")).toEqual(["kept"]);
  });

  it.each([
    ["DescribeImages", "team/web", 1],
    ["public DescribeImages", "team-web", 1],
    // Asked of the public repository by itself, too.
    ["public ListTagsForResource", "team-web", 2],
  ])("is not while %s of %s fails", async (operation, repository, failed) => {
    const mirrors = await start([followed], (call) => {
      if (call.operation === operation && call.repository === repository) throw awsError("ServerException");
    });

    expect((await mirrors.sweep()).counts).toMatchObject({ deleted: 0, failed });
    expect(mirrors.writes()).toEqual([]);
  });

  it("is not where another private repository is published to the same one", async () => {
    const mirrors = await start([followed, mirrorRule("elsewhere/*", "team-web")]);
    await mirrors.create("private", "elsewhere/one");

    const { counts } = await mirrors.sweep();

    expect(counts).toMatchObject({ deleted: 0, held: 1 });
    expect(mirrors.decisions).toMatchObject([
      { decision: "public-deletion-waits", tags: ["v1"], reason: expect.stringContaining("elsewhere/one") },
    ]);
    expect(mirrors.writes()).toEqual([]);
  });

  it("does not take for gone what is in the registry of another Region: ECR Public is one for all of them", async () => {
    const mirrors = await start([mirrorRule("team/*", "team-{name}", { deletion: { graceHours: 0, atMost: 9 } })]);
    await mirrors.create("public", "team-api", { [SOURCE]: "eu-central-1/team/api" });
    await mirrors.put("public", "team-api", { tag: "v1" });

    await mirrors.sweep();

    expect(mirrors.published("team-api")).toEqual(["v1"]);
    expect(await mirrors.resourceTags("team-api")).toEqual({ [SOURCE]: "eu-central-1/team/api" });
  });

  it("counts at most so many tags of one rule in all repositories together", async () => {
    const mirrors = await start([mirrorRule("team/*", "team-{name}", { deletion: { graceHours: 0, atMost: 1 } })]);
    await mirrors.create("private", "team/api");
    await mirrors.create("public", "team-api", { [SOURCE]: "eu-west-1/team/api" });
    await mirrors.put("both", "team/api", { tag: "kept" });
    await mirrors.put("public", "team-api", { tag: "v1" });

    const { counts } = await mirrors.sweep();

    expect(counts).toMatchObject({ deleted: 1, waiting: 1 });
    expect(mirrors.published("team-web").sort()).toEqual(["kept", "v1"]);
  });

  it("leaves a tag that got another image between the list and the deletion, and all that its image needs", async () => {
    let moved = false;
    const mirrors = await start([followed], async ({ operation, repository }) => {
      if (operation !== "public BatchDeleteImage" || moved) return;
      moved = true;
      await mirrors.put("public", repository ?? "", { tag: "v1" });
    });
    const child = await mirrors.put("public", "team-web");
    await mirrors.put("public", "team-web", { tag: "v1", children: [child] });

    const { counts } = await mirrors.sweep();

    expect(counts).toMatchObject({ deleted: 0, followed: 0, held: 1 });
    expect(mirrors.decisions).toMatchObject([
      {
        decision: "public-deletion-waits",
        tags: ["v1"],
        reason: expect.stringContaining("ImageTagDoesNotMatchDigest"),
      },
    ]);
    expect(mirrors.store.public.image("team-web", child)).toBeDefined();
  });

  it("takes away marks of what it has deleted, and of what is back", async () => {
    const waiting = mirrorRule("team/*", "team-{name}", { deletion: { graceHours: 1, atMost: 10 } });
    const mirrors = await start([waiting]);
    const old = new Date(Date.now() - 2 * 3_600_000).toISOString();
    await mirrors.tag("team-web", { [markOf("v1")]: old, [markOf("kept")]: old });

    const { counts } = await mirrors.sweep();

    expect(counts).toMatchObject({ deleted: 1 });
    expect(await mirrors.resourceTags("team-web")).toEqual({ [SOURCE]: "eu-west-1/team/web" });
  });

  it("is, where the private repository is gone, and not in what was made for another account's or by others", async () => {
    const mirrors = await startMirrors([followed]);
    await mirrors.create("public", "team-web", { [SOURCE]: "eu-west-1/team/web" });
    await mirrors.create("public", "team-own");
    await mirrors.create("public", "team-odd", { [SOURCE]: "eu-west-1/other/odd" });
    for (const name of ["team-web", "team-own", "team-odd"]) await mirrors.put("public", name, { tag: "v1" });

    const { counts } = await mirrors.sweep();

    expect(counts).toMatchObject({ repositories: 1, deleted: 1 });
    expect(["team-web", "team-own", "team-odd"].map(mirrors.published)).toEqual([[], ["v1"], ["v1"]]);
  });

  it("is planned, and nothing is written or told", async () => {
    const waiting = mirrorRule("team/web", "team-web", { deletion: { graceHours: 1, atMost: 10 } });
    const mirrors = await start([waiting]);

    const { plans, counts } = await mirrors.sweep("plan");

    expect(counts).toMatchObject({ waiting: 1 });
    expect(plans).toMatchObject([
      {
        repository: "team/web",
        requests: [],
        destinations: [{ destination: "team-web", deletions: [{ tag: "v1", cause: "deletion" }] }],
      },
    ]);
    expect(mirrors.writes()).toEqual([]);
    expect(mirrors.decisions).toEqual([]);
  });
});

describe("retention", () => {
  const keeping = mirrorRule("team/*", "team-{name}", { retention: [{ tags: "v*", newest: 1 }] });

  it("goes on with the rest where ECR refuses one image, and says which", async () => {
    const mirrors = await startMirrors([keeping], async ({ operation, repository }) => {
      // Published meanwhile: an index that names what is to go.
      if (operation !== "public BatchDeleteImage" || mirrors.published("team-web").includes("late")) return;
      await mirrors.put("public", repository ?? "", { tag: "late", children: [first] });
    });
    await mirrors.create("private", "team/web");
    await mirrors.create("public", "team-web");
    const first = await mirrors.put("both", "team/web", { tag: "v1.0.0" });
    await mirrors.put("both", "team/web", { tag: "v2.0.0" });
    await mirrors.put("both", "team/web", { tag: "v3.0.0" });

    const { counts } = await mirrors.sweep();

    expect(counts).toMatchObject({ dropped: 1, held: 1 });
    expect(mirrors.decisions).toMatchObject([
      { decision: "public-tag-deleted", tag: "v2.0.0", cause: "retention" },
      { decision: "public-deletion-waits", tags: ["v1.0.0"], reason: expect.stringContaining("ManifestList") },
    ]);
    expect(mirrors.published("team-web").sort()).toEqual(["late", "v1.0.0", "v3.0.0"]);
  });

  it("leaves an untagged image that got a tag meanwhile", async () => {
    let deletions = 0;
    const mirrors = await startMirrors([keeping], async ({ operation }) => {
      if (operation === "public BatchDeleteImage") deletions += 1;
      if (operation !== "public DescribeImages" || deletions !== 1) return;
      const { bytes, image } = mirrors.store.public.manifest("team-web", child) ?? {};
      if (bytes === undefined || image === undefined || image.tags.length > 0) return;
      const request = { repository: "team-web", bytes, mediaType: image.mediaType, tag: "x", digest: undefined };
      await mirrors.store.public.putManifest(request);
    });
    await mirrors.create("private", "team/web");
    await mirrors.create("public", "team-web");
    const child = await mirrors.put("both", "team/web");
    await mirrors.put("both", "team/web", { tag: "v1.0.0", children: [child] });
    await mirrors.put("both", "team/web", { tag: "v2.0.0" });

    const { counts } = await mirrors.sweep();

    expect(counts).toMatchObject({ dropped: 1, followed: 0 });
    expect(mirrors.published("team-web").sort()).toEqual(["v2.0.0", "x"]);
  });

  it("leaves a repository to the next invocation where its reads do not fit, and tells where they never do", async () => {
    const mirrors = await startMirrors([keeping]);
    for (const name of ["a", "b"]) {
      await mirrors.create("private", `team/${name}`);
      await mirrors.create("public", `team-${name}`);
      await mirrors.put("both", `team/${name}`, { tag: "v1.0.0" });
      await mirrors.put("both", `team/${name}`, { tag: "v2.0.0" });
    }

    const { next, counts } = await mirrors.sweep("apply", { remainingMs: () => 1 });

    expect(counts).toMatchObject({ repositories: 0, failed: 1, dropped: 0 });
    expect(next).toMatchObject({ part: "private", after: "team/a" });
    expect(mirrors.told()).toEqual(["repository-failed team/a"]);
  });
});
