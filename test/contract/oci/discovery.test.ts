/** Content discovery: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#content-discovery */
import { expect, it } from "vitest";
import { artifactOf, imageWith, indexWith } from "../../support/contract-images.ts";
import { refusalOf } from "../../support/contract-registry.ts";
import type { ContractRepository } from "../../support/contract-repository.ts";
import { descriptorOf, partOf, type TestImage, TYPE } from "../../support/image-parts.ts";
import { onEveryHost } from "./every-host.ts";
import { differs } from "./known-differences.ts";

const image = imageWith("layer");
/** Pushed in this order; capitals come first. */
const tags = ["test2", "v1.10", "Beta", "test0", "v1.9", "test1", "test3"];
const sorted = ["Beta", "test0", "test1", "test2", "test3", "v1.10", "v1.9"];

async function withTags(at: ContractRepository): Promise<ContractRepository> {
  for (const blob of image.blobs) await at.sendBlob(blob);
  for (const tag of tags) await at.sendManifest(image, tag);
  return at;
}

async function listTags({ host, path }: ContractRepository, query = "") {
  const response = await host.send("GET", `${path}/tags/list${query}`);
  expect(response.status).toBe(200);
  const { name, tags: told } = (await response.json()) as { name: string; tags: string[] };
  expect(name).toBe(path.slice("/v2/".length));
  return { tags: told, link: response.headers.get("link") };
}

interface Referrer {
  readonly digest: string;
  readonly artifactType?: string;
  readonly annotations?: Record<string, string>;
}

