import { expect } from "vitest";
import type { ContractCase } from "../../support/contract-case.ts";
import type { ContractContext } from "../../support/contract-context.ts";
import { imageWith } from "../../support/contract-images.ts";
import { expectRefusal, invalidAt, texts } from "../../support/contract-refusals.ts";

const refusedNames = ["Upper/case", "a", "a/", "a//b", "-a", "a b", "a".repeat(257)];

/** Both are documented: the key must be in the repository's Region (API reference, EncryptionConfiguration), and KMS must find it. */
const unusableKeys: readonly [what: string, kmsKey: (registryId: string, region: string) => string][] = [
  [
    "in another Region",
    (registryId, region) =>
      `arn:aws:kms:${region === "us-east-1" ? "us-west-2" : "us-east-1"}:${registryId}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
  ],
  ["an alias that there is not", () => "alias/no-key-of-this-contract"],
];

async function describe({ ecr }: ContractContext, name: string) {
  return (await ecr.describeRepositories({ repositoryNames: [name] })).repositories?.[0];
}

/** Life cycle of a private repository, and what is refused on the way. */
export const cases: readonly ContractCase[] = [
  {
    name: "creates a repository with the service's defaults",
    on: "private",
    async run(context) {
      const repositoryName = context.newName("private");
      const { repository } = await context.ecr.createRepository({ repositoryName });
      expect(repository).toMatchObject({
        repositoryName,
        registryId: expect.stringMatching(/^\d{12}$/),
        repositoryUri: expect.stringMatching(new RegExp(`^[^/]+/${repositoryName}$`)),
        createdAt: expect.any(Date),
        imageTagMutability: "MUTABLE",
        imageScanningConfiguration: { scanOnPush: false },
        encryptionConfiguration: { encryptionType: "AES256" },
      });
      expect(repository?.repositoryArn).toMatch(
        new RegExp(`^arn:aws[a-z-]*:ecr:${context.region}:${repository?.registryId}:repository/${repositoryName}$`),
      );
      expect(await describe(context, repositoryName)).toEqual(repository);
    },
  },
  {
    name: "creates a repository with all that is asked for",
    on: "private",
    async run(context) {
      const { ecr } = context;
      const repositoryName = context.newName("private");
      const asked = {
        imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "dev-*" }],
        imageScanningConfiguration: { scanOnPush: true },
      } as const;
      const tags = [{ Key: "owner", Value: "team a" }];
      await ecr.createRepository({
        repositoryName,
        ...asked,
        imageTagMutabilityExclusionFilters: [...asked.imageTagMutabilityExclusionFilters],
        tags,
      });
      const described = await describe(context, repositoryName);
      expect(described).toMatchObject(asked);
      expect((await ecr.listTagsForResource({ resourceArn: described?.repositoryArn })).tags).toEqual(tags);
    },
  },
  {
    name: "encrypts with a key of its own account and Region when none is named",
    on: "private",
    needs: "own-account",
    async run(context) {
      const repositoryName = context.newName("private");
      const encryptionConfiguration = { encryptionType: "KMS" } as const;
      await context.ecr.createRepository({ repositoryName, encryptionConfiguration });
      const { registryId, encryptionConfiguration: shown } = (await describe(context, repositoryName)) ?? {};
      expect(shown?.encryptionType).toBe("KMS");
      expect(shown?.kmsKey).toMatch(
        new RegExp(
          `^arn:aws[a-z-]*:kms:${context.region}:${registryId}:key/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`,
        ),
      );
    },
  },
  ...unusableKeys.map(
    ([what, kmsKey]): ContractCase => ({
      name: `makes no repository for a key that is ${what}`,
      on: "private",
      async run(context) {
        const repositoryName = context.newName("private");
        const encryptionConfiguration = {
          encryptionType: "KMS",
          kmsKey: kmsKey(await context.registryId(), context.region),
        } as const;
        await expectRefusal(context.ecr.createRepository({ repositoryName, encryptionConfiguration }), "KmsException");
        await expectRefusal(
          context.ecr.describeRepositories({ repositoryNames: [repositoryName] }),
          "RepositoryNotFoundException",
        );
      },
    }),
  ),
  {
    name: "refuses a name that is taken",
    on: "private",
    async run(context) {
      const repository = await context.repository("private");
      await expectRefusal(
        context.ecr.createRepository({ repositoryName: repository.name }),
        "RepositoryAlreadyExistsException",
        texts.repositoryExists(repository),
      );
    },
  },
  ...refusedNames.map(
    (repositoryName): ContractCase => ({
      name: `refuses the name '${repositoryName.length > 20 ? `${repositoryName.slice(0, 3)}… of ${repositoryName.length}` : repositoryName}'`,
      on: "private",
      async run({ ecr }) {
        await expectRefusal(
          ecr.createRepository({ repositoryName }),
          "InvalidParameterException",
          invalidAt("repositoryName"),
        );
      },
    }),
  ),
  {
    name: "refuses a mutability that there is not",
    on: "private",
    async run(context) {
      const input = { repositoryName: context.newName("private"), imageTagMutability: "SOMETIMES" as "MUTABLE" };
      await expectRefusal(context.ecr.createRepository(input), "InvalidParameterException");
      await expectRefusal(
        context.ecr.describeRepositories({ repositoryNames: [input.repositoryName] }),
        "RepositoryNotFoundException",
      );
    },
  },
  {
    name: "names the repository that is not there, also among others that are",
    on: "private",
    async run(context) {
      const { name, registryId } = await context.repository("private");
      const missing = context.newName("private");
      await expectRefusal(
        context.ecr.describeRepositories({ repositoryNames: [name, missing] }),
        "RepositoryNotFoundException",
        texts.repositoryUnknown({ name: missing, registryId }),
      );
    },
  },
  {
    name: "lists repositories in pages that do not overlap",
    on: "private",
    async run(context) {
      for (let count = 0; count < 3; count++) await context.repository("private");
      const first = await context.ecr.describeRepositories({ maxResults: 2 });
      const second = await context.ecr.describeRepositories({ maxResults: 2, nextToken: first.nextToken });
      const names = [first, second].map((page) => page.repositories?.map(({ repositoryName }) => repositoryName) ?? []);
      expect(first.nextToken).toBeTypeOf("string");
      expect(names.every(({ length }) => length >= 1 && length <= 2)).toBe(true);
      expect(new Set(names.flat()).size).toBe(names.flat().length);
    },
  },
  ...[{ maxResults: 0 }, { maxResults: 1001 }, { repositoryNames: [] }].map(
    (input): ContractCase => ({
      name: `refuses to list repositories for ${JSON.stringify(input)}`,
      on: "private",
      run: ({ ecr }) => expectRefusal(ecr.describeRepositories(input), "InvalidParameterException"),
    }),
  ),
  {
    name: "refuses a page size beside names",
    on: "private",
    async run(context) {
      const { name } = await context.repository("private");
      const input = { repositoryNames: [name], maxResults: 10 };
      await expectRefusal(context.ecr.describeRepositories(input), "InvalidParameterException");
    },
  },
  {
    name: "refuses a page token that it never gave",
    on: "private",
    run: ({ ecr }) =>
      expectRefusal(ecr.describeRepositories({ nextToken: "never given" }), "InvalidParameterException"),
  },
  {
    name: "deletes a repository with images only by force",
    on: "private",
    async run(context) {
      const repository = await context.repository("private");
      const { name: repositoryName } = repository;
      await repository.push(imageWith("layer"), "v1");
      await expectRefusal(
        context.ecr.deleteRepository({ repositoryName }),
        "RepositoryNotEmptyException",
        texts.repositoryNotEmpty(repository),
      );
      const deleted = await context.ecr.deleteRepository({ repositoryName, force: true });
      expect(deleted.repository?.repositoryArn).toBe(repository.arn);
      await expectRefusal(
        context.ecr.describeRepositories({ repositoryNames: [repositoryName] }),
        "RepositoryNotFoundException",
        texts.repositoryUnknown(repository),
      );
    },
  },
  {
    name: "deletes an empty repository once, and its name is free again",
    on: "private",
    async run(context) {
      const repository = await context.repository("private");
      const { name: repositoryName } = repository;
      await context.ecr.deleteRepository({ repositoryName });
      await expectRefusal(
        context.ecr.deleteRepository({ repositoryName }),
        "RepositoryNotFoundException",
        texts.repositoryUnknown(repository),
      );
      const { repository: again } = await context.ecr.createRepository({ repositoryName });
      expect(again?.repositoryArn).toBe(repository.arn);
    },
  },
  {
    name: "forgets the images of a deleted repository",
    on: "private",
    async run(context) {
      const repository = await context.repository("private");
      const { name: repositoryName } = repository;
      const image = imageWith("layer");
      await repository.push(image, "v1");
      await context.ecr.deleteRepository({ repositoryName, force: true });
      await context.ecr.createRepository({ repositoryName });
      expect((await context.ecr.listImages({ repositoryName })).imageIds).toEqual([]);
      const layerDigests = image.blobs.map(({ digest }) => digest);
      const { layers } = await context.ecr.batchCheckLayerAvailability({ repositoryName, layerDigests });
      expect(layers?.map(({ layerAvailability }) => layerAvailability)).toEqual(["UNAVAILABLE", "UNAVAILABLE"]);
    },
  },
];
