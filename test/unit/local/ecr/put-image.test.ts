import { PutImageTagMutabilityCommand } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { imageOf, indexOf, ociManifest } from "./image-content.ts";
import { sharedCalls, sides, startRegistries } from "./registry-apis.ts";

const invalidManifest = (constraint: string) => ({
  name: "InvalidParameterException",
  message: `Invalid parameter at 'ImageManifest' failed to satisfy constraint: '${constraint}'`,
});

describe.each(sides)("PutImage of the %s registry", (side) => {
  const start = async () => sharedCalls(await startRegistries(), side);

  it("refuses the same digest under the same tag, and takes it under another", async () => {
    const { repositoryName, registryId, push, describeImages } = await start();
    const image = imageOf(["layer"]);
    await push(image, "v1");

    await expect(push(image, "v1")).rejects.toMatchObject({
      name: "ImageAlreadyExistsException",
      message: `Image with digest '${image.digest}' and tag 'v1' already exists in the repository with name '${repositoryName}' in registry with id '${registryId}'`,
    });
    await push(image, "v2");
    const { imageDetails } = await describeImages({ repositoryName });
    expect(imageDetails?.map(({ imageTags }) => imageTags)).toEqual([["v1", "v2"]]);
  });

  it("moves a tag to another image", async () => {
    const { repositoryName, push, describeImages } = await start();
    const [first, second] = [imageOf(["first"]), imageOf(["second"])];
    await push(first, "latest");
    await push(second, "latest");

    const { imageDetails } = await describeImages({ repositoryName, imageIds: [{ imageTag: "latest" }] });
    expect(imageDetails?.map(({ imageDigest }) => imageDigest)).toEqual([second.digest]);
    const old = await describeImages({ repositoryName, imageIds: [{ imageDigest: first.digest }] });
    expect(old.imageDetails?.[0]?.imageTags).toBeUndefined();
  });

  it("refuses an image whose layers are not there, naming them", async () => {
    const { repositoryName, putImage } = await start();
    const image = imageOf(["layer"]);
    const [config, layer] = image.blobs;
    await expect(putImage({ repositoryName, imageManifest: image.manifest })).rejects.toMatchObject({
      name: "LayersNotFoundException",
      message: expect.stringContaining(`'[${config?.digest}, ${layer?.digest}]'`),
    });
  });

  it("refuses an index before its children, and takes it after them", async () => {
    const { repositoryName, registryId, push, putImage, describeImages } = await start();
    const children = [imageOf(["for arm"]), imageOf(["for another, larger"])];
    const index = indexOf(children);
    await expect(putImage({ repositoryName, imageManifest: index.manifest })).rejects.toMatchObject({
      name: "ReferencedImagesNotFoundException",
      message: `Images with digests '[${children.map(({ digest }) => digest).join(", ")}]' required for pushing image into repository with name '${repositoryName}' in the registry with id '${registryId}' do not exist`,
    });

    for (const child of children) await push(child);
    await push(index, "v1");
    const { imageDetails } = await describeImages({ repositoryName, imageIds: [{ imageTag: "v1" }] });
    expect(imageDetails).toEqual([
      expect.objectContaining({ imageDigest: index.digest, imageManifestMediaType: index.mediaType }),
    ]);
  });

  it("refuses a digest that is not the manifest's", async () => {
    const { repositoryName, pushBlob, putImage } = await start();
    const image = imageOf(["layer"]);
    for (const { bytes, digest } of image.blobs) await pushBlob(bytes, digest);
    const imageDigest = imageOf(["other"]).digest;
    await expect(putImage({ repositoryName, imageManifest: image.manifest, imageDigest })).rejects.toMatchObject({
      name: "ImageDigestDoesNotMatchException",
    });
    const put = await putImage({ repositoryName, imageManifest: image.manifest, imageDigest: image.digest });
    expect(put.image?.imageId).toEqual({ imageDigest: image.digest });
  });

  it("needs a media type, in the manifest or beside it", async () => {
    const { repositoryName, pushBlob, putImage } = await start();
    const image = imageOf(["layer"], { mediaType: undefined });
    for (const { bytes, digest } of image.blobs) await pushBlob(bytes, digest);
    const imageManifest = image.manifest;

    await expect(putImage({ repositoryName, imageManifest })).rejects.toMatchObject(
      invalidManifest("Invalid JSON syntax"),
    );
    const put = await putImage({ repositoryName, imageManifest, imageManifestMediaType: ociManifest });
    expect(put.image).toMatchObject({ imageManifestMediaType: ociManifest, imageId: { imageDigest: image.digest } });
  });

  it.each([
    ["text that is not JSON", "{", "Invalid JSON syntax"],
    ["the withdrawn artifact manifest", artifactManifest(), "Invalid JSON syntax"],
    [
      "a ';' in the artifact type",
      imageOf(["layer"], { artifactType: "text/plain;charset=utf-8" }).manifest,
      "Invalid JSON syntax",
    ],
    ["an image without layers", imageOf([]).manifest, "Image has to have at least 1 layer"],
  ])("refuses %s", async (_what, imageManifest, constraint) => {
    const { repositoryName, putImage } = await start();
    await expect(putImage({ repositoryName, imageManifest })).rejects.toMatchObject(invalidManifest(constraint));
  });

  it("refuses a media type beside the manifest that contradicts it", async () => {
    const { repositoryName, putImage } = await start();
    const imageManifestMediaType = "application/vnd.docker.distribution.manifest.v2+json";
    await expect(
      putImage({ repositoryName, imageManifest: imageOf(["layer"]).manifest, imageManifestMediaType }),
    ).rejects.toMatchObject(invalidManifest("Invalid JSON syntax"));
  });

  it("refuses a thousand-and-first tag on one image", async () => {
    const { repositoryName, push, putImage, target } = await start();
    const image = imageOf(["layer"]);
    await push(image, "tag-0");
    for (let count = 1; count < 1000; count++) {
      const bytes = Buffer.from(image.manifest);
      const request = { repository: repositoryName, bytes, mediaType: undefined, digest: undefined };
      await target().registry.putManifest({ ...request, tag: `tag-${count}` });
    }
    await expect(
      putImage({ repositoryName, imageManifest: image.manifest, imageTag: "tag-1000" }),
    ).rejects.toMatchObject({ name: "LimitExceededException" });
  });
});

describe("PutImage of the private registry", () => {
  it("refuses to move a tag of an immutable repository", async () => {
    const registries = await startRegistries();
    const { repositoryName, push } = await sharedCalls(registries, "private");
    await registries.ecr.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: "IMMUTABLE" }));
    await push(imageOf(["first"]), "v1");
    await expect(push(imageOf(["second"]), "v1")).rejects.toMatchObject({
      name: "ImageTagAlreadyExistsException",
      message: `The image tag 'v1' already exists in the '${repositoryName}' repository and cannot be overwritten because the tag is immutable.`,
    });
  });
});

function artifactManifest(): string {
  return JSON.stringify({
    mediaType: "application/vnd.oci.artifact.manifest.v1+json",
    artifactType: "application/x.example",
    blobs: [],
  });
}
