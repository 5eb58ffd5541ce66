import { describe, expect, it } from "vitest";
import {
  deletePublicImages,
  describePublicImage,
  listPublicImages,
  publicDigestsOf,
} from "#shared/ecr/public-images.ts";
import { awsError, startScriptedEcr, success } from "./scripted-ecr.ts";
import { recorded, repository, startWithRepositories } from "./stored-images.ts";

const absent = `sha256:${"0".repeat(64)}`;
const numbers = (length: number) => Array.from({ length }, (_, number) => number);

describe("a public image", () => {
  it("is described by its digest", async () => {
    const { ecrPublic, put } = await startWithRepositories();
    const digest = await put("public", { tag: "v1" });
    await put("public", { tag: "latest" });

    expect(await describePublicImage(ecrPublic, repository, digest)).toEqual({
      digest,
      tags: ["latest", "v1"],
      pushedAt: expect.any(Date),
      mediaType: "application/vnd.oci.image.index.v1+json",
    });
  });

  it("is undefined without image or repository", async () => {
    const { ecrPublic } = await startWithRepositories();

    expect(await describePublicImage(ecrPublic, repository, absent)).toBeUndefined();
    expect(await describePublicImage(ecrPublic, "team/none", absent)).toBeUndefined();
  });
});

describe("digests of public tags", () => {
  it("take one call where all are there, and leave out tags that nobody asked for", async () => {
    const { ecrPublic, put } = await startWithRepositories();
    const [one, other] = [await put("public", { tag: "v1" }), await put("public", { number: 1, tag: "v2" })];
    for (const tag of ["latest", "v1.0"]) await put("public", { tag });
    const operations = recorded(ecrPublic);

    const digests = await publicDigestsOf(ecrPublic, repository, ["v1", "v2", "latest", "v1"]);

    expect(Object.fromEntries(digests)).toEqual({ v1: one, v2: other, latest: one });
    expect(operations).toEqual(["DescribeImages"]);
  });

  it("are asked for a hundred at a time", async () => {
    const { ecrPublic, put } = await startWithRepositories();
    const tags = numbers(250).map((number) => `v${number}`);
    for (const tag of tags) await put("public", { tag });
    const operations = recorded(ecrPublic);

    expect([...(await publicDigestsOf(ecrPublic, repository, tags)).keys()].sort()).toEqual(tags.sort());
    expect(operations).toHaveLength(3);
  });

  it.each([
    [["missing"], 1],
    [["v0", "missing"], 3],
    [["v0", "v1", "missing", "v2", "v3"], 5],
    [["missing", "v0", "gone"], 5],
  ])("leave out those of %j that are missing, with %i calls", async (tags, calls) => {
    const { ecrPublic, put } = await startWithRepositories();
    for (const number of numbers(4)) await put("public", { number, tag: `v${number}` });
    const operations = recorded(ecrPublic);

    const digests = await publicDigestsOf(ecrPublic, repository, tags);

    expect([...digests.keys()].sort()).toEqual(tags.filter((tag) => tag.startsWith("v")).sort());
    expect(operations).toHaveLength(calls);
  });

  it("are none without the repository, with one call, and none without tags, with no call", async () => {
    const { ecrPublic } = await startWithRepositories();
    const operations = recorded(ecrPublic);

    expect(await publicDigestsOf(ecrPublic, "team/none", ["v1", "v2", "v3"])).toEqual(new Map());
    expect(operations).toHaveLength(1);
    expect(await publicDigestsOf(ecrPublic, repository, [])).toEqual(new Map());
    expect(operations).toHaveLength(1);
  });

  it("are not taken for missing where half of them is denied", async () => {
    const { ecrPublic } = await startScriptedEcr(
      awsError("ImageNotFoundException"),
      success({ imageDetails: [] }),
      awsError("AccessDeniedException"),
    );

    await expect(publicDigestsOf(ecrPublic, repository, ["v1", "v2"])).rejects.toMatchObject({ code: "ecr-denied" });
  });
});

