import { expect } from "vitest";
import type { ContractCase } from "../../support/contract-case.ts";
import { imageWith } from "../../support/contract-images.ts";
import { expectRefusal, texts } from "../../support/contract-refusals.ts";
import { bytesOf } from "../../support/contract-registry.ts";
import { indexOf, partOf, sha256, TYPE } from "../../support/image-parts.ts";

const image = imageWith("a layer to be pulled");
const allTypes = [
  TYPE.image,
  TYPE.index,
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

/** Reading images and layers by the API of the private registry; the public one has no such calls. */
export const cases: readonly ContractCase[] = [
  {
    name: "gives the manifest that was put, by tag and by digest",
    on: "private",
    async run(context) {
      const repository = await context.repository("private");
      const { name: repositoryName, registryId } = repository;
      await repository.push(image, "v1");
      for (const imageId of [{ imageTag: "v1" }, { imageDigest: image.digest }]) {
        const { images, failures } = await context.ecr.batchGetImage({
          repositoryName,
          imageIds: [imageId],
          acceptedMediaTypes: allTypes,
        });
        expect(failures).toEqual([]);
        expect(images).toMatchObject([
          {
            registryId,
            repositoryName,
            imageId: { imageDigest: image.digest },
            imageManifestMediaType: image.mediaType,
          },
        ]);
        expect(sha256(Buffer.from(images?.[0]?.imageManifest ?? ""))).toBe(image.digest);
      }
    },
  },
  {
    name: "gives an index by its tag, and its children by their digests",
    on: "private",
    async run(context) {
      const repository = await context.repository("private");
      const { name: repositoryName } = repository;
      const children = [imageWith("for amd64"), imageWith("for arm64")];
      const index = indexOf(children);
      await repository.push(index, "v1");
      const imageIds = [{ imageTag: "v1" }, ...children.map(({ digest }) => ({ imageDigest: digest }))];
      const { images } = await context.ecr.batchGetImage({ repositoryName, imageIds, acceptedMediaTypes: allTypes });
      expect(images?.map((one) => one.imageId?.imageDigest).sort()).toEqual(
        [index, ...children].map(({ digest }) => digest).sort(),
      );
    },
  },
  {
    name: "tells for each identifier why it names no image",
    on: "private",
    async run(context) {
      const repository = await context.repository("private");
      await repository.push(image, "v1");
      const absent = imageWith("absent").digest;
      const asked = [
        [{ imageTag: "absent" }, "ImageNotFound"],
        [{ imageDigest: absent }, "ImageNotFound"],
        [{ imageDigest: "no digest" }, "InvalidImageDigest"],
        [{}, "MissingDigestAndTag"],
        [{ imageTag: "v1", imageDigest: absent }, "ImageTagDoesNotMatchDigest"],
      ] as const;
      for (const [imageId, failureCode] of asked) {
        const { images, failures } = await context.ecr.batchGetImage({
          repositoryName: repository.name,
          imageIds: [imageId],
        });
        expect(images).toEqual([]);
        expect(failures).toMatchObject([{ imageId, failureCode }]);
      }
    },
  },
  {
    name: "gets no image from a repository that is not there, and none for no identifier",
    on: "private",
    async run(context) {
      const place = { name: context.newName("private"), registryId: await context.registryId() };
      await expectRefusal(
        context.ecr.batchGetImage({ repositoryName: place.name, imageIds: [{ imageTag: "v1" }] }),
        "RepositoryNotFoundException",
        texts.repositoryUnknown(place),
      );
      const { name: repositoryName } = await context.repository("private");
      await expectRefusal(context.ecr.batchGetImage({ repositoryName, imageIds: [] }), "InvalidParameterException");
    },
  },
  {
    name: "gives an address for a layer, good without credentials and for ranges",
    on: "private",
    async run(context) {
      const repository = await context.repository("private");
      await repository.push(image, "v1");
      const layer = partOf("a layer to be pulled");
      const input = { repositoryName: repository.name, layerDigest: layer.digest };
      const { downloadUrl = "", layerDigest } = await context.ecr.getDownloadUrlForLayer(input);
      expect(layerDigest).toBe(layer.digest);
      expect((await bytesOf(await fetch(downloadUrl))).equals(layer.bytes)).toBe(true);
      const part = await fetch(downloadUrl, { headers: { range: "bytes=2-6" } });
      expect(part.status).toBe(206);
      expect(await part.text()).toBe("layer");
    },
  },
  {
    name: "gives no address for a layer that is not there, or that no image refers to",
    on: "private",
    async run(context) {
      const repository = await context.repository("private");
      const [alone, missing] = [partOf("alone"), partOf("missing")];
      await repository.pushBlob(alone);
      const get = (layerDigest: string) =>
        context.ecr.getDownloadUrlForLayer({ repositoryName: repository.name, layerDigest });
      await expectRefusal(
        get(missing.digest),
        "LayersNotFoundException",
        texts.layerUnknown(repository, missing.digest),
      );
      // API reference: only layers of images; which of its two exceptions comes is not told.
      await expect(get(alone.digest)).rejects.toMatchObject({
        name: expect.stringMatching(/^(LayerInaccessibleException|LayersNotFoundException)$/),
      });
    },
  },
];
