import type { ImageTagMutability, ImageTagMutabilityExclusionFilter } from "@aws-sdk/client-ecr";
import { expect } from "vitest";
import type { ContractCase } from "../../support/contract-case.ts";
import { imageWith } from "../../support/contract-images.ts";
import { expectRefusal, texts } from "../../support/contract-refusals.ts";
import { refusalOf } from "../../support/contract-registry.ts";

type Filters = ImageTagMutabilityExclusionFilter[];
const wildcards = (...filters: string[]): Filters => filters.map((filter) => ({ filterType: "WILDCARD", filter }));

interface Mode {
  readonly mode: ImageTagMutability;
  readonly filters?: Filters;
  readonly movable: readonly string[];
  readonly fixed: readonly string[];
}

const modes: readonly Mode[] = [
  { mode: "MUTABLE", movable: ["v1"], fixed: [] },
  { mode: "IMMUTABLE", movable: [], fixed: ["v1"] },
  {
    mode: "IMMUTABLE_WITH_EXCLUSION",
    filters: wildcards("dev-*", "latest", "*-rc*"),
    movable: ["dev-1", "dev-", "latest", "v1-rc2"],
    fixed: ["v1", "xdev-1", "latest2"],
  },
  {
    mode: "MUTABLE_WITH_EXCLUSION",
    filters: wildcards("v*", "prod"),
    movable: ["dev", "xv1", "prod-1"],
    fixed: ["v1", "v", "prod"],
  },
];

const modeOf = ({ mode, filters }: Pick<Mode, "mode" | "filters">) => ({
  imageTagMutability: mode,
  ...(filters === undefined ? {} : { imageTagMutabilityExclusionFilters: filters }),
});

const [first, second] = [imageWith("first"), imageWith("second")];

/** One case per mode and front door: each tag is pushed once, then with another image. */
function enforced(mode: Mode): ContractCase[] {
  const told = `${mode.mode}${mode.filters ? ` ${mode.filters.map(({ filter }) => filter).join(" ")}` : ""}`;
  return [
    {
      name: `PutImage moves under ${told}: ${mode.movable.join(" ") || "nothing"}; not: ${mode.fixed.join(" ") || "nothing"}`,
      on: "private",
      async run(context) {
        const repository = await context.repository("private");
        const { name: repositoryName } = repository;
        await context.ecr.putImageTagMutability({ repositoryName, ...modeOf(mode) });
        await repository.push(second, "other");
        for (const tag of mode.movable) {
          await repository.push(first, tag);
          await repository.put(second, tag);
          const { imageDetails } = await context.ecr.describeImages({ repositoryName, imageIds: [{ imageTag: tag }] });
          expect(imageDetails?.map(({ imageDigest }) => imageDigest)).toEqual([second.digest]);
        }
        for (const tag of mode.fixed) {
          await repository.push(first, tag);
          await expectRefusal(
            repository.put(second, tag),
            "ImageTagAlreadyExistsException",
            texts.tagImmutable(repository, tag),
          );
        }
      },
    },
    {
      name: `the registry moves under ${told}: ${mode.movable.join(" ") || "nothing"}; not: ${mode.fixed.join(" ") || "nothing"}`,
      on: "private",
      async run(context) {
        const repository = await context.repository("private");
        await context.ecr.putImageTagMutability({ repositoryName: repository.name, ...modeOf(mode) });
        await repository.sendImage(second, "other");
        for (const tag of mode.movable) {
          await repository.sendImage(first, tag);
          expect((await repository.sendManifest(second, tag)).status).toBe(201);
          const head = await repository.send("HEAD", `manifests/${tag}`, { headers: { accept: second.mediaType } });
          expect(head.headers.get("docker-content-digest")).toBe(second.digest);
        }
        for (const tag of mode.fixed) {
          await repository.sendImage(first, tag);
          expect(await refusalOf(await repository.sendManifest(second, tag))).toEqual({
            status: 400,
            code: "TAG_INVALID",
            message: texts.tagImmutable(repository, tag),
          });
        }
      },
    },
  ];
}

