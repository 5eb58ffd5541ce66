import { expect } from "vitest";
import { type ContractCase, onBoth } from "../../support/contract-case.ts";
import { artifactOf, imageWith, manifestOf } from "../../support/contract-images.ts";
import { expectRefusal, texts } from "../../support/contract-refusals.ts";
import { bytesOf, refusalOf } from "../../support/contract-registry.ts";
import { descriptorOf, indexOf, partOf, TYPE } from "../../support/image-parts.ts";

const image = imageWith("layer");
/** Without a media type of its own. */
const untyped = manifestOf(
  { mediaType: undefined, config: descriptorOf(partOf("{}", TYPE.config)), layers: [descriptorOf(partOf("layer"))] },
  [partOf("{}", TYPE.config), partOf("layer")],
);

/** PutImage and the PUT of a manifest: what both check, and that they write to one place. */
export const cases: readonly ContractCase[] = [
  ...onBoth("takes an image once its layers are there, and tells its digest", async (context, side) => {
    const repository = await context.repository(side);
    for (const blob of image.blobs) await repository.pushBlob(blob);
    const put = await repository.put(image, "v1");
    expect(put.image).toMatchObject({
      registryId: repository.registryId,
      repositoryName: repository.name,
      imageId: { imageDigest: image.digest, imageTag: "v1" },
    });
    expect(put.image?.imageManifest).toBe(image.bytes.toString("utf8"));
  }),
  ...onBoth("shows at the registry what came by the API, byte for byte", async (context, side) => {
    const repository = await context.repository(side);
    await repository.push(image, "v1");
    const got = await repository.send("GET", "manifests/v1", { headers: { accept: image.mediaType } });
    expect(got.headers.get("content-type")).toBe(image.mediaType);
    expect((await bytesOf(got)).equals(image.bytes)).toBe(true);
  }),
  ...onBoth("shows in the API what came by the registry", async (context, side) => {
    const repository = await context.repository(side);
    await repository.sendImage(image, "v1");
    const { imageDetails } = await repository.api.describeImages({ repositoryName: repository.name });
    expect(imageDetails).toMatchObject([
      { imageDigest: image.digest, imageTags: ["v1"], imageManifestMediaType: image.mediaType },
    ]);
  }),
  ...onBoth("refuses an image whose layers are not there, at both front doors", async (context, side) => {
    const repository = await context.repository(side);
    await repository.pushBlob(partOf("layer"));
    await expectRefusal(repository.put(image, "v1"), "LayersNotFoundException");
    const refused = await repository.sendManifest(image, "v1");
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect((await repository.send("HEAD", "manifests/v1")).status).toBe(404);
  }),
  ...onBoth("refuses an index before its children, and takes it after them", async (context, side) => {
    const repository = await context.repository(side);
    const index = indexOf([image]);
    await expectRefusal(
      repository.put(index, "v1"),
      "ReferencedImagesNotFoundException",
      texts.childrenMissing(repository, [image.digest]),
    );
    const refused = await refusalOf(await repository.sendManifest(index, "v1"));
    expect(refused.message).toBe(texts.childrenMissing(repository, [image.digest]));
    await repository.push(index, "v1");
    const { imageDetails } = await repository.api.describeImages({
      repositoryName: repository.name,
      imageIds: [{ imageTag: "v1" }],
    });
    expect(imageDetails).toMatchObject([{ imageDigest: index.digest, imageManifestMediaType: index.mediaType }]);
  }),
  ...onBoth("refuses a digest that is not the manifest's", async (context, side) => {
    const repository = await context.repository(side);
    for (const blob of image.blobs) await repository.pushBlob(blob);
    const input = { repositoryName: repository.name, imageManifest: image.bytes.toString("utf8") };
    await expectRefusal(
      repository.api.putImage({ ...input, imageDigest: imageWith("other").digest }),
      "ImageDigestDoesNotMatchException",
    );
    const put = await repository.api.putImage({ ...input, imageDigest: image.digest });
    expect(put.image?.imageId).toEqual({ imageDigest: image.digest });
  }),
  ...onBoth("refuses the same image under the same tag, and takes it under another", async (context, side) => {
    const repository = await context.repository(side);
    await repository.push(image, "v1");
    await expectRefusal(
      repository.put(image, "v1"),
      "ImageAlreadyExistsException",
      texts.imageExists(repository, image.digest, "v1"),
    );
    await repository.put(image, "v2");
    const { imageDetails } = await repository.api.describeImages({ repositoryName: repository.name });
    expect(imageDetails?.map(({ imageTags }) => imageTags?.sort())).toEqual([["v1", "v2"]]);
  }),
  ...onBoth("takes the same image under the same tag again by the registry", async (context, side) => {
    const repository = await context.repository(side);
    await repository.sendImage(image, "v1");
    expect((await repository.sendManifest(image, "v1")).status).toBe(201);
  }),
  ...onBoth("moves a tag, and leaves the image that had it untagged", async (context, side) => {
    const repository = await context.repository(side);
    const second = imageWith("second");
    await repository.push(image, "latest");
    await repository.push(second, "latest");
    const { imageDetails } = await repository.api.describeImages({ repositoryName: repository.name });
    const tags = Object.fromEntries(imageDetails?.map((one) => [one.imageDigest, one.imageTags ?? []]) ?? []);
    expect(tags).toEqual({ [image.digest]: [], [second.digest]: ["latest"] });
  }),
  ...onBoth("needs a media type, in the manifest or beside it", async (context, side) => {
    const repository = await context.repository(side);
    for (const blob of untyped.blobs) await repository.pushBlob(blob);
    const imageManifest = untyped.bytes.toString("utf8");
    await expectRefusal(
      repository.api.putImage({ repositoryName: repository.name, imageManifest }),
      "InvalidParameterException",
      texts.invalidManifest,
    );
    const put = await repository.put(untyped);
    expect(put.image?.imageId?.imageDigest).toBe(untyped.digest);
  }),
  ...onBoth("refuses text that is no manifest, at both front doors", async (context, side) => {
    const repository = await context.repository(side);
    const none = { ...partOf("no manifest", TYPE.image) };
    await expectRefusal(repository.put(none, "v1"), "InvalidParameterException", texts.invalidManifest);
    expect(await refusalOf(await repository.sendManifest(none, "v1"))).toEqual({
      status: 405,
      code: "UNSUPPORTED",
      message: texts.invalidManifest,
    });
  }),
  ...onBoth("refuses the withdrawn artifact manifest", async (context, side) => {
    const repository = await context.repository(side);
    const mediaType = "application/vnd.oci.artifact.manifest.v1+json";
    const withdrawn = partOf(
      JSON.stringify({ mediaType, artifactType: "application/vnd.example", blobs: [] }),
      mediaType,
    );
    await expectRefusal(repository.put(withdrawn, "v1"), "InvalidParameterException");
    expect((await repository.sendManifest(withdrawn, "v1")).status).toBe(405);
  }),
  ...onBoth("refuses an artifact type with a parameter", async (context, side) => {
    const repository = await context.repository(side);
    const artifact = artifactOf("content", { artifactType: "text/plain;charset=utf-8" });
    for (const blob of artifact.blobs) await repository.pushBlob(blob);
    await expectRefusal(repository.put(artifact), "InvalidParameterException");
  }),
  ...onBoth("takes an artifact without a tag", async (context, side) => {
    const repository = await context.repository(side);
    const artifact = artifactOf("content", { artifactType: "application/vnd.example.sbom" });
    await repository.push(artifact);
    const imageIds = [{ imageDigest: artifact.digest }];
    const { imageDetails } = await repository.api.describeImages({ repositoryName: repository.name, imageIds });
    expect(imageDetails).toMatchObject([{ imageDigest: artifact.digest }]);
    expect(imageDetails?.[0]?.imageTags ?? []).toEqual([]);
  }),
  ...onBoth("refuses a tag that is none", async (context, side) => {
    const repository = await context.repository(side);
    await repository.push(image);
    for (const tag of ["a tag", "a/b", "x".repeat(301)]) {
      await expectRefusal(repository.put(image, tag), "InvalidParameterException");
    }
  }),
  ...onBoth("puts nothing into a repository that is not there", async (context, side) => {
    const place = { name: context.newName(side), registryId: await context.registryId() };
    await expectRefusal(
      context.api(side).putImage({ repositoryName: place.name, imageManifest: image.bytes.toString("utf8") }),
      "RepositoryNotFoundException",
      texts.repositoryUnknown(place),
    );
  }),
];
