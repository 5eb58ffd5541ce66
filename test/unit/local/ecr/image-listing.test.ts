import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  ListImagesCommand,
  paginateDescribeImages,
  paginateListImages,
} from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { imageOf, indexOf, sizeOf } from "./image-content.ts";
import { sharedCalls, startRegistries } from "./registry-apis.ts";
import { accountId } from "./start-account.ts";

async function start() {
  const registries = await startRegistries();
  return { ...registries, ...(await sharedCalls(registries, "private")) };
}

/** Seven images, of which those with an even number are tagged; image 0 has two tags. */
async function startWithSeven() {
  const started = await start();
  const images = Array.from({ length: 7 }, (_, number) => imageOf([`layer ${number}`]));
  for (const [number, image] of images.entries())
    await started.push(image, number % 2 === 0 ? `v${number}` : undefined);
  await started.push(images[0] ?? imageOf([]), "latest");
  const digests = images.map(({ digest }) => digest).sort();
  const ids = images.flatMap(({ digest }, number) => {
    if (number === 0) return [`${digest} latest`, `${digest} v0`];
    return [number % 2 === 0 ? `${digest} v${number}` : `${digest} `];
  });
  return { ...started, images, digests, ids: ids.sort() };
}

async function collect<Page>(pages: AsyncIterable<Page>): Promise<Page[]> {
  const all: Page[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

describe("DescribeImages", () => {
  it("gives pages of maxResults in the order of digests", async () => {
    const { ecr, repositoryName, digests } = await startWithSeven();
    const pages = await collect(paginateDescribeImages({ client: ecr, pageSize: 3 }, { repositoryName }));
    const told = pages.map((page) => page.imageDetails?.map(({ imageDigest }) => imageDigest));
    expect(told).toEqual([digests.slice(0, 3), digests.slice(3, 6), digests.slice(6)]);
  });

  it("filters by tag status, over pages", async () => {
    const { ecr, repositoryName, images } = await startWithSeven();
    const filtered = async (tagStatus: "TAGGED" | "UNTAGGED" | "ANY") => {
      const pages = await collect(
        paginateDescribeImages({ client: ecr, pageSize: 2 }, { repositoryName, filter: { tagStatus } }),
      );
      return pages.flatMap(({ imageDetails }) => imageDetails?.map(({ imageDigest }) => imageDigest));
    };
    const numbered = (keep: (number: number) => boolean) =>
      images
        .filter((_, number) => keep(number))
        .map(({ digest }) => digest)
        .sort();
    expect(await filtered("TAGGED")).toEqual(numbered((number) => number % 2 === 0));
    expect(await filtered("UNTAGGED")).toEqual(numbered((number) => number % 2 === 1));
    expect(await filtered("ANY")).toEqual(numbered(() => true));
  });

  it("finds nothing archived", async () => {
    const { ecr, repositoryName, push } = await start();
    await push(imageOf(["layer"]), "v1");
    const filter = { imageStatus: "ARCHIVED" } as const;
    expect((await ecr.send(new DescribeImagesCommand({ repositoryName, filter }))).imageDetails).toEqual([]);
    const all = await ecr.send(new DescribeImagesCommand({ repositoryName, filter: { imageStatus: "ANY" } }));
    expect(all.imageDetails).toHaveLength(1);
  });

  it("refuses a token of another list", async () => {
    const { ecr, repositoryName } = await startWithSeven();
    const { nextToken } = await ecr.send(new ListImagesCommand({ repositoryName, maxResults: 1 }));
    await expect(ecr.send(new DescribeImagesCommand({ repositoryName, nextToken }))).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });

  it("gives each image that is asked for once, and refuses paging beside identifiers", async () => {
    const { ecr, repositoryName, images } = await startWithSeven();
    const imageIds = [{ imageTag: "v0" }, { imageTag: "latest" }, { imageDigest: images[1]?.digest }];
    const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName, imageIds }));
    expect(imageDetails?.map(({ imageDigest }) => imageDigest)).toEqual([images[0]?.digest, images[1]?.digest]);
    await expect(
      ecr.send(new DescribeImagesCommand({ repositoryName, imageIds, maxResults: 10 })),
    ).rejects.toMatchObject({
      name: "InvalidParameterException",
      message:
        "Invalid parameter at 'maxResults' failed to satisfy constraint: 'maxResults cannot be used when you specify images with imageIds'",
    });
  });

  it("fails when one of the images is not there", async () => {
    const { ecr, repositoryName, push } = await start();
    await push(imageOf(["layer"]), "v1");
    const imageIds = [{ imageTag: "v1" }, { imageTag: "v2" }];
    await expect(ecr.send(new DescribeImagesCommand({ repositoryName, imageIds }))).rejects.toMatchObject({
      name: "ImageNotFoundException",
      message: `The image with imageId {imageDigest:'null', imageTag:'v2'} does not exist within the repository with name '${repositoryName}' in the registry with id '${accountId}'`,
    });
  });

  it("tells an index the size of its largest image, and an artifact its subject", async () => {
    const { ecr, repositoryName, push } = await start();
    const images = [imageOf(["small"]), imageOf(["larger by far"])];
    for (const image of images) await push(image);
    const index = indexOf(images);
    await push(index, "v1");
    const subject = { mediaType: index.mediaType, digest: index.digest, size: index.manifest.length };
    const signature = imageOf(["signature"], { subject, artifactType: "application/vnd.example.signature" });
    await push(signature);

    const describe = async (imageDigest: string) =>
      (await ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest }] }))).imageDetails?.[0];
    expect(await describe(index.digest)).toMatchObject({
      imageSizeInBytes: Math.max(...images.map(sizeOf)),
      imageStatus: "ACTIVE",
    });
    const told = await describe(signature.digest);
    expect(told).toMatchObject({
      subjectManifestDigest: index.digest,
      artifactMediaType: "application/vnd.example.signature",
    });
    expect(told).not.toHaveProperty("imageTags");
    expect(told).not.toHaveProperty("lastRecordedPullTime");
  });

  it("tells when an image was last pulled, anew after a day", async () => {
    const { ecr, repositoryName, push, time } = await start();
    await push(imageOf(["layer"]), "v1");
    const imageIds = [{ imageTag: "v1" }];
    const pull = () => ecr.send(new BatchGetImageCommand({ repositoryName, imageIds }));
    const lastPull = async () =>
      (await ecr.send(new DescribeImagesCommand({ repositoryName, imageIds }))).imageDetails?.[0]?.lastRecordedPullTime;
    expect(await lastPull()).toBeUndefined();

    await pull();
    const first = await lastPull();
    expect(first).toBeInstanceOf(Date);
    time.ahead = 23 * 3600_000;
    await pull();
    expect(await lastPull()).toEqual(first);
    time.ahead = 25 * 3600_000;
    await pull();
    expect((await lastPull())?.getTime()).toBeGreaterThan((first?.getTime() ?? 0) + 24 * 3600_000);
  });
});

