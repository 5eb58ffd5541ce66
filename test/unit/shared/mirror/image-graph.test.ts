import { describe, expect, it } from "vitest";
import { planDeletion } from "#shared/mirror/deletion-plan.ts";
import { readImageGraph } from "#shared/mirror/image-graph.ts";
import type { PublicReader } from "#shared/mirror/public-reader.ts";
import { MEDIA_TYPES } from "#shared/registry/manifest.ts";

const digest = (name: string) => `sha256:${Buffer.from(name).toString("hex").padStart(64, "0")}`;
const nameOf = (digest: string) => Buffer.from(digest.replace(/^sha256:0*/, ""), "hex").toString();
/** cosign's tag of a signature. */
const sig = (name: string) => `${digest(name).replace(":", "-")}.sig`;

interface Image {
  readonly tags?: readonly string[];
  readonly children?: readonly string[];
  readonly subject?: string;
}

/** A public repository by the names of its images. An image with `children` is an index. */
function repository(images: Readonly<Record<string, Image>>) {
  const reads: string[] = [];
  const isIndex = (name: string) => images[name]?.children !== undefined;
  const descriptor = (name: string) => ({
    mediaType: isIndex(name) ? MEDIA_TYPES.ociIndex : MEDIA_TYPES.ociManifest,
    digest: digest(name),
    size: 1,
  });
  const reader: PublicReader = {
    async manifest(asked) {
      const name = nameOf(asked);
      reads.push(name);
      const image = images[name];
      if (image === undefined) return undefined;
      const subject = image.subject === undefined ? undefined : digest(image.subject);
      return { children: (image.children ?? []).map(descriptor), subject };
    },
    async referrers(asked) {
      const names = Object.keys(images).filter((name) => images[name]?.subject === nameOf(asked));
      return names.map(descriptor);
    },
  };
  const entries = Object.entries(images);
  const tags = entries.flatMap(([name, image]) =>
    (image.tags ?? []).map((tag) => [tag, { digest: digest(name), pushedAt: undefined }] as const),
  );
  const indexes = entries.filter(([name, image]) => isIndex(name) && image.tags?.length).map(([name]) => digest(name));
  const side = { tags: new Map(tags), indexes: new Set(indexes) };

  async function plan(dropped: readonly string[], options: { remainingMs?: number; stillThere?: string[] } = {}) {
    const { remainingMs = 600_000, stillThere = [] } = options;
    const drops = dropped.map((tag) => ({ tag, digest: side.tags.get(tag)?.digest ?? "" }));
    const graph = await readImageGraph(reader, side, drops, () => remainingMs);
    const found = planDeletion(graph, side, drops, stillThere.map(digest));
    return {
      tags: found.tags.map(({ tag }) => tag),
      companions: found.companions.map(({ tag }) => tag),
      untagged: found.untagged.map(nameOf),
      held: found.held.map(({ dropped: { tag }, neededBy }) => [tag, nameOf(neededBy)]),
    };
  }
  return { plan, reads };
}

