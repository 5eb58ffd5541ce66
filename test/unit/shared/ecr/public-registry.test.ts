import { describe, expect, it } from "vitest";
import { publicRegistryAlias } from "#shared/ecr/public-registry.ts";
import { startScriptedEcr, success } from "./scripted-ecr.ts";
import { startWithRepositories } from "./stored-images.ts";

const primary = { name: "acme", status: "ACTIVE", primaryRegistryAlias: true, defaultRegistryAlias: false };
const standard = { name: "d3m0acct", status: "ACTIVE", primaryRegistryAlias: false, defaultRegistryAlias: true };
const page = (...aliases: object[]) => success({ registries: [{ registryId: "123456789012", aliases }] });

describe("the alias of the public registry", () => {
  it("is told by the account", async () => {
    const { ecrPublic } = await startWithRepositories();

    expect(await publicRegistryAlias(ecrPublic)).toBe("alias");
  });

  it.each([
    ["the primary one", [standard, primary], "acme"],
    ["the default one without a primary one", [standard], "d3m0acct"],
    [
      "the default one while the primary one waits for approval",
      [{ ...primary, status: "PENDING" }, standard],
      "d3m0acct",
    ],
    ["none before the first public repository", [], undefined],
  ])("is %s", async (_, aliases, alias) => {
    const { ecrPublic } = await startScriptedEcr(page(...aliases));

    expect(await publicRegistryAlias(ecrPublic)).toBe(alias);
  });

  it("is looked for on every page", async () => {
    const first = success({ registries: [{ aliases: [standard] }], nextToken: "next" });
    const { ecrPublic, operations } = await startScriptedEcr(first, page(primary));

    expect(await publicRegistryAlias(ecrPublic)).toBe("acme");
    expect(operations).toEqual(["DescribeRegistries", "DescribeRegistries"]);
  });
});
