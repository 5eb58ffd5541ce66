import { UpdateImageStorageClassCommand } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { digestOf, ociIndex } from "../../local/ecr/image-content.ts";
import { compiledRange, mirrorRule } from "../policy/support.ts";
import { startAsking } from "./asking-state.ts";
import { awsError } from "./mirrors.ts";

const versions = mirrorRule("team/*", "team-{name}", { tags: { include: ["v*"] }, immutable: ["v*"] });
const everything = mirrorRule("team/*", "team-{name}");
const uri = (tag: string, name = "team-web") => `public.localhost:5000/alias/${name}:${tag}`;
const MADE = { repository: "team-web", mediaType: ociIndex, tag: undefined, digest: undefined };
const selecting = { rule: 0, source: "team/*" };

describe("a tag that is public", () => {
  it("is mirrored, which takes one look at each side and no manifest", async () => {
    const { create, put, states, calls, read } = await startAsking([versions]);
    await create("public", "team-web");
    const digest = await put("v1", "both");
    calls.length = 0;

    expect(await states({ tag: "v1" })).toEqual([
      {
        ...{ tag: "v1", digest, destination: "team-web", uri: uri("v1"), published: digest },
        ...{ ...selecting, state: "mirrored" },
      },
    ]);
    expect(calls.map(({ operation, repository }) => `${operation} ${repository ?? ""}`)).toEqual([
      "DescribeImages team/web",
      "DescribeRepositories ",
      "DescribeImages team-web",
    ]);
    expect(read).toEqual([]);
  });

  it("is mirrored under the digest that it has with some platforms only", async () => {
    const rule = mirrorRule("team/*", "team-{name}", { platforms: ["linux/amd64"], immutable: ["*"] });
    const { create, store, putIndex, states } = await startAsking([rule]);
    const { index, bytes } = await putIndex("v1", "amd64", "arm64");
    const [amd] = index.manifests;
    const reduced = Buffer.from(JSON.stringify({ ...index, manifests: [amd] }));
    await create("public", "team-web");
    const child = store.private.manifest("team/web", amd?.digest ?? "")?.bytes ?? Buffer.alloc(0);
    for (const [text, tag] of [[child], [reduced, "v1"]] as const) {
      await store.public.putManifest({
        ...{ repository: "team-web", bytes: text, mediaType: ociIndex, digest: undefined },
        tag,
      });
    }

    expect(await states({ tag: "v1" })).toMatchObject([
      { digest: digestOf(bytes), published: digestOf(reduced), state: "mirrored" },
    ]);
  });

  it("is a conflict where it has all platforms, must stay it, and the rule takes some only", async () => {
    const rule = mirrorRule("team/*", "team-{name}", { platforms: ["linux/amd64"], immutable: ["*"] });
    const { create, store, putIndex, states } = await startAsking([rule]);
    const { index, bytes } = await putIndex("v1", "amd64", "arm64");
    await create("public", "team-web");
    for (const { digest } of index.manifests) {
      const child = store.private.manifest("team/web", digest)?.bytes ?? Buffer.alloc(0);
      await store.public.putManifest({ ...MADE, bytes: child });
    }
    await store.public.putManifest({ ...MADE, bytes, tag: "v1" });
    const pushed = digestOf(JSON.stringify({ ...index, manifests: index.manifests.slice(0, 1) }));

    expect(await states({ tag: "v1" })).toMatchObject([{ state: "conflict", published: digestOf(bytes), pushed }]);
  });

  it("is a conflict where it must stay another image, with both digests", async () => {
    const { create, put, states, read } = await startAsking([versions]);
    await create("public", "team-web");
    const [first, second] = [await put("v1", "both"), await put("v1")];

    expect(await states()).toEqual([
      {
        ...{ tag: "v1", digest: second, destination: "team-web", uri: uri("v1"), published: first, ...selecting },
        ...{ state: "conflict", pushed: second },
        reason: `the public tag is ${first}, and must stay it: ${second} was pushed`,
      },
    ]);
    expect(read).toEqual([]);
  });

  it("is only public where the private repository has no such tag, or is gone, and never a signature's", async () => {
    const { create, put, retag, page, mirrors } = await startAsking([versions]);
    await create("public", "team-web");
    const digest = await put("v1", "both");
    await retag("public", "team-web", digest, "v0");
    await retag("public", "team-web", digest, `sha256-${"a".repeat(64)}.sig`);
    const lost = {
      ...{ tag: "v0", destination: "team-web", uri: uri("v0"), published: digest },
      ...{ state: "only-public", reason: "team/web has no such tag" },
    };

    expect(await page({ tag: "v0" })).toEqual({ repository: "team/web", exists: true, states: [lost] });
    expect(await page()).toMatchObject({ states: [lost, { tag: "v1", state: "mirrored" }] });

    await create("public", "team-gone");
    const gone = await mirrors.put("public", "team-gone", { tag: "v1" });
    for (const request of [{}, { tag: "v1" }]) {
      expect(await page({ repository: "team/gone", ...request })).toMatchObject({
        exists: false,
        states: [{ tag: "v1", destination: "team-gone", published: gone, state: "only-public" }],
      });
    }
    expect(await page({ repository: "other/web", tag: "v1" })).toEqual({
      ...{ repository: "other/web", exists: false, states: [] },
    });
  });
});

