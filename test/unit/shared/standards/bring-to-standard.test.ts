import { describe, expect, it } from "vitest";
import type { Template } from "#shared/policy/schema.ts";
import type { Governed } from "#shared/policy/standard-for.ts";
import { bringToStandard } from "#shared/standards/bring-to-standard.ts";
import { template } from "../policy/support.ts";
import { awsError, bare, fakeEcr } from "./fake-ecr.ts";

const governed = (settings: Partial<Template>, mutability: Governed["mutability"] = "enforce"): Governed => ({
  outcome: "governed",
  template: template("ROOT", settings),
  mutability,
});

const all = governed({
  mutability: { mode: "IMMUTABLE_WITH_EXCLUSION", exclude: ["dev-*"] },
  scanOnPush: true,
  lifecyclePolicy: '{"rules":[]}',
  repositoryPolicy: '{"Statement":[]}',
  tags: { team: "a" },
});

describe("bringToStandard", () => {
  it("writes each setting that is missing, once, and then finds nothing to write", async () => {
    const { ecr, writes, repositories } = fakeEcr({ "a/web": bare() });

    const first = await bringToStandard(ecr, "a/web", all);
    const second = await bringToStandard(ecr, "a/web", all);

    expect(writes()).toEqual([
      "PutImageTagMutability a/web",
      "PutImageScanningConfiguration a/web",
      "PutLifecyclePolicy a/web",
      "SetRepositoryPolicy a/web",
      "TagResource a/web",
    ]);
    expect(first).toMatchObject({
      outcome: "at-standard",
      changed: [
        { setting: "mutability" },
        { setting: "scanOnPush" },
        { setting: "lifecyclePolicy" },
        { setting: "repositoryPolicy" },
        { setting: "tags" },
      ],
      findings: { fixable: [], unfixable: [], reported: [], excepted: [] },
    });
    expect(second).toMatchObject({ outcome: "at-standard", changed: [] });
    expect(repositories.get("a/web")).toMatchObject({ mutability: "IMMUTABLE_WITH_EXCLUSION", filters: ["dev-*"] });
  });

  it("reads a repository that is at its standard once, and only what is governed", async () => {
    const { ecr, operations } = fakeEcr({ "a/web": bare({ scanOnPush: true, tags: { team: "a" } }) });

    await bringToStandard(ecr, "a/web", governed({ scanOnPush: true, tags: { team: "a" } }));

    expect(operations()).toEqual(["DescribeRepositories", "ListTagsForResource"]);
  });

  it("says which settings still differ after they were written, and leaves them to another try", async () => {
    const { ecr, repositories } = fakeEcr({ "a/web": bare() }, ({ operation }) => {
      const repository = repositories.get("a/web");
      if (operation === "DescribeRepositories" && repository) repository.scanOnPush = false;
    });

    await expect(bringToStandard(ecr, "a/web", governed({ scanOnPush: true }))).rejects.toMatchObject({
      code: "standard-not-reached",
      permanent: false,
      message: "'a/web' still differs after the write: scanOnPush",
    });
  });

  it("writes the settings after one that ECR refuses, too, and raises the refusal", async () => {
    const { ecr, repositories } = fakeEcr({ "a/web": bare() }, ({ operation }) => {
      if (operation === "PutLifecyclePolicy") throw awsError("AccessDeniedException");
      if (operation === "SetRepositoryPolicy") throw awsError("InvalidParameterException");
    });

    await expect(bringToStandard(ecr, "a/web", all)).rejects.toMatchObject({
      code: "ecr-denied",
      message: "could not set the lifecycle policy of 'a/web': AccessDeniedException: told by the test",
    });

    expect(repositories.get("a/web")).toMatchObject({ scanOnPush: true, tags: { team: "a" } });
  });

  it("does not take a denied reading for a setting that is missing", async () => {
    for (const operation of ["GetLifecyclePolicy", "GetRepositoryPolicy", "ListTagsForResource"]) {
      const { ecr, writes } = fakeEcr({ "a/web": bare() }, (call) => {
        if (call.operation === operation) throw awsError("AccessDeniedException");
      });

      await expect(bringToStandard(ecr, "a/web", all)).rejects.toMatchObject({ code: "ecr-denied" });
      expect(writes()).toEqual([]);
    }
  });

  it.each(["DescribeRepositories", "ListTagsForResource", "PutLifecyclePolicy", "TagResource"])(
    "takes a repository that is deleted before %s for gone",
    async (operation) => {
      const { ecr, repositories } = fakeEcr({ "a/web": bare() }, (call) => {
        if (call.operation === operation) repositories.delete("a/web");
      });

      expect(await bringToStandard(ecr, "a/web", all)).toEqual({ outcome: "gone" });
    },
  );

  it("takes a repository that is deleted after the last write for gone", async () => {
    const { ecr, repositories, operations } = fakeEcr({ "a/web": bare() }, () => {
      if (operations().includes("TagResource") && operations().at(-1) === "DescribeRepositories")
        repositories.delete("a/web");
    });

    expect(await bringToStandard(ecr, "a/web", all)).toEqual({ outcome: "gone" });
  });

  it("tells of an encryption that differs, and writes nothing for it", async () => {
    const { ecr, writes } = fakeEcr({ "a/web": bare() });
    const kms = governed({ encryption: { type: "KMS", kmsKey: "arn:aws:kms:eu-west-1:123456789012:key/k" } });

    expect(await bringToStandard(ecr, "a/web", kms)).toMatchObject({
      changed: [],
      findings: { unfixable: [{ setting: "encryption" }] },
    });
    expect(writes()).toEqual([]);
  });

  it.each([
    ["report", "reported"],
    ["excepted", "excepted"],
  ] as const)("leaves a tag mutability to %s, and writes the rest", async (mutability, member) => {
    const { ecr, writes } = fakeEcr({ "a/web": bare() });
    const standard = governed({ mutability: { mode: "IMMUTABLE", exclude: [] }, scanOnPush: true }, mutability);

    const outcome = await bringToStandard(ecr, "a/web", standard);

    expect(writes()).toEqual(["PutImageScanningConfiguration a/web"]);
    expect(outcome).toMatchObject({
      changed: [{ setting: "scanOnPush" }],
      findings: { [member]: [{ setting: "mutability" }] },
    });
  });
});