async function listReferrers({ send }: ContractRepository, digest: string, query = "") {
  const response = await send("GET", `referrers/${digest}${query}`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe(TYPE.index);
  const index = (await response.json()) as { schemaVersion: number; mediaType: string; manifests: Referrer[] };
  expect(index).toMatchObject({ schemaVersion: 2, mediaType: TYPE.index });
  return { manifests: index.manifests, applied: response.headers.get("oci-filters-applied") };
}

const typeA = "application/vnd.example.bagel";
const typeB = "application/vnd.example.croissant";
const annotated = (text: string) => ({ "org.example.test": text });
/** As in the official suite: by the type of the config, by artifactType, and an index. */
const referrers: readonly (readonly [TestImage, string | undefined])[] = [
  [artifactOf("config a", { subject: image, config: partOf("a", typeA), annotations: annotated("config a") }), typeA],
  [artifactOf("layer a", { subject: image, artifactType: typeA, annotations: annotated("layer a") }), typeA],
  [artifactOf("config b", { subject: image, config: partOf("b", typeB), annotations: annotated("config b") }), typeB],
  [artifactOf("layer b", { subject: image, artifactType: typeB, annotations: annotated("layer b") }), typeB],
  [indexWith([], { subject: descriptorOf(image), annotations: annotated("index") }), undefined],
  [
    indexWith([], { subject: descriptorOf(image), artifactType: "application/vnd.example.set" }),
    "application/vnd.example.set",
  ],
];

async function withReferrers(at: ContractRepository): Promise<ContractRepository> {
  const [before, after] = [referrers.slice(0, 3), referrers.slice(3)];
  for (const [referrer] of before) await at.sendImage(referrer);
  await at.sendImage(image, "v1");
  for (const [referrer] of after) await at.sendImage(referrer);
  return at;
}

const byDigest = (one: Referrer, two: Referrer) => (one.digest < two.digest ? -1 : 1);
const described = (wanted: typeof referrers) =>
  wanted
    .map(([{ digest, mediaType, bytes }, artifactType]) => {
      const { annotations } = JSON.parse(bytes.toString()) as { annotations?: Record<string, string> };
      return {
        mediaType,
        digest,
        size: bytes.length,
        ...(artifactType === undefined ? {} : { artifactType }),
        ...(annotations === undefined ? {} : { annotations }),
      };
    })
    .sort(byDigest);

onEveryHost("listing tags", ({ side, repository, missing }) => {
  it("lists none in an empty repository", async () => {
    expect(await listTags(await repository())).toEqual({ tags: [], link: null });
  });

  it("lists all, in lexical order", async () => {
    expect(await listTags(await withTags(await repository()))).toEqual({ tags: sorted, link: null });
  });

  it("lists as many as are asked for, and tells where the others are", async () => {
    const at = await withTags(await repository());
    for (const n of [1, 3, 6]) {
      const { tags: page, link } = await listTags(at, `?n=${n}`);
      expect(page).toEqual(sorted.slice(0, n));
      expect(link).toMatch(/^<[^>]+>; rel="next"$/);
    }
    for (const n of [7, 8, 1000]) expect(await listTags(at, `?n=${n}`)).toEqual({ tags: sorted, link: null });
  });

  it("lists what comes after a tag, there or not", async () => {
    const at = await withTags(await repository());
    expect((await listTags(at, "?last=test1")).tags).toEqual(sorted.slice(3));
    expect((await listTags(at, "?n=2&last=test1")).tags).toEqual(sorted.slice(3, 5));
    expect((await listTags(at, "?n=2&last=test1x")).tags).toEqual(sorted.slice(3, 5));
    expect(await listTags(at, "?n=2&last=v1.9")).toEqual({ tags: [], link: null });
  });

  it("can be read to its end by its links", async () => {
    const at = await withTags(await repository());
    const all: string[] = [];
    let next: string | undefined = `${at.path}/tags/list?n=2`;
    for (let pages = 0; next !== undefined && pages < 10; pages++) {
      const response: Response = await at.host.send("GET", next);
      all.push(...((await response.json()) as { tags: string[] }).tags);
      next = /^<([^>]+)>; rel="next"$/.exec(response.headers.get("link") ?? "")?.[1];
    }
    expect(all).toEqual(sorted);
    expect(next).toBeUndefined();
  });

  it("lists nothing and no link when none are asked for", async () => {
    expect(await listTags(await withTags(await repository()), "?n=0")).toEqual({ tags: [], link: null });
  });

  it("refuses a number that is none", async () => {
    const at = await repository();
    for (const n of ["-1", "many", "1.5"]) expect((await at.send("GET", `tags/list?n=${n}`)).status).toBe(400);
  });

  it("takes no page of more than a thousand", async () => {
    const at = await repository();
    const { status } = await at.send("GET", "tags/list?n=1001");
    expect(status).toBe(differs("tags-page-limit", side) ? 400 : 200);
  });

  it("tells its own type of content", async () => {
    const { headers } = await (await repository()).send("GET", "tags/list");
    const isText = differs("tags-content-type", side);
    expect(headers.get("content-type")).toMatch(isText ? /^text\/plain\b/ : /^application\/json\b/);
  });

  it("lists none of a repository that is not there", async () => {
    const { path, host } = await missing();
    const refused = await refusalOf(await host.send("GET", `${path}/tags/list`));
    expect(refused).toMatchObject({ status: 404, code: "NAME_UNKNOWN" });
  });
});

onEveryHost("listing referrers", ({ side, repository, missing }) => {
  it("lists those pushed before and after their subject, with type and annotations", async () => {
    const { manifests } = await listReferrers(await withReferrers(await repository()), image.digest);
    expect([...manifests].sort(byDigest)).toEqual(described(referrers));
  });

  it("lists those of one artifact type, and says that it did", async () => {
    const at = await withReferrers(await repository());
    const { manifests, applied } = await listReferrers(at, image.digest, `?artifactType=${typeA}`);
    expect([...manifests].sort(byDigest)).toEqual(described(referrers.slice(0, 2)));
    expect(applied).toBe("artifactType");
    const none = await listReferrers(at, image.digest, "?artifactType=application/vnd.example.none");
    expect(none).toEqual({ manifests: [], applied: "artifactType" });
    expect((await listReferrers(at, image.digest)).applied).toBeNull();
  });

  it("lists those of a subject that was never pushed", async () => {
    const at = await repository();
    const referrer = artifactOf("orphan", { subject: imageWith("never pushed"), artifactType: typeB });
    await at.sendImage(referrer);
    const { manifests } = await listReferrers(at, imageWith("never pushed").digest);
    expect(manifests).toMatchObject([{ digest: referrer.digest, artifactType: typeB }]);
  });

  it("lists none of a digest that nothing refers to", async () => {
    expect((await listReferrers(await repository(), partOf("absent").digest)).manifests).toEqual([]);
  });

  it("no longer lists one that was deleted", async () => {
    const at = await withReferrers(await repository());
    const [[gone] = []] = referrers;
    expect((await at.send("DELETE", `manifests/${gone?.digest}`)).status).toBe(202);
    const { manifests } = await listReferrers(at, image.digest);
    expect([...manifests].sort(byDigest)).toEqual(described(referrers.slice(1)));
  });

  it("refuses what is no digest", async () => {
    const at = await repository();
    expect((await at.send("GET", "referrers/sha256:totallywrong")).status).toBe(400);
  });

  it("lists none of a repository that is not there", async () => {
    const { path, host } = await missing();
    const { status } = await host.send("GET", `${path}/referrers/${image.digest}`);
    expect(status).toBe(differs("referrers-of-missing-repository", side) ? 404 : 200);
  });
});

onEveryHost("the catalog", ({ side, context, repository }) => {
  it("lists repositories for whoever has credentials, at the private host alone", async () => {
    expect(differs("catalog", side)).toBe(true);
    const { name, host } = await repository();
    const listed = await host.send("GET", `/v2/_catalog?n=1000&last=${encodeURIComponent(name.slice(0, -1))}`);
    if (side === "public") return expect(listed.status).toBe(404);
    expect(((await listed.json()) as { repositories: string[] }).repositories).toContain(name);
    const anonymous = await (await context().registry(side)).send("GET", "/v2/_catalog", { authorization: null });
    expect(anonymous.status).toBe(401);
  });
});
