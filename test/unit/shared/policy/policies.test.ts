import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { nativeTemplates } from "#shared/policy/creation-templates.ts";
import { templateFor } from "#shared/policy/match-template.ts";
import { mirrorSelections } from "#shared/policy/mirror-rules.ts";
import { readPolicy } from "#shared/policy/read-policy.ts";

const load = async (name: string) => readPolicy(await readFile(`policies/${name}`, "utf8"), name).policy;

describe("policies/default.yaml", () => {
  it("publishes nothing, and governs tags and scanning of every repository", async () => {
    const policy = await load("default.yaml");

    expect(policy.mirror).toEqual([]);
    expect(policy.templates).toEqual([
      {
        prefix: "ROOT",
        description: "House standards for every repository",
        mutability: { mode: "MUTABLE_WITH_EXCLUSION", exclude: ["v*"] },
        scanOnPush: true,
        createOn: ["push"],
      },
    ]);
  });
});

describe("policies/example.yaml", () => {
  it("holds team A to every setting, and covers nobody else", async () => {
    const policy = await load("example.yaml");

    expect(Object.keys(templateFor(policy, "team-a/api") ?? {}).sort()).toEqual([
      "createOn",
      "description",
      "encryption",
      "lifecyclePolicy",
      "mutability",
      "ownerTags",
      "prefix",
      "repositoryPolicy",
      "scanOnPush",
      "tags",
    ]);
    expect(templateFor(policy, "team-b/api")).toBeUndefined();
    expect(nativeTemplates(policy, "arn:aws:iam::111122223333:role/x").map(({ prefix }) => prefix)).toEqual(["team-a"]);
  });

  it("publishes the releases of team A, and neither candidates nor anybody else's", async () => {
    const policy = await load("example.yaml");

    expect(mirrorSelections(policy, "team-a/api", ["v1.0.0", "dev-1"])).toEqual({
      selections: [{ rule: 0, destination: "team-a-api", tags: ["v1.0.0"] }],
      impossible: [],
    });
    expect(mirrorSelections(policy, "team-a/api", ["v1.0.0-rc1"])).toHaveProperty("notSelected");
    expect(mirrorSelections(policy, "team-c/api", ["v1.0.0"])).toHaveProperty("notSelected");
  });
});
