import { expect } from "vitest";
import type { ContractCase } from "../../support/contract-case.ts";
import { imageWith } from "../../support/contract-images.ts";
import { expectRefusal, texts } from "../../support/contract-refusals.ts";

const refusedNames = ["Upper", "a", "a/", "a//b", "a__b", "a".repeat(206)];

/** Life cycle of a public repository. */
export const cases: readonly ContractCase[] = [
  {
    name: "creates a repository in the one registry of the account, under its alias",
    on: "public",
    async run(context) {
      const repositoryName = context.newName("public");
      const { repository } = await context.ecrPublic.createRepository({ repositoryName });
      const { registries } = await context.ecrPublic.describeRegistries({});
      expect(repository).toMatchObject({
        repositoryName,
        registryId: expect.stringMatching(/^\d{12}$/),
        repositoryUri: `${registries?.[0]?.registryUri}/${repositoryName}`,
        createdAt: expect.any(Date),
      });
      expect(repository?.repositoryArn).toMatch(
        new RegExp(`^arn:aws:ecr-public::${repository?.registryId}:repository/${repositoryName}$`),
      );
    },
  },
  {
    name: "refuses a name that is taken",
    on: "public",
    async run(context) {
      const repository = await context.repository("public");
      await expectRefusal(
        context.ecrPublic.createRepository({ repositoryName: repository.name }),
        "RepositoryAlreadyExistsException",
        texts.repositoryExists(repository),
      );
    },
  },
  ...refusedNames.map(
    (repositoryName): ContractCase => ({
      name: `refuses the name '${repositoryName.length > 20 ? `${repositoryName.slice(0, 3)}… of ${repositoryName.length}` : repositoryName}'`,
      on: "public",
      run: ({ ecrPublic }) =>
        expectRefusal(ecrPublic.createRepository({ repositoryName }), "InvalidParameterException"),
    }),
  ),
  {
    name: "describes repositories by name and in pages, and names the one that is not there",
    on: "public",
    async run(context) {
      const made = [await context.repository("public"), await context.repository("public")];
      const repositoryNames = made.map(({ name }) => name);
      const named = await context.ecrPublic.describeRepositories({ repositoryNames });
      expect(named.repositories?.map(({ repositoryArn }) => repositoryArn).sort()).toEqual(
        made.map(({ arn }) => arn).sort(),
      );

      const first = await context.ecrPublic.describeRepositories({ maxResults: 1 });
      const second = await context.ecrPublic.describeRepositories({ maxResults: 1, nextToken: first.nextToken });
      const [one, two] = [first, second].map(({ repositories }) => repositories?.[0]?.repositoryName);
      expect(one).toBeTypeOf("string");
      expect(two).not.toBe(one);

      const missing = { name: context.newName("public"), registryId: made[0]?.registryId ?? "" };
      await expectRefusal(
        context.ecrPublic.describeRepositories({ repositoryNames: [...repositoryNames, missing.name] }),
        "RepositoryNotFoundException",
        texts.repositoryUnknown(missing),
      );
    },
  },
  {
    name: "deletes a repository with images only by force, and then only once",
    on: "public",
    async run(context) {
      const repository = await context.repository("public");
      const { name: repositoryName } = repository;
      await repository.push(imageWith("layer"), "v1");
      await expectRefusal(context.ecrPublic.deleteRepository({ repositoryName }), "RepositoryNotEmptyException");
      const deleted = await context.ecrPublic.deleteRepository({ repositoryName, force: true });
      expect(deleted.repository?.repositoryArn).toBe(repository.arn);
      await expectRefusal(
        context.ecrPublic.deleteRepository({ repositoryName }),
        "RepositoryNotFoundException",
        texts.repositoryUnknown(repository),
      );
    },
  },
];