describe("the deletion of tags", () => {
  it("takes with an index its children, and what is about any of them, children after the index", async () => {
    const { plan } = repository({
      old: { tags: ["v1"], children: ["inner", "amd"] },
      inner: { children: ["arm"] },
      amd: {},
      arm: {},
      sbom: { subject: "arm" },
      signed: { subject: "sbom" },
      sig: { tags: [sig("old")] },
      list: { tags: [digest("amd").replace(":", "-")], children: ["vex"] },
      vex: { subject: "amd" },
      other: { tags: ["v2"] },
    });

    const { untagged, ...rest } = await plan(["v1"]);

    expect(rest).toEqual({ tags: ["v1"], companions: [digest("amd").replace(":", "-"), sig("old")], held: [] });
    expect([...untagged].sort()).toEqual(["amd", "arm", "inner", "sbom", "signed", "vex"]);
    expect(untagged.indexOf("inner")).toBeLessThan(untagged.indexOf("arm"));
  });

  it("leaves the children that a kept index names, however deep, with all that is about them", async () => {
    const { plan } = repository({
      old: { tags: ["v1"], children: ["shared", "own"] },
      kept: { tags: ["v2"], children: ["inner"] },
      inner: { children: ["shared"] },
      shared: {},
      own: {},
      sbom: { subject: "shared" },
      signed: { tags: [sig("shared")] },
      attested: { tags: [sig("signed")] },
      gone: { subject: "own" },
    });

    expect(await plan(["v1"])).toEqual({ tags: ["v1"], companions: [], untagged: ["own", "gone"], held: [] });
  });

  it("leaves an image that a kept index names, since it would go with its last tag", async () => {
    const { plan } = repository({
      child: { tags: ["v1", "v1.0"] },
      kept: { tags: ["v2"], children: ["child"] },
      sbom: { subject: "child" },
    });

    expect(await plan(["v1", "v1.0"])).toEqual({
      tags: [],
      companions: [],
      untagged: [],
      held: [
        ["v1", "kept"],
        ["v1.0", "kept"],
      ],
    });
  });

  it("leaves the subject of a referrer that has a tag of its own, and of one that a kept index names", async () => {
    const { plan } = repository({
      one: { tags: ["v1"] },
      sbom: { tags: ["v1-sbom"], subject: "one" },
      two: { tags: ["v2"] },
      vex: { subject: "two" },
      list: { tags: ["all-vex"], children: ["vex"] },
      three: { tags: ["v3"] },
    });

    expect(await plan(["v1", "v2", "v3"])).toEqual({
      tags: ["v3"],
      companions: [],
      untagged: [],
      held: [
        ["v1", "sbom"],
        ["v2", "vex"],
      ],
    });
  });

  it("leaves what is about a kept image, although an index that goes names it, or its tag would go", async () => {
    const { plan } = repository({
      kept: { tags: ["v2"] },
      sbom: { subject: "kept" },
      list: { tags: ["all"], children: ["sbom", "other"] },
      other: {},
      vex: { tags: ["v2-vex"], subject: "kept" },
    });

    expect(await plan(["all", "v2-vex"])).toEqual({
      tags: ["all"],
      companions: [],
      untagged: ["other"],
      held: [["v2-vex", "kept"]],
    });
  });

  it("takes a tag alone, and reads nothing, where its image has another one", async () => {
    const { plan, reads } = repository({
      one: { tags: ["v1", "latest"], children: ["amd"] },
      amd: {},
      other: { tags: ["v2"], children: ["amd"] },
    });

    expect(await plan(["v1"])).toEqual({ tags: ["v1"], companions: [], untagged: [], held: [] });
    expect(reads).toEqual([]);
  });

  it("deletes an index before an image that it names, when both go", async () => {
    const { plan } = repository({ amd: { tags: ["v1-amd64"] }, index: { tags: ["v1"], children: ["amd"] } });

    expect((await plan(["v1-amd64", "v1"])).tags).toEqual(["v1", "v1-amd64"]);
  });

  it("leaves all that hangs on an image that turns out to be still there", async () => {
    const { plan } = repository({
      old: { tags: ["v1"], children: ["amd"] },
      amd: {},
      sbom: { subject: "amd" },
      sig: { tags: [sig("old")] },
    });

    expect(await plan(["v1"], { stillThere: ["old"] })).toMatchObject({ companions: [], untagged: [] });
  });

  it("leaves a signature that has a tag of another kind", async () => {
    const { plan } = repository({ old: { tags: ["v1"] }, sig: { tags: [sig("old"), "signature"] } });

    expect(await plan(["v1"])).toEqual({ tags: ["v1"], companions: [sig("old")], untagged: [], held: [] });
  });

  it("does not follow images in circles", async () => {
    const { plan } = repository({ one: { tags: ["v1"], subject: "two" }, two: { subject: "one" } });

    expect((await plan(["v1"])).untagged).toEqual(["two"]);
  });
});

describe("the reads before a deletion", () => {
  it("are not begun where there is not enough time for them", async () => {
    const images = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`i${index}`, { tags: [`v${index}`], children: [] }]),
    );
    const { plan, reads } = repository(images);

    // A hundred manifests at eight a second.
    await expect(plan(["v0"], { remainingMs: 10_000 })).rejects.toMatchObject({
      code: "mirrors-late",
      permanent: false,
    });
    expect(reads).toEqual(["i0"]);
    await expect(plan(["v0"], { remainingMs: 13_000 })).resolves.toMatchObject({ tags: ["v0"] });
  });

  it("are refused beside more than 4,000 indexes that stay", async () => {
    const images = Object.fromEntries(
      Array.from({ length: 4_002 }, (_, index) => [`i${index}`, { tags: [`v${index}`], children: [] }]),
    );

    await expect(repository(images).plan(["v0"], { remainingMs: 1e9 })).rejects.toMatchObject({
      code: "mirror-too-large",
      permanent: true,
    });
  });
});
