import { expect } from "vitest";
import type { ContractCase } from "../../support/contract-case.ts";
import type { ContractContext } from "../../support/contract-context.ts";
import { artifactOf, imageWith } from "../../support/contract-images.ts";
import { expectRefusal } from "../../support/contract-refusals.ts";

const image = imageWith("layer");
const typeOf = (kind: string) => `application/vnd.example.${kind}`;
const artifacts = ["signature", "sbom"].map((kind) =>
  artifactOf(kind, { subject: image, artifactType: typeOf(kind), annotations: { "org.example.kind": kind } }),
);

async function withArtifacts(context: ContractContext) {
  const repository = await context.repository("private");
  await repository.push(image, "v1");
  for (const artifact of artifacts) await repository.push(artifact);
  const subjectId = { imageDigest: image.digest };
  const list = (more: object = {}) =>
    context.ecr.listImageReferrers({ repositoryName: repository.name, subjectId, ...more });
  return { repository, list };
}

/** ListImageReferrers; the registry's own list is a matter of the OCI suite. */
export const cases: readonly ContractCase[] = [
  {
    name: "lists what refers to an image, with type, size and annotations",
    on: "private",
    async run(context) {
      const { list } = await withArtifacts(context);
      const { referrers } = await list();
      const told = (referrers ?? []).map(({ digest, artifactType, size, annotations }) => ({
        digest,
        artifactType,
        size,
        annotations,
      }));
      expect(told).toHaveLength(2);
      for (const [index, kind] of ["signature", "sbom"].entries()) {
        expect(told).toContainEqual({
          digest: artifacts[index]?.digest,
          artifactType: typeOf(kind),
          size: artifacts[index]?.bytes.length,
          annotations: { "org.example.kind": kind },
        });
      }
    },
  },
  {
    name: "lists referrers of the types that are asked for",
    on: "private",
    async run(context) {
      const { list } = await withArtifacts(context);
      const { referrers } = await list({ filter: { artifactTypes: [typeOf("sbom"), typeOf("none")] } });
      expect(referrers?.map(({ digest }) => digest)).toEqual([artifacts[1]?.digest]);
    },
  },
  {
    name: "lists referrers in pages of at most fifty",
    on: "private",
    async run(context) {
      const { list } = await withArtifacts(context);
      const first = await list({ maxResults: 1 });
      expect(first.referrers).toHaveLength(1);
      const second = await list({ maxResults: 1, nextToken: first.nextToken });
      const digests = [first, second].flatMap(({ referrers }) => referrers?.map(({ digest }) => digest));
      expect(digests.sort()).toEqual(artifacts.map(({ digest }) => digest).sort());
      await expectRefusal(list({ maxResults: 51 }), "InvalidParameterException");
    },
  },
  {
    name: "lists nothing for an image that nothing refers to, and refuses a missing repository",
    on: "private",
    async run(context) {
      const { repository } = await withArtifacts(context);
      const subjectId = { imageDigest: artifacts[0]?.digest };
      const { referrers } = await context.ecr.listImageReferrers({ repositoryName: repository.name, subjectId });
      expect(referrers).toEqual([]);
      const missing = { repositoryName: context.newName("private"), subjectId };
      await expectRefusal(context.ecr.listImageReferrers(missing), "RepositoryNotFoundException");
    },
  },
  {
    name: "describes an artifact with the image that it refers to",
    on: "private",
    async run(context) {
      const { repository } = await withArtifacts(context);
      const imageIds = [{ imageDigest: artifacts[0]?.digest }];
      const { imageDetails } = await context.ecr.describeImages({ repositoryName: repository.name, imageIds });
      expect(imageDetails).toMatchObject([
        { subjectManifestDigest: image.digest, artifactMediaType: typeOf("signature") },
      ]);
    },
  },
];
