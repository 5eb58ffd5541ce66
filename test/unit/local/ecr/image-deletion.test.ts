import { describe, expect, it } from "vitest";
import { imageOf, indexOf } from "./image-content.ts";
import { sharedCalls, sides, startRegistries } from "./registry-apis.ts";

describe.each(sides)("BatchDeleteImage of the %s registry", (side) => {
  const start = async () => sharedCalls(await startRegistries(), side);

  it("takes a tag away, and with the last tag the image", async () => {
    const { repositoryName, push, batchDeleteImage, describeImages } = await start();
    const image = imageOf(["layer"]);
    await push(image, "v1");
    await push(image, "v2");

    const first = await batchDeleteImage({ repositoryName, imageIds: [{ imageTag: "v1" }] });
    expect(first).toMatchObject({ imageIds: [{ imageDigest: image.digest, imageTag: "v1" }], failures: [] });
    const left = await describeImages({ repositoryName });
    expect(left.imageDetails?.map(({ imageTags }) => imageTags)).toEqual([["v2"]]);

    const last = { imageDigest: image.digest, imageTag: "v2" };
    expect(await batchDeleteImage({ repositoryName, imageIds: [last] })).toMatchObject({
      imageIds: [last],
      failures: [],
    });
    expect((await describeImages({ repositoryName })).imageDetails).toEqual([]);
  });

  it("deletes an image with all its tags by its digest, told one identifier per tag", async () => {
    const { repositoryName, push, batchDeleteImage, describeImages } = await start();
    const tagged = imageOf(["tagged"]);
    const untagged = imageOf(["untagged"]);
    await push(tagged, "v1");
    await push(tagged, "v2");
    await push(untagged);

    const deleted = await batchDeleteImage({
      repositoryName,
      // The tag of an image that goes as a whole is not deleted a second time.
      imageIds: [{ imageDigest: tagged.digest }, { imageTag: "v2" }, { imageDigest: untagged.digest }],
    });
    expect(deleted.imageIds).toEqual([
      { imageDigest: tagged.digest, imageTag: "v1" },
      { imageDigest: tagged.digest, imageTag: "v2" },
      { imageDigest: untagged.digest },
    ]);
    expect(deleted.failures).toEqual([]);
    expect((await describeImages({ repositoryName })).imageDetails).toEqual([]);
  });

  it("keeps the images of an index that is still there, by digest and by their last tag", async () => {
    const { repositoryName, push, batchDeleteImage, describeImages } = await start();
    const [one, two] = [imageOf(["one"]), imageOf(["two"])];
    const index = indexOf([one, two]);
    await push(one);
    await push(two, "amd64");
    await push(index, "v1");

    const imageIds = [{ imageDigest: one.digest }, { imageTag: "amd64" }];
    const refused = await batchDeleteImage({ repositoryName, imageIds });
    expect(refused.imageIds).toEqual([]);
    expect(refused.failures).toEqual(
      imageIds.map((imageId) => ({
        imageId,
        failureCode: "ImageReferencedByManifestList",
        failureReason: `Requested image referenced by manifest list: [${index.digest}]`,
      })),
    );
    expect((await describeImages({ repositoryName })).imageDetails).toHaveLength(3);

    const inOrder = await batchDeleteImage({ repositoryName, imageIds: [{ imageTag: "v1" }, ...imageIds] });
    expect(inOrder.failures).toEqual([]);
    expect((await describeImages({ repositoryName })).imageDetails).toEqual([]);
  });

  it("tells for each identifier why it names no image", async () => {
    const { repositoryName, push, batchDeleteImage } = await start();
    const image = imageOf(["layer"]);
    const absent = imageOf(["absent"]).digest;
    await push(image, "v1");

    const cases = [
      [{}, "MissingDigestAndTag", "Invalid request parameters: both tag and digest cannot be null"],
      [
        { imageDigest: "no digest" },
        "InvalidImageDigest",
        "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
      ],
      [
        { imageTag: "no tag" },
        "InvalidImageTag",
        "Invalid request parameters: image tag should satisfy the regex '[a-zA-Z0-9-_.]+'",
      ],
      [{ imageDigest: absent }, "ImageNotFound", "Requested image not found"],
      [{ imageTag: "absent" }, "ImageNotFound", "Requested image not found"],
      [{ imageTag: "absent", imageDigest: image.digest }, "ImageNotFound", "Requested image not found"],
      [
        { imageTag: "v1", imageDigest: absent },
        "ImageTagDoesNotMatchDigest",
        "Invalid request parameters: given tag does not map to the given digest",
      ],
    ] as const;
    const { imageIds, failures } = await batchDeleteImage({
      repositoryName,
      imageIds: cases.map(([imageId]) => imageId),
    });
    expect(imageIds).toEqual([]);
    expect(failures).toEqual(
      cases.map(([imageId, failureCode, failureReason]) => ({ imageId, failureCode, failureReason })),
    );
  });
});
