import { paginateDescribeImageTags } from "@aws-sdk/client-ecr-public";
import { expect } from "vitest";
import type { ContractCase } from "../../support/contract-case.ts";
import { imageWith } from "../../support/contract-images.ts";
import { expectRefusal, texts } from "../../support/contract-refusals.ts";
import { bytesOf, followed } from "../../support/contract-registry.ts";
import { indexOf } from "../../support/image-parts.ts";

const [one, two] = [imageWith("one"), imageWith("two")];

/** Images of the public registry: what its API tells of them, and that they can be read. */
export const cases: readonly ContractCase[] = [
  {
    name: "describes its registry with an active alias",
    on: "public",
    async run(context) {
      await context.repository("public");
      const { registries } = await context.ecrPublic.describeRegistries({});
      expect(registries).toHaveLength(1);
      const [registry] = registries ?? [];
      expect(registry).toMatchObject({
        registryId: expect.stringMatching(/^\d{12}$/),
        registryArn: expect.stringMatching(/^arn:aws:ecr-public::\d{12}:registry\/\d{12}$/),
      });
      const alias = registry?.aliases?.find(({ primaryRegistryAlias }) => primaryRegistryAlias);
      expect(alias).toMatchObject({ status: "ACTIVE" });
      expect(registry?.registryUri?.endsWith(`/${alias?.name}`)).toBe(true);
    },
  },
  {
    name: "tells each tag with its image, in pages",
    on: "public",
    async run(context) {
      const repository = await context.repository("public");
      await repository.push(one, "v1");
      await repository.push(one, "v1.0");
      await repository.push(two, "v2");
      await repository.push(imageWith("untagged"));
      const told: string[] = [];
      const input = { repositoryName: repository.name };
      for await (const page of paginateDescribeImageTags({ client: context.ecrPublic, pageSize: 2 }, input)) {
        const details = page.imageTagDetails ?? [];
        expect(details.length).toBeLessThanOrEqual(2);
        told.push(...details.map(({ imageTag, imageDetail }) => `${imageTag} ${imageDetail?.imageDigest}`));
      }
      expect(told.sort()).toEqual([`v1 ${one.digest}`, `v1.0 ${one.digest}`, `v2 ${two.digest}`]);
    },
  },
  {
    name: "describes its images, those that are named alone, and names the one that is not there",
    on: "public",
    async run(context) {
      const repository = await context.repository("public");
      const { name: repositoryName } = repository;
      await repository.push(one, "v1");
      await repository.push(two, "v2");
      const all = await context.ecrPublic.describeImages({ repositoryName });
      expect(all.imageDetails?.map(({ imageDigest }) => imageDigest).sort()).toEqual([one.digest, two.digest].sort());
      const named = await context.ecrPublic.describeImages({ repositoryName, imageIds: [{ imageTag: "v2" }] });
      expect(named.imageDetails).toMatchObject([{ imageDigest: two.digest, imageTags: ["v2"] }]);
      await expectRefusal(
        context.ecrPublic.describeImages({ repositoryName, imageIds: [{ imageTag: "v3" }] }),
        "ImageNotFoundException",
        texts.imageUnknown(repository, { tag: "v3" }),
      );
    },
  },
  {
    name: "takes the layer calls under the alias, and knows no other registry",
    on: "public",
    async run(context) {
      const { name: repositoryName, uri } = await context.repository("public");
      const [, registryId] = uri.split("/");
      const { uploadId } = await context.ecrPublic.initiateLayerUpload({ registryId, repositoryName });
      expect(uploadId).toBeTypeOf("string");
      await expectRefusal(
        context.ecrPublic.initiateLayerUpload({ registryId: `${context.prefix}-none`, repositoryName }),
        "RegistryNotFoundException",
      );
    },
  },
  {
    name: "is found at the registry under its own alias alone",
    on: "public",
    async run(context) {
      const repository = await context.repository("public");
      await repository.push(one, "v1");
      expect((await repository.send("GET", "tags/list")).status).toBe(200);
      for (const alias of [`${context.prefix}-none`, ""]) {
        const path = ["/v2", alias, repository.name].filter((segment) => segment !== "").join("/");
        expect((await repository.host.send("GET", `${path}/tags/list`)).status).toBe(404);
      }
    },
  },
  {
    name: "is read by anybody, whole and byte for byte",
    on: "public",
    async run(context) {
      const repository = await context.repository("public");
      const index = indexOf([one, two]);
      await repository.push(index, "v1");
      const answer = await repository.host.send("GET", "/token/", { authorization: null });
      const authorization = `Bearer ${((await answer.json()) as { token: string }).token}`;
      for (const manifest of [index, one, two]) {
        const headers = { accept: manifest.mediaType };
        const got = await repository.send("GET", `manifests/${manifest.digest}`, { authorization, headers });
        expect((await bytesOf(got)).equals(manifest.bytes)).toBe(true);
      }
      for (const blob of [...one.blobs, ...two.blobs]) {
        const got = await followed(await repository.send("GET", `blobs/${blob.digest}`, { authorization }));
        expect((await bytesOf(got)).equals(blob.bytes)).toBe(true);
      }
    },
  },
];
