import type { RepositoryCatalogDataInput } from "@aws-sdk/client-ecr-public";
import { expect } from "vitest";
import type { ContractCase } from "../../support/contract-case.ts";
import { expectRefusal } from "../../support/contract-refusals.ts";

const page = {
  description: "Made by the contract suite",
  architectures: ["ARM 64", "x86-64"],
  operatingSystems: ["Linux"],
  aboutText: "# About\n\nNothing.",
  usageText: "# Usage\n\nNone.",
} satisfies RepositoryCatalogDataInput;

const refused: readonly (readonly [string, RepositoryCatalogDataInput])[] = [
  ["a description of 1,025 characters", { description: "x".repeat(1025) }],
  ["an about text of 25,601 characters", { aboutText: "x".repeat(25_601) }],
  ["a usage text of 25,601 characters", { usageText: "x".repeat(25_601) }],
  ["51 architectures", { architectures: Array.from({ length: 51 }, () => "x86") }],
  ["an operating system of 51 characters", { operatingSystems: ["x".repeat(51)] }],
  ["a logo of 512,001 bytes", { logoImageBlob: Buffer.alloc(512_001) }],
];

/** The gallery page of a public repository, and the name of the registry. */
export const cases: readonly ContractCase[] = [
  {
    name: "keeps the texts that were put, and replaces each of them",
    on: "public",
    async run({ ecrPublic, ...context }) {
      const { name: repositoryName } = await context.repository("public");
      const put = await ecrPublic.putRepositoryCatalogData({ repositoryName, catalogData: page });
      expect(put.catalogData).toMatchObject(page);
      expect((await ecrPublic.getRepositoryCatalogData({ repositoryName })).catalogData).toMatchObject(page);
      const changed = { ...page, description: "Another", operatingSystems: ["Linux", "Windows"] };
      await ecrPublic.putRepositoryCatalogData({ repositoryName, catalogData: changed });
      expect((await ecrPublic.getRepositoryCatalogData({ repositoryName })).catalogData).toMatchObject(changed);
    },
  },
  {
    name: "takes the texts with the creation of the repository",
    on: "public",
    async run(context) {
      const repositoryName = context.newName("public");
      const created = await context.ecrPublic.createRepository({ repositoryName, catalogData: page });
      expect(created.catalogData).toMatchObject(page);
      expect((await context.ecrPublic.getRepositoryCatalogData({ repositoryName })).catalogData).toMatchObject(page);
    },
  },
  {
    name: "takes a logo beside the texts",
    on: "public",
    async run(context) {
      const { name: repositoryName } = await context.repository("public");
      const catalogData = { ...page, logoImageBlob: png(100, 100) };
      const put = await context.ecrPublic.putRepositoryCatalogData({ repositoryName, catalogData });
      expect(put.catalogData).toMatchObject(page);
    },
  },
  ...refused.map(
    ([what, catalogData]): ContractCase => ({
      name: `refuses ${what}`,
      on: "public",
      async run(context) {
        const { name: repositoryName } = await context.repository("public");
        await expectRefusal(
          context.ecrPublic.putRepositoryCatalogData({ repositoryName, catalogData }),
          "InvalidParameterException",
        );
      },
    }),
  ),
  {
    name: "has no page for a repository that is not there",
    on: "public",
    async run(context) {
      const repositoryName = context.newName("public");
      await expectRefusal(
        context.ecrPublic.getRepositoryCatalogData({ repositoryName }),
        "RepositoryNotFoundException",
      );
      await expectRefusal(
        context.ecrPublic.putRepositoryCatalogData({ repositoryName, catalogData: page }),
        "RepositoryNotFoundException",
      );
    },
  },
  {
    name: "keeps a display name of the registry of at most 100 characters",
    on: "public",
    needs: "own-account",
    async run(context) {
      const before = (await context.ecrPublic.getRegistryCatalogData({})).registryCatalogData?.displayName;
      context.atEnd(() => context.ecrPublic.putRegistryCatalogData({ displayName: before ?? "" }));
      const put = await context.ecrPublic.putRegistryCatalogData({ displayName: "Contract" });
      expect(put.registryCatalogData).toEqual({ displayName: "Contract" });
      expect((await context.ecrPublic.getRegistryCatalogData({})).registryCatalogData).toEqual({
        displayName: "Contract",
      });
      await expectRefusal(
        context.ecrPublic.putRegistryCatalogData({ displayName: "x".repeat(101) }),
        "InvalidParameterException",
      );
    },
  },
];

/** Signature and header of a PNG, which is what a logo is judged by before it is shown. */
function png(width: number, height: number): Buffer {
  const bytes = Buffer.from("89504e470d0a1a0a0000000d4948445200000000000000000806000000", "hex");
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return Buffer.concat([bytes, Buffer.alloc(4)]);
}
