import { expect } from "vitest";
import { type ContractCase, onBoth } from "../../support/contract-case.ts";
import { expectRefusal, texts } from "../../support/contract-refusals.ts";
import type { ContractRepository } from "../../support/contract-repository.ts";
import { type Part, partOf } from "../../support/image-parts.ts";

const smallestPart = 5 * 1024 * 1024;
const unknownUpload = "00000000-0000-4000-8000-000000000000";

/** An upload begun, and its parts cut out of `layer`. */
async function begin({ api, name: repositoryName }: ContractRepository, layer: Part) {
  const { uploadId, partSize } = await api.initiateLayerUpload({ repositoryName });
  return {
    uploadId,
    partSize,
    part: (first: number, end: number) =>
      api.uploadLayerPart({
        repositoryName,
        uploadId,
        partFirstByte: first,
        partLastByte: end - 1,
        layerPartBlob: layer.bytes.subarray(first, end),
      }),
    complete: (digest = layer.digest) => api.completeLayerUpload({ repositoryName, uploadId, layerDigests: [digest] }),
  };
}

const small = partOf("1234567890");

/** Layers by the API: parts, resumption, completion, and asking for them. */
export const cases: readonly ContractCase[] = [
  ...onBoth("takes a layer in consecutive parts of 5 MiB and a smaller last one", async (context, side) => {
    const repository = await context.repository(side);
    const { name: repositoryName, registryId } = repository;
    const layer = partOf(Buffer.alloc(smallestPart + 3, "layer"));
    const { uploadId, partSize, part, complete } = await begin(repository, layer);
    expect(uploadId).toMatch(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/);
    expect(partSize).toBeGreaterThanOrEqual(smallestPart);

    expect(await part(0, smallestPart)).toMatchObject({
      registryId,
      repositoryName,
      uploadId,
      lastByteReceived: smallestPart - 1,
    });
    expect(await part(smallestPart, smallestPart + 3)).toMatchObject({ lastByteReceived: smallestPart + 2 });
    expect(await complete()).toMatchObject({ registryId, repositoryName, uploadId, layerDigest: layer.digest });

    const { layers } = await repository.api.batchCheckLayerAvailability({
      repositoryName,
      layerDigests: [layer.digest],
    });
    expect(layers).toMatchObject([
      { layerDigest: layer.digest, layerAvailability: "AVAILABLE", layerSize: layer.bytes.length },
    ]);
  }),
  ...onBoth(
    "tells the last byte that it holds to whoever does not continue there, and can be resumed from it",
    async (context, side) => {
      const repository = await context.repository(side);
      const { name: repositoryName, registryId } = repository;
      const { uploadId, part, complete } = await begin(repository, small);
      await part(0, 4);
      const refusal = {
        name: "InvalidLayerPartException",
        registryId,
        repositoryName,
        uploadId,
        lastValidByteReceived: 3,
      };
      await expect(part(6, 10)).rejects.toMatchObject(refusal);
      await expect(part(0, 4)).rejects.toMatchObject(refusal);
      // Below 5 MiB and not the last: taken here, refused at the end.
      expect(await part(4, 10)).toMatchObject({ lastByteReceived: 9 });
      await expectRefusal(complete(), "LayerPartTooSmallException");
    },
  ),
  ...onBoth("refuses a part whose bytes are not as many as it says", async (context, side) => {
    const repository = await context.repository(side);
    const { uploadId } = await begin(repository, small);
    const wrong = { partFirstByte: 0, partLastByte: 4, layerPartBlob: small.bytes };
    await expectRefusal(
      repository.api.uploadLayerPart({ repositoryName: repository.name, uploadId, ...wrong }),
      "InvalidLayerPartException",
    );
  }),
  ...onBoth("refuses to complete an upload without parts", async (context, side) => {
    const { complete } = await begin(await context.repository(side), small);
    await expectRefusal(complete(), "EmptyUploadException");
  }),
  ...onBoth("refuses to complete an upload under another digest", async (context, side) => {
    const { part, complete } = await begin(await context.repository(side), small);
    await part(0, 10);
    await expectRefusal(complete(partOf("other").digest), "InvalidLayerException");
  }),
  ...onBoth("refuses to complete a layer that is there", async (context, side) => {
    const repository = await context.repository(side);
    await repository.pushBlob(small);
    const { part, complete } = await begin(repository, small);
    await part(0, 10);
    await expectRefusal(complete(), "LayerAlreadyExistsException");
  }),
  ...onBoth("does not know an upload that was never begun, nor one of another repository", async (context, side) => {
    const [repository, other] = [await context.repository(side), await context.repository(side)];
    const { uploadId } = await begin(other, small);
    const { name: repositoryName, api } = repository;
    for (const unknown of [unknownUpload, uploadId]) {
      const part = { partFirstByte: 0, partLastByte: 9, layerPartBlob: small.bytes };
      await expectRefusal(
        api.uploadLayerPart({ repositoryName, uploadId: unknown, ...part }),
        "UploadNotFoundException",
      );
      await expectRefusal(
        api.completeLayerUpload({ repositoryName, uploadId: unknown, layerDigests: [small.digest] }),
        "UploadNotFoundException",
      );
    }
  }),
  ...onBoth("does not know an upload that was completed", async (context, side) => {
    const repository = await context.repository(side);
    const { uploadId, part, complete } = await begin(repository, small);
    await part(0, 10);
    await complete();
    const more = { partFirstByte: 10, partLastByte: 10, layerPartBlob: Buffer.from("1") };
    await expectRefusal(
      repository.api.uploadLayerPart({ repositoryName: repository.name, uploadId, ...more }),
      "UploadNotFoundException",
    );
    await expectRefusal(complete(), "UploadNotFoundException");
  }),
  ...onBoth("begins no upload in a repository that is not there", async (context, side) => {
    const place = { name: context.newName(side), registryId: await context.registryId() };
    await expectRefusal(
      context.api(side).initiateLayerUpload({ repositoryName: place.name }),
      "RepositoryNotFoundException",
      texts.repositoryUnknown(place),
    );
  }),
  ...onBoth("tells which layers are there, which are not, and which digests are none", async (context, side) => {
    const repository = await context.repository(side);
    await repository.pushBlob(small);
    const missing = partOf("missing").digest;
    const { layers, failures } = await repository.api.batchCheckLayerAvailability({
      repositoryName: repository.name,
      layerDigests: [small.digest, missing, "no digest"],
    });
    expect(layers).toContainEqual(
      expect.objectContaining({ layerDigest: small.digest, layerAvailability: "AVAILABLE", layerSize: 10 }),
    );
    expect(layers).toContainEqual(expect.objectContaining({ layerDigest: missing, layerAvailability: "UNAVAILABLE" }));
    expect(failures).toMatchObject([{ layerDigest: "no digest", failureCode: "InvalidLayerDigest" }]);
  }),
  ...onBoth("answers for a hundred layers at once and for no more", async (context, side) => {
    const { name: repositoryName, api } = await context.repository(side);
    const digests = Array.from({ length: 101 }, (_, index) => partOf(`layer ${index}`).digest);
    const { layers } = await api.batchCheckLayerAvailability({ repositoryName, layerDigests: digests.slice(1) });
    expect(layers).toHaveLength(100);
    for (const layerDigests of [digests, []]) {
      await expectRefusal(
        api.batchCheckLayerAvailability({ repositoryName, layerDigests }),
        "InvalidParameterException",
      );
    }
  }),
  ...onBoth("keeps the layers of one repository from the others", async (context, side) => {
    const [repository, other] = [await context.repository(side), await context.repository(side)];
    await repository.pushBlob(small);
    const { layers } = await other.api.batchCheckLayerAvailability({
      repositoryName: other.name,
      layerDigests: [small.digest],
    });
    expect(layers).toMatchObject([{ layerAvailability: "UNAVAILABLE" }]);
  }),
];
