import { expect } from "vitest";
import type { ContractCase } from "../../support/contract-case.ts";
import type { ContractContext } from "../../support/contract-context.ts";
import { artifactOf, imageWith } from "../../support/contract-images.ts";
import { expectRefusal } from "../../support/contract-refusals.ts";

const image = imageWith("layer");
/** The archive keeps an image, and its price, for 90 days at least. */
const costly = { on: "private", needs: "money" } as const;

async function withArchived(context: ContractContext) {
  const repository = await context.repository("private");
  const { name: repositoryName } = repository;
  await repository.push(image, "v1");
  const imageId = { imageTag: "v1" };
  const answer = await context.ecr.updateImageStorageClass({ repositoryName, imageId, targetStorageClass: "ARCHIVE" });
  return { repository, repositoryName, imageId, answer };
}

/** UpdateImageStorageClass, and what it means for reading. What AWS answers for the class that an image has already is not known. */
export const cases: readonly ContractCase[] = [
  {
    ...costly,
    name: "archives an image, and shows it to those alone who ask for it",
    async run(context) {
      const { repositoryName, answer } = await withArchived(context);
      expect(answer).toMatchObject({ repositoryName, imageId: { imageDigest: image.digest }, imageStatus: "ARCHIVED" });
      const describe = async (filter: object) =>
        (await context.ecr.describeImages({ repositoryName, filter })).imageDetails;
      expect(await describe({})).toEqual([]);
      expect(await describe({ imageStatus: "ACTIVE" })).toEqual([]);
      for (const imageStatus of ["ANY", "ARCHIVED"]) {
        expect(await describe({ imageStatus })).toMatchObject([
          { imageDigest: image.digest, imageTags: ["v1"], imageStatus: "ARCHIVED", lastArchivedAt: expect.any(Date) },
        ]);
      }
      const list = async (filter: object) => (await context.ecr.listImages({ repositoryName, filter })).imageIds;
      expect(await list({})).toEqual([]);
      expect(await list({ imageStatus: "ARCHIVED" })).toMatchObject([{ imageDigest: image.digest }]);
    },
  },
  {
    ...costly,
    name: "refuses pulls of an archived image, and scans",
    async run(context) {
      const { repository, repositoryName, imageId } = await withArchived(context);
      const { images, failures } = await context.ecr.batchGetImage({ repositoryName, imageIds: [imageId] });
      expect(images).toEqual([]);
      // The user guide says 404; the model has two codes that could be meant.
      expect(failures).toMatchObject([{ failureCode: expect.stringMatching(/^Image(NotFound|Inaccessible)$/) }]);
      expect((await repository.send("GET", "manifests/v1")).status).toBe(404);
      await expectRefusal(context.ecr.startImageScan({ repositoryName, imageId }), "ImageArchivedException");
    },
  },
  {
    ...costly,
    name: "restores an archived image that is pushed again",
    async run(context) {
      const { repository, repositoryName } = await withArchived(context);
      await repository.put(image, "v2");
      const { imageDetails } = await context.ecr.describeImages({ repositoryName });
      expect(imageDetails).toMatchObject([{ imageDigest: image.digest, imageStatus: "ACTIVE" }]);
      expect((await repository.send("GET", "manifests/v2")).status).toBe(200);
    },
  },
  {
    ...costly,
    name: "lists archived referrers where they are asked for",
    async run(context) {
      const repository = await context.repository("private");
      const { name: repositoryName } = repository;
      const artifact = artifactOf("sbom", { subject: image, artifactType: "application/vnd.example.sbom" });
      await repository.push(image, "v1");
      await repository.push(artifact);
      const imageId = { imageDigest: artifact.digest };
      await context.ecr.updateImageStorageClass({ repositoryName, imageId, targetStorageClass: "ARCHIVE" });
      const list = async (filter: object) => {
        const subjectId = { imageDigest: image.digest };
        return (await context.ecr.listImageReferrers({ repositoryName, subjectId, filter })).referrers;
      };
      expect(await list({})).toEqual([]);
      expect(await list({ artifactStatus: "ANY" })).toMatchObject([
        { digest: artifact.digest, artifactStatus: "ARCHIVED" },
      ]);
    },
  },
  {
    name: "changes the storage class of nothing that is not there",
    on: "private",
    async run(context) {
      const { name: repositoryName } = await context.repository("private");
      const wanted = { imageId: { imageTag: "v1" }, targetStorageClass: "ARCHIVE" } as const;
      await expectRefusal(context.ecr.updateImageStorageClass({ repositoryName, ...wanted }), "ImageNotFoundException");
      const missing = { repositoryName: context.newName("private"), ...wanted };
      await expectRefusal(context.ecr.updateImageStorageClass(missing), "RepositoryNotFoundException");
    },
  },
];
