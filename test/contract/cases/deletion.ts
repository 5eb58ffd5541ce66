import { expect } from "vitest";
import { type ContractCase, onBoth } from "../../support/contract-case.ts";
import { imageWith } from "../../support/contract-images.ts";
import { expectRefusal } from "../../support/contract-refusals.ts";
import { indexOf } from "../../support/image-parts.ts";

const image = imageWith("layer");

/** BatchDeleteImage. */
export const cases: readonly ContractCase[] = [
  ...onBoth("takes a tag away, and with the last tag the image", async (context, side) => {
    const repository = await context.repository(side);
    const { name: repositoryName, api } = repository;
    await repository.push(image, "v1");
    await repository.push(image, "v2");
    const first = await api.batchDeleteImage({ repositoryName, imageIds: [{ imageTag: "v1" }] });
    expect(first).toMatchObject({ imageIds: [{ imageDigest: image.digest, imageTag: "v1" }], failures: [] });
    const left = await api.describeImages({ repositoryName });
    expect(left.imageDetails).toMatchObject([{ imageTags: ["v2"] }]);
    await api.batchDeleteImage({ repositoryName, imageIds: [{ imageTag: "v2" }] });
    expect((await api.describeImages({ repositoryName })).imageDetails).toEqual([]);
    expect((await repository.send("HEAD", `manifests/${image.digest}`)).status).toBe(404);
  }),
  ...onBoth("deletes an image with all its tags by its digest", async (context, side) => {
    const repository = await context.repository(side);
    const { name: repositoryName, api } = repository;
    await repository.push(image, "v1");
    await repository.push(image, "v2");
    const { imageIds, failures } = await api.batchDeleteImage({
      repositoryName,
      imageIds: [{ imageDigest: image.digest }],
    });
    expect(failures).toEqual([]);
    expect(imageIds?.map(({ imageTag }) => imageTag).sort()).toEqual(["v1", "v2"]);
    expect((await api.describeImages({ repositoryName })).imageDetails).toEqual([]);
  }),
  ...onBoth("deletes what it can and tells why it cannot the rest", async (context, side) => {
    const repository = await context.repository(side);
    const { name: repositoryName, api } = repository;
    await repository.push(image, "v1");
    const absent = imageWith("absent").digest;
    const { imageIds, failures } = await api.batchDeleteImage({
      repositoryName,
      imageIds: [{ imageTag: "v1" }, { imageTag: "absent" }, { imageDigest: absent }, { imageDigest: "no digest" }],
    });
    expect(imageIds).toEqual([{ imageDigest: image.digest, imageTag: "v1" }]);
    expect(failures).toMatchObject([
      { imageId: { imageTag: "absent" }, failureCode: "ImageNotFound" },
      { imageId: { imageDigest: absent }, failureCode: "ImageNotFound" },
      { imageId: { imageDigest: "no digest" }, failureCode: "InvalidImageDigest" },
    ]);
  }),
  ...onBoth("keeps an image when a tag and another digest are named together", async (context, side) => {
    const repository = await context.repository(side);
    const { name: repositoryName, api } = repository;
    await repository.push(image, "v1");
    const imageDigest = imageWith("other").digest;
    const { failures } = await api.batchDeleteImage({ repositoryName, imageIds: [{ imageTag: "v1", imageDigest }] });
    expect(failures).toMatchObject([{ failureCode: "ImageTagDoesNotMatchDigest" }]);
    expect((await api.describeImages({ repositoryName })).imageDetails).toHaveLength(1);
  }),
  ...onBoth("keeps the children of an index until the index is gone", async (context, side) => {
    const repository = await context.repository(side);
    const { name: repositoryName, api } = repository;
    const index = indexOf([image]);
    await repository.push(index, "v1");
    const imageIds = [{ imageDigest: image.digest }];
    const { failures } = await api.batchDeleteImage({ repositoryName, imageIds });
    expect(failures).toMatchObject([{ imageId: imageIds[0], failureCode: "ImageReferencedByManifestList" }]);
    await api.batchDeleteImage({ repositoryName, imageIds: [{ imageDigest: index.digest }] });
    expect((await api.batchDeleteImage({ repositoryName, imageIds })).failures).toEqual([]);
    expect((await api.describeImages({ repositoryName })).imageDetails).toEqual([]);
  }),
  ...onBoth("can be pushed again after it was deleted", async (context, side) => {
    const repository = await context.repository(side);
    const { name: repositoryName, api } = repository;
    await repository.push(image, "v1");
    await api.batchDeleteImage({ repositoryName, imageIds: [{ imageDigest: image.digest }] });
    await repository.push(image, "v1");
    expect((await api.describeImages({ repositoryName })).imageDetails).toMatchObject([{ imageTags: ["v1"] }]);
  }),
  ...onBoth("takes from one to a hundred identifiers, of a repository that is there", async (context, side) => {
    const { name: repositoryName, api } = await context.repository(side);
    const many = Array.from({ length: 101 }, (_, index) => ({ imageTag: `v${index}` }));
    for (const imageIds of [[], many]) {
      await expectRefusal(api.batchDeleteImage({ repositoryName, imageIds }), "InvalidParameterException");
    }
    const missing = context.newName(side);
    await expectRefusal(
      api.batchDeleteImage({ repositoryName: missing, imageIds: [{ imageTag: "v1" }] }),
      "RepositoryNotFoundException",
    );
  }),
];
