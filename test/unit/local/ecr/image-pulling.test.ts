import { BatchGetImageCommand, GetDownloadUrlForLayerCommand, ListImageReferrersCommand } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { blobOf, imageOf, indexOf, ociIndex, ociManifest } from "./image-content.ts";
import { sharedCalls, startRegistries } from "./registry-apis.ts";
import { accountId } from "./start-account.ts";

async function start() {
  const registries = await startRegistries();
  return { ...registries, ...(await sharedCalls(registries, "private")) };
}

describe("BatchGetImage", () => {
  it("gives the manifest as it was put, once per tag when asked by digest", async () => {
    const { ecr, repositoryName, push } = await start();
    const image = imageOf(["layer"]);
    await push(image, "v1");
    await push(image, "v2");
    const expected = (imageTag: string) => ({
      registryId: accountId,
      repositoryName,
      imageId: { imageDigest: image.digest, imageTag },
      imageManifest: image.manifest,
      imageManifestMediaType: ociManifest,
    });

    const byTag = await ecr.send(new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: "v1" }] }));
    expect(byTag).toMatchObject({ images: [expected("v1")], failures: [] });
    const imageIds = [{ imageDigest: image.digest }];
    const byDigest = await ecr.send(new BatchGetImageCommand({ repositoryName, imageIds }));
    expect(byDigest.images).toEqual([expected("v1"), expected("v2")]);
  });

  it("fails by tag, not by digest, when the media type is not accepted", async () => {
    const { ecr, repositoryName, push } = await start();
    const child = imageOf(["layer"]);
    const index = indexOf([child]);
    await push(child);
    await push(index, "v1");
    const get = (imageIds: { imageTag?: string; imageDigest?: string }[], acceptedMediaTypes: string[]) =>
      ecr.send(new BatchGetImageCommand({ repositoryName, imageIds, acceptedMediaTypes }));

    expect(await get([{ imageTag: "v1" }], [ociManifest])).toMatchObject({
      images: [],
      failures: [
        {
          imageId: { imageTag: "v1" },
          failureCode: "ImageNotFound",
          failureReason: `Requested image has the media type '${ociIndex}', which acceptedMediaTypes does not name; Amazon ECR would convert it, the local account does not`,
        },
      ],
    });
    const image = { imageManifest: index.manifest, imageManifestMediaType: ociIndex };
    expect(await get([{ imageDigest: index.digest }], [ociManifest])).toMatchObject({ images: [image] });
    expect(await get([{ imageTag: "v1" }], [ociManifest, ociIndex])).toMatchObject({ images: [image] });
  });
});

describe("ListImageReferrers", () => {
  it("lists what refers to an image, by type and in pages", async () => {
    const { ecr, repositoryName, push } = await start();
    const image = imageOf(["layer"]);
    await push(image, "v1");
    const subject = { mediaType: image.mediaType, digest: image.digest, size: image.manifest.length };
    const artifacts = ["signature", "sbom"].map((kind) =>
      imageOf([kind], { subject, artifactType: `application/vnd.example.${kind}`, annotations: { kind } }),
    );
    for (const artifact of artifacts) await push(artifact);
    const [signature] = artifacts;
    const subjectId = { imageDigest: image.digest };
    const list = (more: object) => ecr.send(new ListImageReferrersCommand({ repositoryName, subjectId, ...more }));

    const filter = { artifactTypes: ["application/vnd.example.signature"] };
    expect((await list({ filter })).referrers).toEqual([
      {
        digest: signature?.digest,
        mediaType: ociManifest,
        artifactType: "application/vnd.example.signature",
        size: signature?.manifest.length,
        annotations: { kind: "signature" },
        artifactStatus: "ACTIVE",
      },
    ]);
    const first = await list({ maxResults: 1 });
    const second = await list({ maxResults: 1, nextToken: first.nextToken });
    expect([...(first.referrers ?? []), ...(second.referrers ?? [])].map(({ digest }) => digest)).toEqual(
      artifacts.map(({ digest }) => digest).sort(),
    );
    expect(second.nextToken).toBeUndefined();
    expect((await list({ filter: { artifactStatus: "ARCHIVED" } })).referrers).toEqual([]);
    await expect(list({ maxResults: 51 })).rejects.toMatchObject({ name: "InvalidParameterException" });
  });
});

describe("GetDownloadUrlForLayer", () => {
  it("signs an address at the registry for a layer of an image, and for no other", async () => {
    const { ecr, account, repositoryName, push, pushBlob } = await start();
    const image = imageOf(["layer"]);
    await push(image);
    const [alone, missing, layer] = [blobOf("alone"), blobOf("missing"), blobOf("layer")];
    await pushBlob(alone.bytes, alone.digest);
    const get = (layerDigest: string) => ecr.send(new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }));

    const { downloadUrl = "", layerDigest } = await get(layer.digest);
    expect(layerDigest).toBe(layer.digest);
    expect(downloadUrl.startsWith(`${account.privateUrl()}/local-blobs/${repositoryName}/${layer.digest}?`)).toBe(true);
    expect(account.downloadUrls.verify(downloadUrl)).toEqual({
      side: "private",
      repository: repositoryName,
      digest: layer.digest,
    });
    await expect(get(missing.digest)).rejects.toMatchObject({
      name: "LayersNotFoundException",
      message: `The layer with digest ${missing.digest} does not exist within the repository with name '${repositoryName}' in the registry with id '${accountId}'`,
    });
    await expect(get(alone.digest)).rejects.toMatchObject({ name: "LayerInaccessibleException" });
  });
});
