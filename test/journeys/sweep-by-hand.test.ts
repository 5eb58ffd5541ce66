import { DescribeRepositoriesCommand } from "@aws-sdk/client-ecr";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestAccount } from "../support/account.ts";
import { type Assemblies, testAssemblies } from "../support/policies.ts";
import { createUnseen } from "./sweeping.ts";

const POLICY = `version: 1
naming:
  deny: ["**/tmp-*"]
templates:
  - prefix: ROOT
    mutability: { mode: IMMUTABLE_WITH_EXCLUSION, exclude: ["dev-*"] }
    scanOnPush: true
`;

let assemblies: Assemblies;
let assemblyDir: string;
beforeAll(async () => {
  assemblies = await testAssemblies();
  assemblyDir = await assemblies.of(POLICY);
});
afterAll(() => assemblies[Symbol.asyncDispose]());

describe("a sweep by hand", () => {
  it("gives a plan in words and as data, and writes nothing", async () => {
    await using test = await startTestAccount({ assemblyDir });
    await createUnseen(test, "a/mutable", { imageScanningConfiguration: { scanOnPush: true } });
    await createUnseen(test, "b/tmp-x");
    const start = test.account.timeline.last();

    const result = await test.account.invokeDirect("reconcile-repositories", { mode: "plan" });

    expect(result).toMatchObject({
      payload: {
        mode: "plan",
        counts: { repositories: 2, putBack: 1, misnamed: 1 },
        repositories: [
          {
            repository: "a/mutable",
            template: "ROOT",
            changes: [
              {
                setting: "mutability",
                action: "write",
                present: { mode: "MUTABLE", exclude: [] },
                wanted: { mode: "IMMUTABLE_WITH_EXCLUSION", exclude: ["dev-*"] },
                words: "mutability is MUTABLE, wanted IMMUTABLE except dev-*",
              },
            ],
          },
          { repository: "b/tmp-x", changes: [{ setting: "name", action: "misnamed" }] },
        ],
        words: expect.stringContaining(
          "a/mutable (template ROOT)\n  would be written: mutability is MUTABLE, wanted IMMUTABLE except dev-*\n\nb/tmp-x\n",
        ),
      },
    });
    expect(test.account.timeline.after(start)).toEqual([]);
  });

  it("applies, and answers with what it did", async () => {
    await using test = await startTestAccount({ assemblyDir });
    await createUnseen(test, "a/mutable");

    const result = await test.account.invokeDirect("reconcile-repositories", { mode: "apply" });

    expect(result).toMatchObject({ payload: { mode: "apply", counts: { putBack: 1 }, continues: false } });
    const { repositories } = await test.ecr.send(new DescribeRepositoriesCommand({}));
    expect(repositories?.[0]?.imageTagMutability).toBe("IMMUTABLE_WITH_EXCLUSION");
  });

  it("refuses a request of another shape with the rule", async () => {
    await using test = await startTestAccount();

    const result = await test.account.invokeDirect("reconcile-repositories", { mode: "destroy" });

    expect(result).toMatchObject({
      error: { errorMessage: 'not a sweep by hand: mode must be "apply" or "plan"' },
    });
  });
});
