import { describe, expect, it } from "vitest";
import { mirrorRule } from "../policy/support.ts";
import { awsError, startMirrors } from "./mirrors.ts";

const SOURCE = "ecr-autopilot:source";
const deletion = { graceHours: 0, atMost: 10 };
const everything = mirrorRule("team/*", "team-{name}");
const followed = mirrorRule("team/*", "team-{name}", { deletion });

describe("a sweep of the mirrors", () => {
  it("reads nothing without a rule", async () => {
    const mirrors = await startMirrors([]);
    await mirrors.create("private", "team/web");

    const { counts } = await mirrors.sweep();

    expect(counts).toMatchObject({ repositories: 0, requested: 0 });
    expect(mirrors.calls).toEqual([]);
  });

  it("costs a repository that no rule names no call, and one with nothing to do four at most", async () => {
    const mirrors = await startMirrors([everything]);
    for (const name of ["other/web", "team/web"]) await mirrors.create("private", name);
    await mirrors.create("public", "team-web");
    await mirrors.put("both", "team/web", { tag: "v1" });

    const { counts } = await mirrors.sweep();

    expect(counts).toMatchObject({ repositories: 1, requested: 0 });
    expect(mirrors.calls.map(({ operation, repository }) => `${operation} ${repository ?? ""}`)).toEqual([
      "DescribeRepositories ",
      "DescribeImages team/web",
      "DescribeRepositories ",
      "DescribeImages team-web",
    ]);
    expect(mirrors.told()).toEqual([]);
  });

  it("asks once for an image that two destinations lack", async () => {
    const mirrors = await startMirrors([everything, mirrorRule("team/web", "web", { tags: { include: ["v2"] } })]);
    await mirrors.create("private", "team/web");
    const digest = await mirrors.put("private", "team/web", { tag: "v2" });

    const { counts } = await mirrors.sweep();

    expect(counts).toMatchObject({ requested: 1 });
    expect(mirrors.requests).toEqual([{ repository: "team/web", reference: { digest } }]);
    expect(mirrors.decisions).toEqual([{ decision: "mirror-requested", repository: "team/web", digest, tags: ["v2"] }]);
  });

  it("tells a repository that fails, and goes on", async () => {
    const mirrors = await startMirrors([everything], ({ repository }) => {
      if (repository === "team/bad") throw awsError("AccessDeniedException");
    });
    for (const name of ["team/bad", "team/good"]) await mirrors.create("private", name);
    await mirrors.put("private", "team/good", { tag: "v1" });

    const { counts } = await mirrors.sweep();

    expect(counts).toMatchObject({ repositories: 1, failed: 1, requested: 1 });
    expect(mirrors.told()).toEqual(["repository-failed team/bad", "mirror-requested team/good"]);
  });

  it("does what one destination needs when another one fails", async () => {
    const mirrors = await startMirrors([everything, mirrorRule("team/web", "web")], ({ repository }) => {
      if (repository === "team-web") throw awsError("AccessDeniedException");
    });
    await mirrors.create("private", "team/web");
    await mirrors.create("public", "team-web");
    await mirrors.put("private", "team/web", { tag: "v1" });

    const { counts } = await mirrors.sweep();

    expect(counts).toMatchObject({ requested: 1, failed: 1 });
  });

  it("gives up after twenty failures in a row", async () => {
    const mirrors = await startMirrors([everything], ({ operation }) => {
      if (operation === "DescribeImages") throw awsError("AccessDeniedException");
    });
    for (let index = 0; index < 25; index++) await mirrors.create("private", `team/r${index}`);

    await expect(mirrors.sweep()).rejects.toMatchObject({ code: "ecr-denied" });
    expect(mirrors.told()).toHaveLength(19);
  });

  it("takes a repository that is deleted between the list and its turn for gone", async () => {
    const mirrors = await startMirrors([everything], ({ operation }) => {
      if (operation === "DescribeImages") throw awsError("RepositoryNotFoundException");
    });
    await mirrors.create("private", "team/web");

    expect((await mirrors.sweep()).counts).toMatchObject({ gone: 1, failed: 0 });
  });

  it("stops when the time runs short, and goes on where it stood, in both parts", async () => {
    const mirrors = await startMirrors([followed]);
    for (const name of ["team/a", "team/b", "team/c"]) {
      await mirrors.create("private", name);
      await mirrors.put("private", name, { tag: "v1" });
    }
    for (const name of ["x", "y"]) {
      await mirrors.create("public", `team-${name}`, { [SOURCE]: `eu-west-1/team/${name}` });
      await mirrors.put("public", `team-${name}`, { tag: "v1" });
    }
    // Each repository takes a second, of two.
    let left = 2_000;
    const remainingMs = () => (left -= 500);
    const positions: unknown[] = [];
    let position: Awaited<ReturnType<typeof mirrors.sweep>>["next"];
    let counts: object = {};
    do {
      left = 2_000;
      const result = await mirrors.sweep("apply", { remainingMs, ...(position && { position }) });
      ({ next: position, counts } = result);
      positions.push(position && [position.part, position.after, position.invocations]);
    } while (position !== undefined && positions.length < 20);

    expect(positions).toEqual([
      ["private", "team/a", 1],
      ["private", "team/b", 2],
      ["orphans", undefined, 3],
      ["orphans", "team-x", 4],
      undefined,
    ]);
    expect(counts).toMatchObject({ repositories: 5, requested: 3, deleted: 2, deletedByRule: { 0: 2 } });
    expect(mirrors.requests).toHaveLength(3);
  });

  it("begins a part again where its token is no longer taken", async () => {
    const mirrors = await startMirrors([everything]);
    await mirrors.create("private", "team/web");
    const { counts, startedAt } = await mirrors.sweep();
    const position = { part: "private", from: "old", after: "team/z", counts, startedAt, invocations: 1 } as const;

    expect((await mirrors.sweep("apply", { position })).counts).toMatchObject({ repositories: 2 });
  });

  it("ends a sweep that runs in circles", async () => {
    const mirrors = await startMirrors([everything]);
    const { counts, startedAt } = await mirrors.sweep();
    const position = { part: "private", counts, startedAt, invocations: 100 } as const;

    await expect(mirrors.sweep("apply", { position })).rejects.toMatchObject({
      code: "sweep-endless",
      permanent: true,
    });
  });
});