describe("ListImages", () => {
  const told = (ids: readonly { imageDigest?: string | undefined; imageTag?: string | undefined }[] = []) =>
    ids.map(({ imageDigest, imageTag }) => `${imageDigest} ${imageTag ?? ""}`);

  it.each([1, 2, 3, 100])("tells one identifier per tag and image without tags, in pages of %i", async (pageSize) => {
    const { ecr, repositoryName, ids } = await startWithSeven();
    const pages = await collect(paginateListImages({ client: ecr, pageSize }, { repositoryName }));
    expect(pages.flatMap(({ imageIds }) => told(imageIds))).toEqual(ids);
    expect(pages.every(({ imageIds }) => (imageIds?.length ?? 0) <= pageSize)).toBe(true);
  });

  it("filters by tag status", async () => {
    const { ecr, repositoryName, ids } = await startWithSeven();
    const filtered = async (tagStatus: "TAGGED" | "UNTAGGED") =>
      told((await ecr.send(new ListImagesCommand({ repositoryName, filter: { tagStatus } }))).imageIds);
    expect(await filtered("TAGGED")).toEqual(ids.filter((id) => !id.endsWith(" ")));
    expect(await filtered("UNTAGGED")).toEqual(ids.filter((id) => id.endsWith(" ")));
  });

  it("refuses a repository that is not there", async () => {
    const { ecr } = await start();
    await expect(ecr.send(new ListImagesCommand({ repositoryName: "missing" }))).rejects.toMatchObject({
      name: "RepositoryNotFoundException",
    });
  });
});
