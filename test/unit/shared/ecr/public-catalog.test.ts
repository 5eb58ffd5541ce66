import { describe, expect, it } from "vitest";
import {
  getPublicCatalogData,
  getRegistryDisplayName,
  putPublicCatalogData,
  putRegistryDisplayName,
} from "#shared/ecr/public-catalog.ts";
import { createPublicRepository } from "#shared/ecr/public-repositories.ts";
import { picture } from "../../../gallery/picture.ts";
import { startWithRepositories } from "./stored-images.ts";

const empty = { description: "", aboutText: "", usageText: "", architectures: [], operatingSystems: [] };

describe("the catalog data of a public repository", () => {
  it("has no members before there is any, and is undefined without the repository", async () => {
    const { ecrPublic } = await startWithRepositories();
    await createPublicRepository(ecrPublic, "team/new");

    expect(await getPublicCatalogData(ecrPublic, "team/new")).toEqual({});
    expect(await getPublicCatalogData(ecrPublic, "team/none")).toBeUndefined();
  });

  it("is written with all that it says, the logo as the bytes it is", async () => {
    const { ecrPublic } = await startWithRepositories();
    await createPublicRepository(ecrPublic, "team/new");
    const page = {
      description: "What it is",
      aboutText: "# About",
      usageText: "# Usage",
      architectures: ["ARM 64", "x86-64"],
      operatingSystems: ["Linux"],
    };

    expect(await putPublicCatalogData(ecrPublic, "team/new", { ...page, logo: picture(60, [1, 2, 3]) })).toBe(true);

    expect(await getPublicCatalogData(ecrPublic, "team/new")).toEqual({
      ...page,
      logoUrl: expect.stringMatching(/\/logo\/team\/new\/[0-9a-f]{32}\.png$/),
    });
  });

  it("is cleared by empty texts", async () => {
    const { ecrPublic } = await startWithRepositories();
    await createPublicRepository(ecrPublic, "team/new", { description: "What it is" });

    await putPublicCatalogData(ecrPublic, "team/new", empty);

    expect(await getPublicCatalogData(ecrPublic, "team/new")).toEqual(empty);
  });

  it("is refused beyond a limit", async () => {
    const { ecrPublic } = await startWithRepositories();
    await createPublicRepository(ecrPublic, "team/new");

    await expect(
      putPublicCatalogData(ecrPublic, "team/new", { ...empty, description: "x".repeat(1_025) }),
    ).rejects.toMatchObject({ code: "ecr-invalid", permanent: true });
  });
});

describe("the display name of the public registry", () => {
  it("is undefined until it is given", async () => {
    const { ecrPublic } = await startWithRepositories();

    expect(await getRegistryDisplayName(ecrPublic)).toBeUndefined();
    await putRegistryDisplayName(ecrPublic, "Team A");

    expect(await getRegistryDisplayName(ecrPublic)).toBe("Team A");
  });
});