describe("a tag that is on its way", () => {
  it("is pending: for want of the public repository, of the image in it, or of nothing but the tag", async () => {
    const { create, put, retag, states, writes } = await startAsking([everything]);
    const first = await put("v1");
    const noRepository = await states({ tag: "v1" });
    await create("public", "team-web");
    const noImage = await states({ tag: "v1" });
    const second = await put("v2", "both");
    await retag("private", "team/web", second, "latest");

    expect(noRepository).toEqual([
      {
        ...{ tag: "v1", digest: first, destination: "team-web", ...selecting, state: "pending", gates: [] },
        ...{ missing: "repository", reason: "the public repository team-web does not exist yet" },
      },
    ]);
    expect(noImage).toMatchObject([{ uri: uri("v1"), missing: "image", reason: `${first} is not in team-web yet` }]);
    expect(await states({ tag: "latest" })).toMatchObject([
      { state: "pending", missing: "tag", reason: `${second} is in team-web, but not under this tag yet` },
    ]);
    expect(writes()).toEqual([]);
  });

  it("says what a tag that may move is until then", async () => {
    const { create, put, states } = await startAsking([everything]);
    await create("public", "team-web");
    const [first, second] = [await put("latest", "both"), await put("latest")];

    expect(await states()).toMatchObject([
      {
        digest: second,
        published: first,
        state: "pending",
        reason: expect.stringContaining(`until then the tag is ${first}`),
      },
    ]);
  });

  it("is blocked by a gate, with its reason, and one tag does not hold another's", async () => {
    const old = mirrorRule("team/*", "team-{name}", { tags: { include: ["v*"] }, gates: { minimumAgeHours: 24 } });
    const { put, retag, states } = await startAsking([old, mirrorRule("team/web", "web")]);
    const digest = await put("v1");
    await retag("private", "team/web", digest, "v2");

    expect(await states()).toMatchObject([
      {
        ...{ tag: "v1", destination: "team-web", state: "blocked", gate: "minimum-age" },
        reason: expect.stringMatching(/^the image was pushed at .*, and may be published from /),
      },
      { tag: "v1", destination: "web", rule: 1, source: "team/web", state: "pending" },
      { tag: "v2", destination: "team-web", state: "blocked" },
      { tag: "v2", destination: "web", state: "pending" },
    ]);
  });

  it("is refused where the image is not fit for it, where its platform is missing, and where the name cannot be", async () => {
    const { put, states } = await startAsking([
      mirrorRule("team/*", "a/{name}", { gates: { scan: { severity: "HIGH", ignore: [] } } }),
      mirrorRule("team/*", "b/{name}", { platforms: ["linux/amd64"] }),
      mirrorRule("team/*", "c__{name}"),
    ]);
    const digest = await put("v1");

    expect(await states()).toMatchObject([
      { destination: "a/web", state: "refused", gate: "scan", reason: "there is nothing in it that a scan looks at" },
      {
        ...{ destination: "b/web", state: "refused", gate: "image", code: "platform-missing" },
        reason: `the index ${digest} has no image for linux/amd64`,
      },
      { destination: "c__web", state: "refused", gate: "name", reason: expect.stringContaining("ECR Public allows") },
    ]);
  });

  it("is not guessed at: what cannot be read is raised", async () => {
    const { put, states } = await startAsking([everything], ({ operation }) => {
      if (operation === "ListImageReferrers") throw awsError("AccessDeniedException");
    });
    await put("v1");

    await expect(states()).rejects.toMatchObject({ code: "ecr-denied" });
  });
});

