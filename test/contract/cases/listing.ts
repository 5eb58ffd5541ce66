import { paginateDescribeImages, paginateListImages } from "@aws-sdk/client-ecr";
import { expect } from "vitest";
import type { ContractCase } from "../../support/contract-case.ts";
import type { ContractContext } from "../../support/contract-context.ts";
import { artifactOf, imageWith } from "../../support/contract-images.ts";
import { expectRefusal, texts } from "../../support/contract-refusals.ts";
import { indexOf } from "../../support/image-parts.ts";

const images = [0, 1, 2, 3, 4].map((number) => imageWith(`layer ${number}`));
const digestsOf = (numbers: readonly number[]) => numbers.map((number) => images[number]?.digest).sort();

/** Five images: 0 with two tags, 2 and 4 with one, 1 and 3 with none. */
async function withFive(context: ContractContext) {
  const repository = await context.repository("private");
  for (const [number, image] of images.entries()) {
    await repository.push(image, number % 2 === 0 ? `v${number}` : undefined);
  }
  await repository.put(images[0] ?? imageWith(), "latest");
  return repository;
}

async function collect<Page>(pages: AsyncIterable<Page>): Promise<Page[]> {
  const all: Page[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

/** DescribeImages and ListImages of the private registry. No order is promised, so none is asked for. */
export const cases: readonly ContractCase[] = [
  {
    name: "describes an image",
    on: "private",
    async run(context) {
      const repository = await context.repository("private");
      const [image = imageWith()] = images;
      const before = Date.now();
      await repository.push(image, "v1");
      const { imageDetails } = await context.ecr.describeImages({ repositoryName: repository.name });
      expect(imageDetails).toMatchObject([
        {
          registryId: repository.registryId,
          repositoryName: repository.name,
          imageDigest: image.digest,
          imageTags: ["v1"],
          imageManifestMediaType: image.mediaType,
          artifactMediaType: "application/vnd.oci.image.config.v1+json",
        },
      ]);
      const [detail] = imageDetails ?? [];
      expect(detail?.imageSizeInBytes).toBeGreaterThan(0);
      // Clocks may differ by some minutes.
      expect(Math.abs((detail?.imagePushedAt?.getTime() ?? 0) - before)).toBeLessThan(300_000);
    },
  },
  {
    name: "describes an artifact by its type",
    on: "private",
    async run(context) {
      const repository = await context.repository("private");
      const artifactType = "application/vnd.example.sbom";
      await repository.push(artifactOf("content", { artifactType }), "sbom");
      const { imageDetails } = await context.ecr.describeImages({ repositoryName: repository.name });
      expect(imageDetails).toMatchObject([{ artifactMediaType: artifactType }]);
    },
  },
  {
    name: "describes all images in pages",
    on: "private",
    async run(context) {
      const { name: repositoryName } = await withFive(context);
      const pages = await collect(paginateDescribeImages({ client: context.ecr, pageSize: 2 }, { repositoryName }));
      expect(pages.every(({ imageDetails }) => (imageDetails?.length ?? 0) <= 2)).toBe(true);
      const told = pages.flatMap(({ imageDetails }) => imageDetails?.map(({ imageDigest }) => imageDigest) ?? []);
      expect(told.sort()).toEqual(digestsOf([0, 1, 2, 3, 4]));
    },
  },
  {
    name: "describes images by tag status",
    on: "private",
    async run(context) {
      const { name: repositoryName } = await withFive(context);
      const filtered = async (tagStatus: "TAGGED" | "UNTAGGED" | "ANY") => {
        const { imageDetails } = await context.ecr.describeImages({ repositoryName, filter: { tagStatus } });
        return imageDetails?.map(({ imageDigest }) => imageDigest).sort();
      };
      expect(await filtered("TAGGED")).toEqual(digestsOf([0, 2, 4]));
      expect(await filtered("UNTAGGED")).toEqual(digestsOf([1, 3]));
      expect(await filtered("ANY")).toEqual(digestsOf([0, 1, 2, 3, 4]));
    },
  },
  {
    name: "describes no archived images where none was archived",
    on: "private",
    async run(context) {
      const { name: repositoryName } = await withFive(context);
      const filter = { imageStatus: "ARCHIVED" } as const;
      expect((await context.ecr.describeImages({ repositoryName, filter })).imageDetails).toEqual([]);
    },
  },
  {
    name: "describes the images that are named, each once",
    on: "private",
    async run(context) {
      const { name: repositoryName } = await withFive(context);
      const imageIds = [{ imageTag: "v0" }, { imageTag: "latest" }, { imageDigest: images[1]?.digest }];
      const { imageDetails } = await context.ecr.describeImages({ repositoryName, imageIds });
      expect(imageDetails?.map(({ imageDigest }) => imageDigest).sort()).toEqual(digestsOf([0, 1]));
    },
  },
  {
    name: "refuses a page size beside identifiers",
    on: "private",
    async run(context) {
      const { name: repositoryName } = await withFive(context);
      const input = { repositoryName, imageIds: [{ imageTag: "v0" }], maxResults: 10 };
      await expectRefusal(context.ecr.describeImages(input), "InvalidParameterException");
    },
  },
  {
    name: "names the image that is not there",
    on: "private",
    async run(context) {
      const repository = await withFive(context);
      const { name: repositoryName } = repository;
      await expectRefusal(
        context.ecr.describeImages({ repositoryName, imageIds: [{ imageTag: "v1" }] }),
        "ImageNotFoundException",
        texts.imageUnknown(repository, { tag: "v1" }),
      );
      const { digest } = imageWith("absent");
      await expectRefusal(
        context.ecr.describeImages({ repositoryName, imageIds: [{ imageDigest: digest }] }),
        "ImageNotFoundException",
        texts.imageUnknown(repository, { digest }),
      );
    },
  },
  {
    name: "lists an identifier for each tag and for each image without one, in pages",
    on: "private",
    async run(context) {
      const { name: repositoryName } = await withFive(context);
      const list = async (tagStatus?: "TAGGED" | "UNTAGGED") => {
        const filter = tagStatus === undefined ? {} : { filter: { tagStatus } };
        const pages = await collect(
          paginateListImages({ client: context.ecr, pageSize: 2 }, { repositoryName, ...filter }),
        );
        expect(pages.every(({ imageIds }) => (imageIds?.length ?? 0) <= 2)).toBe(true);
        return pages
          .flatMap(({ imageIds }) => imageIds?.map((id) => `${id.imageDigest} ${id.imageTag ?? ""}`) ?? [])
          .sort();
      };
      const tagged = ["v0", "latest", "v2", "v4"].map(
        (tag) => `${images[tag === "latest" ? 0 : Number(tag.slice(1))]?.digest} ${tag}`,
      );
      const untagged = digestsOf([1, 3]).map((digest) => `${digest} `);
      expect(await list("TAGGED")).toEqual(tagged.sort());
      expect(await list("UNTAGGED")).toEqual(untagged.sort());
      expect(await list()).toEqual([...tagged, ...untagged].sort());
    },
  },
  {
    name: "lists an index beside its children",
    on: "private",
    async run(context) {
      const repository = await context.repository("private");
      const index = indexOf(images.slice(0, 2));
      await repository.push(index, "v1");
      const { imageIds } = await context.ecr.listImages({ repositoryName: repository.name });
      expect(imageIds?.map(({ imageDigest }) => imageDigest).sort()).toEqual(
        [...digestsOf([0, 1]), index.digest].sort(),
      );
    },
  },
  {
    name: "finds nothing in an empty repository, and no repository that is not there",
    on: "private",
    async run(context) {
      const { name: repositoryName, registryId } = await context.repository("private");
      expect((await context.ecr.describeImages({ repositoryName })).imageDetails).toEqual([]);
      expect((await context.ecr.listImages({ repositoryName })).imageIds).toEqual([]);
      const missing = { name: context.newName("private"), registryId };
      for (const list of [
        context.ecr.describeImages({ repositoryName: missing.name }),
        context.ecr.listImages({ repositoryName: missing.name }),
      ]) {
        await expectRefusal(list, "RepositoryNotFoundException", texts.repositoryUnknown(missing));
      }
    },
  },
];