describe("owner tags", () => {
  const owner = { owner: "ci", "created-by": "build-7" };

  it("are written where no tag of their key stands, in the same call as the template's tags", async () => {
    const { ecr, calls, repositories } = fakeEcr({ "a/web": bare({ tags: { owner: "team-b", other: "kept" } }) });

    await bringToStandard(ecr, "a/web", governed({ tags: { team: "a" } }), owner);

    expect(repositories.get("a/web")?.tags).toEqual({
      owner: "team-b",
      other: "kept",
      team: "a",
      "created-by": "build-7",
    });
    expect(calls.filter(({ operation }) => operation === "TagResource")).toHaveLength(1);
  });

  it("are read and written where the template governs no tags", async () => {
    const { ecr, operations, repositories } = fakeEcr({ "a/web": bare() });

    await bringToStandard(ecr, "a/web", governed({}), owner);
    await bringToStandard(ecr, "a/web", governed({}), { owner: "another" });

    expect(repositories.get("a/web")?.tags).toEqual(owner);
    expect(operations().filter((operation) => operation === "TagResource")).toHaveLength(1);
  });

  it("are told apart by case, as ECR does", async () => {
    const { ecr, repositories } = fakeEcr({ "a/web": bare({ tags: { Owner: "team-b" } }) });

    await bringToStandard(ecr, "a/web", governed({}), { owner: "ci" });

    expect(repositories.get("a/web")?.tags).toEqual({ Owner: "team-b", owner: "ci" });
  });

  it("may have any key that AWS takes, constructor among them", async () => {
    const { ecr, repositories } = fakeEcr({ "a/web": bare(), "a/other": bare({ tags: { constructor: "theirs" } }) });

    for (const name of ["a/web", "a/other"])
      await bringToStandard(ecr, name, governed({ tags: { team: "a" } }), { constructor: "ci" });

    expect(repositories.get("a/web")?.tags).toEqual({ team: "a", constructor: "ci" });
    expect(repositories.get("a/other")?.tags).toEqual({ team: "a", constructor: "theirs" });
  });
});