describe("a tag that no rule selects", () => {
  it("is told the rule that is missing, without asking ECR Public", async () => {
    const { put, states, calls } = await startAsking([mirrorRule("other/*", "other-{name}")]);
    const digest = await put("v1");
    calls.length = 0;

    expect(await states()).toEqual([
      {
        ...{ tag: "v1", digest, state: "not-selected", rules: [] },
        reason: "no mirror rule names the repository team/web",
      },
    ]);
    expect(calls.map(({ operation }) => operation)).toEqual(["DescribeImages"]);
  });

  it("is told each rule that leaves it out, with the first filter that does", async () => {
    const include = ["v*"];
    const exclude = ["*-rc*"];
    const rule = (tags: Parameters<typeof mirrorRule>[2]) => mirrorRule("team/*", "team-{name}", tags);
    const { put, states } = await startAsking([
      rule({ tags: { include } }),
      rule({ tags: { pattern: "[a-z]+" } }),
      rule({ tags: { semver: compiledRange("^2.0.0") } }),
      mirrorRule("**", "team-web", { tags: { include: ["1*"], exclude } }),
    ]);
    const digest = await put("1.0.0-rc1");

    const [state] = await states();

    expect(state).toMatchObject({ digest, destination: "team-web", state: "not-selected" });
    expect(state).toHaveProperty("rules", [
      { rule: 0, source: "team/*", filter: "include", reason: "it matches none of v*" },
      { rule: 1, source: "team/*", filter: "pattern", reason: "it does not match [a-z]+ as a whole" },
      { rule: 2, source: "team/*", filter: "semver", reason: "it is not in the range ^2.0.0" },
      { rule: 3, source: "**", filter: "exclude", reason: "*-rc* excludes it" },
    ]);
    expect(state).toHaveProperty(
      "reason",
      expect.stringMatching(/^mirror\[0\] leaves out the tag 1.0.0-rc1: it matches none of v\*; mirror\[1\] leaves/),
    );
  });

  it("is one that newer ones take the place of, or that retention would not keep", async () => {
    const latest = mirrorRule("team/*", "latest-{name}", {
      tags: { semver: compiledRange("*"), latest: 1 },
    });
    const kept = mirrorRule("team/*", "kept-{name}", { retention: [{ tags: "*", newest: 1 }] });
    const { put, states } = await startAsking([latest, kept]);
    for (const tag of ["1.0.0", "2.0.0"]) await put(tag);

    expect(await states({ tag: "1.0.0" })).toMatchObject([
      {
        ...{ destination: "latest-web", state: "not-selected" },
        rules: [{ rule: 0, filter: "latest", reason: "newer tags take its place" }],
      },
      {
        ...{ destination: "kept-web", rule: 1, state: "not-selected" },
        rules: [{ rule: 1, filter: "retention", reason: "the retention of kept-web would not keep it" }],
      },
    ]);
    expect(await states({ tag: "2.0.0" })).toMatchObject([{ state: "pending" }, { state: "pending" }]);
  });

  it("is a signature's, which follows its image, and one that is a referrer's", async () => {
    const { deps: _, ...asking } = await startAsking([everything]);
    const digest = await asking.put("v1");
    const signature = `${digest.replace(":", "-")}.sig`;
    await asking.put(signature);
    const referrer = await asking.store.private.putManifest({
      ...{ repository: "team/web", mediaType: ociIndex, tag: "about", digest: undefined },
      bytes: Buffer.from(
        JSON.stringify({
          ...{ schemaVersion: 2, mediaType: ociIndex, manifests: [] },
          subject: { mediaType: ociIndex, digest, size: 1 },
        }),
      ),
    });
    const follows = { filter: "companion", reason: "it belongs to another image, which decides" };

    expect(await asking.states({ tag: signature })).toMatchObject([{ state: "not-selected", rules: [follows] }]);
    expect(await asking.states()).toMatchObject([
      { tag: "about", digest: referrer.digest, state: "not-selected", rules: [follows] },
      { tag: "v1", state: "pending" },
    ]);
  });

  it("is one in the archive", async () => {
    const { create, put, states, deps } = await startAsking([versions]);
    await create("public", "team-web");
    const digest = await put("v1", "both");
    const imageId = { imageTag: "v1" };
    const archive = { repositoryName: "team/web", imageId, targetStorageClass: "ARCHIVE" } as const;
    await deps.ecr.send(new UpdateImageStorageClassCommand(archive));

    const archived = [
      { digest, published: digest, state: "archived", reason: `${digest} is in the archive, and cannot be pulled` },
    ];
    expect(await states({ tag: "v1" })).toMatchObject(archived);
    expect(await states()).toMatchObject(archived);
  });
});