/** Tag mutability: the four modes at both front doors, and how they are set. */
export const cases: readonly ContractCase[] = [
  ...modes.flatMap(enforced),
  {
    name: "keeps the tags that were there when a repository becomes immutable, and takes new ones",
    on: "private",
    async run(context) {
      const repository = await context.repository("private");
      await repository.push(first, "v1");
      await context.ecr.putImageTagMutability({ repositoryName: repository.name, imageTagMutability: "IMMUTABLE" });
      await repository.push(second, "v2");
      await expectRefusal(repository.put(second, "v1"), "ImageTagAlreadyExistsException");
      await context.ecr.putImageTagMutability({ repositoryName: repository.name, imageTagMutability: "MUTABLE" });
      await repository.put(second, "v1");
    },
  },
  {
    name: "lets an immutable tag that was deleted be pushed again",
    on: "private",
    async run(context) {
      const repository = await context.repository("private");
      const { name: repositoryName } = repository;
      await context.ecr.putImageTagMutability({ repositoryName, imageTagMutability: "IMMUTABLE" });
      await repository.push(first, "v1");
      await repository.push(second);
      await context.ecr.batchDeleteImage({ repositoryName, imageIds: [{ imageTag: "v1" }] });
      await repository.put(second, "v1");
    },
  },
  {
    name: "refuses the same image under its immutable tag again, at both front doors",
    on: "private",
    async run(context) {
      const repository = await context.repository("private");
      await context.ecr.putImageTagMutability({ repositoryName: repository.name, imageTagMutability: "IMMUTABLE" });
      await repository.push(first, "v1");
      // Reports differ on which of the two it is (containers-roadmap #2179 against #750, #2380).
      await expect(repository.put(first, "v1")).rejects.toMatchObject({
        name: expect.stringMatching(/^(ImageTagAlreadyExistsException|ImageAlreadyExistsException)$/),
      });
      const told = await refusalOf(await repository.sendManifest(first, "v1"));
      expect(told).toEqual({ status: 400, code: "TAG_INVALID", message: texts.tagImmutable(repository, "v1") });
    },
  },
  {
    name: "tells the mode and its filters, and changes the filters alone",
    on: "private",
    async run(context) {
      const { name: repositoryName, registryId } = await context.repository("private");
      const describe = async () =>
        (await context.ecr.describeRepositories({ repositoryNames: [repositoryName] })).repositories?.[0];
      for (const filters of [wildcards("dev-*"), wildcards("dev-*", "latest")]) {
        const wanted = modeOf({ mode: "IMMUTABLE_WITH_EXCLUSION", filters });
        const put = await context.ecr.putImageTagMutability({ repositoryName, ...wanted });
        expect(put).toMatchObject({ registryId, repositoryName, ...wanted });
        expect(await describe()).toMatchObject(wanted);
      }
    },
  },
  ...(["IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"] as const).map(
    (mode): ContractCase => ({
      name: `refuses ${mode} without filters`,
      on: "private",
      async run(context) {
        const { name: repositoryName } = await context.repository("private");
        await expectRefusal(
          context.ecr.putImageTagMutability({ repositoryName, imageTagMutability: mode }),
          "InvalidParameterException",
          texts.invalid(
            "imageTagMutabilityExclusionFilters",
            `ImageTagMutabilityExclusionFilters can't be null when imageTagMutability is set as ${mode}`,
          ),
        );
      },
    }),
  ),
  ...(
    [
      ["no filter", []],
      ["six filters", wildcards("a", "b", "c", "d", "e", "f")],
      ["a filter with a character that no tag has", wildcards("a/b")],
      ["an empty filter", wildcards("")],
      ["a filter of 129 characters", wildcards("a".repeat(129))],
      ["a filter of another kind", [{ filterType: "REGEX" as "WILDCARD", filter: "a" }]],
    ] satisfies [string, Filters][]
  ).map(
    ([what, filters]): ContractCase => ({
      name: `refuses ${what} beside IMMUTABLE_WITH_EXCLUSION`,
      on: "private",
      async run(context) {
        const { name: repositoryName } = await context.repository("private");
        const input = { repositoryName, ...modeOf({ mode: "IMMUTABLE_WITH_EXCLUSION", filters }) };
        await expectRefusal(context.ecr.putImageTagMutability(input), "InvalidParameterException");
        const { repositories } = await context.ecr.describeRepositories({ repositoryNames: [repositoryName] });
        expect(repositories?.[0]?.imageTagMutability).toBe("MUTABLE");
      },
    }),
  ),
  {
    name: "refuses to set the mutability of a repository that is not there",
    on: "private",
    async run(context) {
      const place = { name: context.newName("private"), registryId: await context.registryId() };
      await expectRefusal(
        context.ecr.putImageTagMutability({ repositoryName: place.name, imageTagMutability: "IMMUTABLE" }),
        "RepositoryNotFoundException",
        texts.repositoryUnknown(place),
      );
    },
  },
];
