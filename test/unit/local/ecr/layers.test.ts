import { describe, expect, it } from "vitest";
import { appendLayerPart, startLayerUpload } from "../../../../local/ecr/layers.ts";
import { blobOf, imageOf, sizeOf } from "./image-content.ts";
import { sharedCalls, sides, startRegistries } from "./registry-apis.ts";

const mebibyte = 1024 * 1024;
const unknownUpload = "00000000-0000-4000-8000-000000000000";

describe.each(sides)("layer upload of the %s registry", (side) => {
  const start = async () => sharedCalls(await startRegistries(), side);

  it("carries a whole push, which DescribeImages then shows", async () => {
    const { repositoryName, registryId, push, describeImages } = await start();
    const image = imageOf(["one layer", "another layer"]);

    const put = await push(image, "v1");
    expect(put.image).toEqual({
      registryId,
      repositoryName,
      imageId: { imageDigest: image.digest, imageTag: "v1" },
      imageManifest: image.manifest,
      imageManifestMediaType: image.mediaType,
    });

    const { imageDetails } = await describeImages({ repositoryName });
    expect(imageDetails).toEqual([
      expect.objectContaining({
        registryId,
        repositoryName,
        imageDigest: image.digest,
        imageTags: ["v1"],
        imageSizeInBytes: sizeOf(image),
        imagePushedAt: expect.any(Date),
        imageManifestMediaType: image.mediaType,
        artifactMediaType: "application/vnd.oci.image.config.v1+json",
      }),
    ]);
  });

  it("asks for parts of 10 MiB and tells the last byte it holds after each", async () => {
    const { repositoryName, registryId, initiateLayerUpload, uploadLayerPart, completeLayerUpload } = await start();
    const layer = blobOf(Buffer.alloc(5 * mebibyte + 3, "a"));

    const { uploadId, partSize } = await initiateLayerUpload({ repositoryName });
    expect(partSize).toBe(10 * mebibyte);
    const part = (first: number, end: number) =>
      uploadLayerPart({
        repositoryName,
        uploadId,
        partFirstByte: first,
        partLastByte: end - 1,
        layerPartBlob: layer.bytes.subarray(first, end),
      });
    expect(await part(0, 5 * mebibyte)).toMatchObject({
      registryId,
      repositoryName,
      uploadId,
      lastByteReceived: 5 * mebibyte - 1,
    });
    expect(await part(5 * mebibyte, 5 * mebibyte + 3)).toMatchObject({ lastByteReceived: 5 * mebibyte + 2 });

    const complete = await completeLayerUpload({ repositoryName, uploadId, layerDigests: [layer.digest] });
    expect(complete).toMatchObject({ registryId, repositoryName, uploadId, layerDigest: layer.digest });
  });

  it("refuses a part that does not continue the upload, and says where to resume", async () => {
    const { repositoryName, registryId, initiateLayerUpload, uploadLayerPart } = await start();
    const { uploadId } = await initiateLayerUpload({ repositoryName });
    const part = (partFirstByte: number) =>
      uploadLayerPart({
        repositoryName,
        uploadId,
        partFirstByte,
        partLastByte: partFirstByte + 4,
        layerPartBlob: Buffer.from("12345"),
      });
    await part(0);

    const expected = {
      name: "InvalidLayerPartException",
      registryId,
      repositoryName,
      uploadId,
      lastValidByteReceived: 4,
    };
    await expect(part(6)).rejects.toMatchObject(expected);
    await expect(part(0)).rejects.toMatchObject(expected);
    expect(await part(5)).toMatchObject({ lastByteReceived: 9 });
  });

  it("refuses a part whose bytes are not as many as its first and last say", async () => {
    const { repositoryName, initiateLayerUpload, uploadLayerPart } = await start();
    const { uploadId } = await initiateLayerUpload({ repositoryName });
    const part = (partLastByte: number, text: string) =>
      uploadLayerPart({
        repositoryName,
        uploadId,
        partFirstByte: 0,
        partLastByte,
        layerPartBlob: Buffer.from(text),
      });
    await expect(part(9, "12345")).rejects.toMatchObject({ name: "InvalidLayerPartException" });
    await expect(part(0, "")).rejects.toMatchObject({ name: "InvalidLayerPartException" });
    expect(await part(4, "12345")).toMatchObject({ lastByteReceived: 4 });
  });

  it("refuses to complete what has no parts, a small part before the last, or another digest", async () => {
    const { repositoryName, initiateLayerUpload, uploadLayerPart, completeLayerUpload } = await start();
    const bytes = Buffer.from("1234567890");
    const layerDigests = [blobOf(bytes).digest];
    const begun = async (...ends: number[]) => {
      const { uploadId } = await initiateLayerUpload({ repositoryName });
      let first = 0;
      for (const end of ends) {
        const layerPartBlob = bytes.subarray(first, end);
        await uploadLayerPart({ repositoryName, uploadId, partFirstByte: first, partLastByte: end - 1, layerPartBlob });
        first = end;
      }
      return uploadId;
    };

    await expect(completeLayerUpload({ repositoryName, uploadId: await begun(), layerDigests })).rejects.toMatchObject({
      name: "EmptyUploadException",
    });
    await expect(
      completeLayerUpload({ repositoryName, uploadId: await begun(5, 10), layerDigests }),
    ).rejects.toMatchObject({ name: "LayerPartTooSmallException" });
    await expect(
      completeLayerUpload({ repositoryName, uploadId: await begun(10), layerDigests: [blobOf("other").digest] }),
    ).rejects.toMatchObject({ name: "InvalidLayerException" });
  });

  it("takes the sha256 among several digests of the layer", async () => {
    const { repositoryName, initiateLayerUpload, uploadLayerPart, completeLayerUpload } = await start();
    const layer = blobOf("1234567890");
    const { uploadId } = await initiateLayerUpload({ repositoryName });
    await uploadLayerPart({
      repositoryName,
      uploadId,
      partFirstByte: 0,
      partLastByte: 9,
      layerPartBlob: layer.bytes,
    });
    const layerDigests = ["tarsum.v1:00ff", layer.digest];
    expect(await completeLayerUpload({ repositoryName, uploadId, layerDigests })).toMatchObject({
      layerDigest: layer.digest,
    });
  });

  it("refuses a layer that is there", async () => {
    const { pushBlob } = await start();
    const { bytes, digest } = blobOf("the same layer");
    await pushBlob(bytes, digest);
    await expect(pushBlob(bytes, digest)).rejects.toMatchObject({ name: "LayerAlreadyExistsException" });
  });

  it("refuses an upload that is not there, or whose repository is not", async () => {
    const { repositoryName, registryId, initiateLayerUpload, uploadLayerPart, completeLayerUpload } = await start();
    const uploadId = unknownUpload;
    const part = { partFirstByte: 0, partLastByte: 0, layerPartBlob: Buffer.from("1") };
    await expect(uploadLayerPart({ repositoryName, uploadId, ...part })).rejects.toMatchObject({
      name: "UploadNotFoundException",
    });
    await expect(
      completeLayerUpload({ repositoryName, uploadId, layerDigests: [blobOf("1").digest] }),
    ).rejects.toMatchObject({ name: "UploadNotFoundException" });
    await expect(initiateLayerUpload({ repositoryName: "team/missing" })).rejects.toMatchObject({
      name: "RepositoryNotFoundException",
      message: `The repository with name 'team/missing' does not exist in the registry with id '${registryId}'`,
    });
  });

  it("refuses a part that would make the layer larger than the quota", async () => {
    const { target } = await start();
    const limited = { ...target(), largestLayer: 2 * mebibyte };
    const { uploadId } = await startLayerUpload(limited);
    const layerPartBlob = Buffer.alloc(2 * mebibyte);
    await appendLayerPart(limited, { uploadId, partFirstByte: 0, partLastByte: 2 * mebibyte - 1, layerPartBlob });
    const more = { uploadId, partFirstByte: 2 * mebibyte, partLastByte: 2 * mebibyte, layerPartBlob: Buffer.from("1") };
    await expect(appendLayerPart(limited, more)).rejects.toMatchObject({
      code: "LimitExceededException",
      message: "The layer part would make the layer larger than the maximum layer size of 2 MiB",
    });
  });

  it("knows which layers are there, which are not, and which digests are none", async () => {
    const { repositoryName, pushBlob, batchCheckLayerAvailability } = await start();
    const there = blobOf("there");
    const missing = blobOf("missing");
    await pushBlob(there.bytes, there.digest);

    const layerDigests = [there.digest, missing.digest, "no digest", ""];
    const { layers, failures } = await batchCheckLayerAvailability({ repositoryName, layerDigests });
    expect(layers).toEqual([
      {
        layerDigest: there.digest,
        layerAvailability: "AVAILABLE",
        layerSize: 5,
        mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip",
      },
      { layerDigest: missing.digest, layerAvailability: "UNAVAILABLE" },
    ]);
    expect(failures).toEqual([
      {
        layerDigest: "no digest",
        failureCode: "InvalidLayerDigest",
        failureReason:
          "Invalid request parameters: layer digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
      },
      {
        layerDigest: "",
        failureCode: "MissingLayerDigest",
        failureReason: "Invalid request parameters: missing layer digest",
      },
    ]);
  });
});