describe("a digest", () => {
  it("stands for its tags", async () => {
    const { put, retag, states } = await startAsking([everything]);
    const digest = await put("v2");
    await retag("private", "team/web", digest, "v1");
    await put("other");

    expect((await states({ digest })).map(({ tag, state }) => `${tag} ${state}`)).toEqual(["v1 pending", "v2 pending"]);
  });

  it("without a tag is selected by no rule", async () => {
    const { put, states } = await startAsking([everything]);
    const digest = await put();

    expect(await states({ digest })).toEqual([
      {
        ...{ digest, destination: "team-web", state: "not-selected" },
        rules: [
          {
            ...{ rule: 0, source: "team/*", filter: "untagged" },
            reason: "the image has no tag, and mirror rules select by tag",
          },
        ],
        reason: "mirror[0] leaves out the image: the image has no tag, and mirror rules select by tag",
      },
    ]);
    expect(await states({ digest: `sha256:${"0".repeat(64)}` })).toEqual([]);
  });
});

describe("a repository with many tags", () => {
  const names = Array.from({ length: 130 }, (_, index) => `v${1_000 + index}`);

  it("is answered by a hundred, in the order of their names", async () => {
    const { create, put, page } = await startAsking([versions]);
    await create("public", "team-web");
    for (const name of names) await put(name, "both");

    const first = await page();
    const second = await page({ from: first.next });

    expect(first.next).toBe("v1099");
    expect(second).not.toHaveProperty("next");
    expect([...first.states, ...second.states].map(({ tag }) => tag)).toEqual(names);
  });

  it("is answered by fewer where the time is over, and by one at least", async () => {
    const { put, page } = await startAsking([everything, mirrorRule("team/web", "web")]);
    for (const name of ["v1", "v2", "v3"]) await put(name);
    const seen: string[] = [];
    let from: string | undefined;
    for (let calls = 0; calls < 4 && (calls === 0 || from !== undefined); calls++) {
      const { states, next } = await page({ from }, () => 0);
      seen.push(states.map(({ tag, destination }) => `${tag} ${destination}`).join(", "));
      from = next;
    }

    expect(seen).toEqual(["v1 team-web, v1 web", "v2 team-web, v2 web", "v3 team-web, v3 web"]);
  });

  it("counts the images of its public one once", async () => {
    const { create, put, page, calls } = await startAsking([everything]);
    await create("public", "team-web");
    for (const name of ["v1", "v2", "v3"]) await put(name);

    await page();

    const listed = calls.filter(
      ({ operation, repository }) => `${operation} ${repository}` === "DescribeImages team-web",
    );
    // The look at all tags, one look for each digest, and the count.
    expect(listed).toHaveLength(1 + 3 + 1);
  });
});