describe("one private repository", () => {
  it("is looked at alone, without a list of all", async () => {
    const mirrors = await startMirrors([followed]);
    for (const name of ["team/api", "team/web"]) await mirrors.create("private", name);
    const digest = await mirrors.put("private", "team/web", { tag: "v1" });
    await mirrors.put("private", "team/api", { tag: "v1" });

    const { counts, plans } = await mirrors.sweep("plan", { repository: "team/web" });

    expect(counts).toMatchObject({ repositories: 1, requested: 1 });
    expect(plans).toMatchObject([{ repository: "team/web", requests: [{ reference: { digest } }] }]);
    expect(mirrors.calls.map(({ operation, repository }) => `${operation} ${repository ?? ""}`)).toEqual([
      "DescribeImages team/web",
      // Its destination, and whether that has been left by one that is gone.
      "DescribeRepositories ",
      "DescribeRepositories ",
    ]);
  });

  it("that is gone has what it left taken away, and nothing of others'", async () => {
    const mirrors = await startMirrors([followed]);
    await mirrors.create("public", "team-web", { [SOURCE]: "eu-west-1/team/web" });
    await mirrors.create("public", "team-api", { [SOURCE]: "eu-west-1/team/api" });
    for (const name of ["team-web", "team-api"]) await mirrors.put("public", name, { tag: "v1" });

    const { counts } = await mirrors.sweep("apply", { repository: "team/web" });

    expect(counts).toMatchObject({ gone: 1, deleted: 1 });
    expect([mirrors.published("team-web"), mirrors.published("team-api")]).toEqual([[], ["v1"]]);
  });

  it("that no rule names costs no call", async () => {
    const mirrors = await startMirrors([everything]);

    expect((await mirrors.sweep("apply", { repository: "other/web" })).counts).toMatchObject({
      repositories: 0,
      gone: 0,
    });
    expect(mirrors.calls).toEqual([]);
  });

  it("stays the only one where the time runs short", async () => {
    const twice = mirrorRule("team/*", "{name}", { deletion });
    const mirrors = await startMirrors([followed, twice]);
    for (const name of ["team-web", "web"]) {
      await mirrors.create("public", name, { [SOURCE]: "eu-west-1/team/web" });
      await mirrors.put("public", name, { tag: "v1" });
    }
    let left = 2_000;
    const remainingMs = () => (left -= 500);

    const first = await mirrors.sweep("apply", { repository: "team/web", remainingMs });
    const position = first.next;
    const rest = position && (await mirrors.sweep("apply", { position }));

    expect(position).toMatchObject({ repository: "team/web" });
    expect(rest?.counts).toMatchObject({ deleted: 2 });
    expect(rest).not.toHaveProperty("next");
  });
});
