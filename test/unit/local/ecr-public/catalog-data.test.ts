import {
  CreateRepositoryCommand,
  GetRegistryCatalogDataCommand,
  GetRepositoryCatalogDataCommand,
  PutRegistryCatalogDataCommand,
  PutRepositoryCatalogDataCommand,
  type RepositoryCatalogDataInput,
} from "@aws-sdk/client-ecr-public";
import { describe, expect, it } from "vitest";
import { findLogo } from "../../../../local/ecr-public/logo.ts";
import { startRegistries } from "../ecr/registry-apis.ts";
import { pngOf } from "./png.ts";

const repositoryName = "app";

async function start(catalogData?: RepositoryCatalogDataInput) {
  const registries = await startRegistries();
  const { ecrPublic } = registries;
  const created = await ecrPublic.send(new CreateRepositoryCommand({ repositoryName, catalogData }));
  const get = async () => (await ecrPublic.send(new GetRepositoryCatalogDataCommand({ repositoryName }))).catalogData;
  const put = async (data: RepositoryCatalogDataInput) =>
    (await ecrPublic.send(new PutRepositoryCatalogDataCommand({ repositoryName, catalogData: data }))).catalogData;
  return { ...registries, created, get, put };
}

const texts = {
  description: "What it is",
  architectures: ["ARM 64", "x86-64"],
  operatingSystems: ["Linux"],
  aboutText: "# About",
  usageText: "# Usage",
};

describe("catalog data of a repository", () => {
  it("is empty before it is put", async () => {
    const { get } = await start();
    expect(await get()).toEqual({});
  });

  it("comes with the repository, the logo as an address", async () => {
    const logoImageBlob = pngOf(60, 2048);
    const { created, get, store } = await start({ ...texts, logoImageBlob });
    expect(created.catalogData).toEqual({
      ...texts,
      logoUrl: expect.stringMatching(/^http:\/\/public\.localhost:5000\/logo\/app\/[0-9a-f]{32}\.png$/),
    });
    expect(await get()).toEqual(created.catalogData);

    const path = new URL(created.catalogData?.logoUrl ?? "").pathname;
    expect(findLogo(store.public, path)?.equals(logoImageBlob)).toBe(true);
    expect(findLogo(store.public, path.replace("/app/", "/other/"))).toBeUndefined();
  });

  it("is replaced as a whole", async () => {
    const { created, get, put, store } = await start({ ...texts, logoImageBlob: pngOf(100, 100) });
    expect(await put({ description: "Only this" })).toEqual({ description: "Only this" });
    expect(await get()).toEqual({ description: "Only this" });
    expect(findLogo(store.public, new URL(created.catalogData?.logoUrl ?? "").pathname)).toBeUndefined();
  });

  it.each([
    ["description", { description: "x".repeat(1025) }, "Member must have length less than or equal to 1024"],
    ["aboutText", { aboutText: "x".repeat(25_601) }, "Member must have length less than or equal to 25600"],
    ["usageText", { usageText: "x".repeat(25_601) }, "Member must have length less than or equal to 25600"],
    ["architectures", { architectures: Array(51).fill("x86") }, "Member must have length less than or equal to 50"],
    [
      "operatingSystems",
      { operatingSystems: ["x".repeat(51)] },
      "Member must satisfy constraint: [Member must have length less than or equal to 50]",
    ],
    [
      "logoImageBlob",
      { logoImageBlob: Buffer.concat([pngOf(100, 100), Buffer.alloc(512_000)]) },
      "Member must have length less than or equal to 512000",
    ],
    ["logoImageBlob", { logoImageBlob: Buffer.from("GIF89a") }, "The logo must be a PNG image"],
    [
      "logoImageBlob",
      { logoImageBlob: pngOf(59, 100) },
      "Each side of the logo must have between 60 and 2048 pixels, not 59 x 100",
    ],
    [
      "logoImageBlob",
      { logoImageBlob: pngOf(100, 2049) },
      "Each side of the logo must have between 60 and 2048 pixels, not 100 x 2049",
    ],
  ])("refuses a %s beyond its limits", async (member, data, constraint) => {
    const { put, get } = await start();
    await expect(put(data)).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: `Invalid parameter at 'catalogData.${member}' failed to satisfy constraint: '${constraint}'`,
    });
    expect(await get()).toEqual({});
  });

  it("needs a repository", async () => {
    const { ecrPublic } = await start();
    const missing = { repositoryName: "missing" };
    const error = { name: "RepositoryNotFoundException" };
    await expect(ecrPublic.send(new GetRepositoryCatalogDataCommand(missing))).rejects.toMatchObject(error);
    await expect(
      ecrPublic.send(new PutRepositoryCatalogDataCommand({ ...missing, catalogData: {} })),
    ).rejects.toMatchObject(error);
  });
});

describe("catalog data of the registry", () => {
  it("is a display name of at most 100 characters", async () => {
    const { ecrPublic } = await startRegistries();
    const get = async () => (await ecrPublic.send(new GetRegistryCatalogDataCommand({}))).registryCatalogData;
    expect(await get()).toEqual({});
    const put = (displayName?: string) => ecrPublic.send(new PutRegistryCatalogDataCommand({ displayName }));
    expect((await put("The Team")).registryCatalogData).toEqual({ displayName: "The Team" });
    expect(await get()).toEqual({ displayName: "The Team" });
    await expect(put("x".repeat(101))).rejects.toMatchObject({ name: "InvalidParameterException" });
    await put();
    expect(await get()).toEqual({});
  });
});
