import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { catalogFiles } from "#shared/catalog/catalog-files.ts";
import { compileCatalog } from "#shared/catalog/compile/compile-catalog.ts";
import { readPolicy } from "#shared/policy/read-policy.ts";
import { findingLines } from "../../../infra/finding-lines.ts";
import { withoutTexts, writeCatalog } from "../../../infra/write-catalog.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-catalog-"));
});
afterEach(() => rm(directory, { recursive: true }));

describe("a written catalog", () => {
  it("is read as it was compiled: the example's page, with its logo, and no findings", async () => {
    const { policy } = readPolicy(await readFile("policies/example.yaml", "utf8"), "example.yaml");
    const catalog = await compileCatalog({ policy, directory: "policies" });

    await writeCatalog(join(directory, "catalog"), catalog);
    const files = catalogFiles(join(directory, "catalog"));

    expect(catalog.findings).toEqual([]);
    expect(await files.names()).toEqual(["team-a-api"]);
    const texts = await files.texts("team-a-api");
    expect(texts).toEqual(catalog.pages.get("team-a-api"));
    expect(texts).toMatchObject({ description: "Takes orders over HTTP", source: "https://github.com/example/api" });
    expect(Buffer.from(await files.logo(texts?.logo?.sha256 ?? ""))).toEqual(
      await readFile("policies/catalog/team-a-api/logo.png"),
    );
  });

  it("keeps names with a slash, and says nothing of what is not in it", async () => {
    const pages = new Map([["team/api", { description: "D", findings: [] }]]);

    await writeCatalog(directory, { pages, logos: new Map() });
    const files = catalogFiles(directory);

    expect(await files.names()).toEqual(["team/api"]);
    expect(await files.texts("team/api")).toEqual({ description: "D", findings: [] });
    expect(await files.texts("../team/api")).toBeUndefined();
    await expect(files.logo("0".repeat(64))).rejects.toThrow("ENOENT");
  });

  it("is empty where there is no folder", async () => {
    const files = catalogFiles(join(directory, "none"));

    expect(await files.names()).toEqual([]);
    expect(await files.texts("team-a-api")).toBeUndefined();
  });
});

describe("the policy for the functions", () => {
  it("has the names of the pages, and not their texts", () => {
    const yaml = "{ version: 1, catalog: { displayName: A, repositories: [{ repository: api, about: long }] } }";

    expect(withoutTexts(readPolicy(yaml, "p.yaml").policy).catalog).toEqual({
      displayName: "A",
      repositories: [{ repository: "api" }],
    });
  });
});

describe("findingLines", () => {
  it("name the file as it is seen from where the build runs", () => {
    const findings = [
      { file: "catalog/api/logo.png", rule: "logo-size", message: "is small" },
      { file: "catalog.repositories[0].about", rule: "link-broken", message: "line 1: x" },
    ];

    expect(findingLines("policies/p.yaml", findings)).toEqual([
      "policies/catalog/api/logo.png: is small (logo-size)",
      "policies/p.yaml: catalog.repositories[0].about: line 1: x (link-broken)",
    ]);
  });
});