describe("the list of public images", () => {
  it("has all of them, page by page, with tags and without", async () => {
    const { ecrPublic, put } = await startWithRepositories();
    const digests: string[] = [];
    for (const number of numbers(1001)) digests.push(await put("public", { number }));
    await put("public", { number: 7, tag: "v7" });
    const operations = recorded(ecrPublic);

    const images = await Array.fromAsync(listPublicImages(ecrPublic, repository));

    expect(images.map(({ digest }) => digest).sort()).toEqual([...digests].sort());
    expect(images.filter(({ tags }) => tags.length > 0)).toEqual([
      {
        digest: digests[7],
        tags: ["v7"],
        pushedAt: expect.any(Date),
        mediaType: "application/vnd.oci.image.index.v1+json",
      },
    ]);
    expect(operations).toHaveLength(2);
  });

  it("is no empty list without the repository", async () => {
    const { ecrPublic } = await startWithRepositories();

    await expect(Array.fromAsync(listPublicImages(ecrPublic, "team/none"))).rejects.toMatchObject({
      code: "ecr-not-found",
      permanent: false,
    });
  });
});

describe("the deletion of public images", () => {
  it("takes away tags and whole images, and tells what it could not", async () => {
    const { ecrPublic, put, store } = await startWithRepositories();
    const whole = await put("public", { tag: "v1" });
    await put("public", { tag: "v1.0" });
    const tagged = await put("public", { number: 1, tag: "v2" });
    await put("public", { number: 1, tag: "v2.0" });

    const { deleted, failures } = await deletePublicImages(ecrPublic, repository, [
      { digest: whole },
      { tag: "v2" },
      { tag: "missing" },
    ]);

    expect(deleted).toEqual([
      { digest: whole, tag: "v1" },
      { digest: whole, tag: "v1.0" },
      { digest: tagged, tag: "v2" },
    ]);
    expect(failures).toEqual([{ id: { tag: "missing" }, code: "ImageNotFound", reason: "Requested image not found" }]);
    expect(store.public.images(repository).map(({ digest, tags }) => ({ digest, tags }))).toEqual([
      { digest: tagged, tags: ["v2.0"] },
    ]);
  });

  it("leaves an image that an index needs, and deletes the rest", async () => {
    const failure = {
      imageId: { imageDigest: absent },
      failureCode: "ImageReferencedByManifestList",
      failureReason: "r",
    };
    const { ecrPublic } = await startScriptedEcr(success({ imageIds: [{ imageTag: "v1" }], failures: [failure] }));

    expect(await deletePublicImages(ecrPublic, repository, [{ digest: absent }, { tag: "v1" }])).toEqual({
      deleted: [{ tag: "v1" }],
      failures: [{ id: { digest: absent }, code: "ImageReferencedByManifestList", reason: "r" }],
    });
  });

  it("goes a hundred at a time, and does nothing for nothing", async () => {
    const { ecrPublic, put } = await startWithRepositories();
    const digests: string[] = [];
    for (const number of numbers(201)) digests.push(await put("public", { number }));
    const operations = recorded(ecrPublic);

    const { deleted, failures } = await deletePublicImages(
      ecrPublic,
      repository,
      digests.map((digest) => ({ digest })),
    );

    expect(deleted).toEqual(digests.map((digest) => ({ digest })));
    expect(failures).toEqual([]);
    expect(operations).toEqual(Array(3).fill("BatchDeleteImage"));
    expect(await deletePublicImages(ecrPublic, repository, [])).toEqual({ deleted: [], failures: [] });
    expect(operations).toHaveLength(3);
  });

  it("needs the repository", async () => {
    const { ecrPublic } = await startWithRepositories();

    await expect(deletePublicImages(ecrPublic, "team/none", [{ tag: "v1" }])).rejects.toMatchObject({
      code: "ecr-not-found",
    });
  });
});
