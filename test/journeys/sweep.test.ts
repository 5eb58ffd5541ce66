import {
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  PutImageTagMutabilityCommand,
} from "@aws-sdk/client-ecr";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseFault } from "../../local/faults/parse-fault.ts";
import { readStandards } from "../../local/tour/standards.ts";
import { startTestAccount, type TestAccount } from "../support/account.ts";
import { type Assemblies, setTimeoutSeconds, testAssemblies } from "../support/policies.ts";

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

/** Creates a repository as it was before the policy: no event of it reaches a function. */
async function createUnseen(test: TestAccount, repositoryName: string, settings: object = {}): Promise<void> {
  test.account.disturb({ drop: () => true });
  await test.ecr.send(new CreateRepositoryCommand({ repositoryName, ...settings }));
  test.account.disturb({});
}

async function sweep(test: TestAccount) {
  const after = test.account.timeline.last();
  await test.account.fireSchedule("ReconcileRepositories");
  const finished = await test.account.timeline.until(
    "the end of the sweep",
    { after, timeoutMs: 60_000 },
    ({ what }) => what === "sweep-finished",
  );
  await test.account.idle();
  const entries = test.account.timeline.after(after);
  return {
    counts: finished.facts,
    decisions: entries.filter(({ kind }) => kind === "decision").map(({ what, repository }) => [what, repository]),
    writes: entries
      .filter(({ kind, what }) => kind === "call" && what.startsWith("ecr:"))
      .map(({ what, repository }) => [what, repository]),
    events: entries
      .filter(({ kind, who }) => kind === "event" && who === "ecr-autopilot")
      .map(({ facts }) => facts.event),
  };
}

describe("a sweep", () => {
  it("puts back what drifted while no event came, setting by setting, and writes nothing the second time", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const settings = {
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "dev-*" }],
      imageScanningConfiguration: { scanOnPush: true },
    };
    await createUnseen(test, "a/conforms", settings);
    await createUnseen(test, "a/mutable", {
      ...settings,
      imageTagMutability: "MUTABLE",
      imageTagMutabilityExclusionFilters: undefined,
    });
    await createUnseen(test, "a/unscanned", { ...settings, imageScanningConfiguration: { scanOnPush: false } });

    const first = await sweep(test);
    const second = await sweep(test);

    expect(first.writes).toEqual([
      ["ecr:PutImageTagMutability", "a/mutable"],
      ["ecr:PutImageScanningConfiguration", "a/unscanned"],
    ]);
    expect(first.decisions).toEqual(
      expect.arrayContaining([
        ["drift-put-back", "a/mutable"],
        ["drift-put-back", "a/unscanned"],
      ]),
    );
    expect(first.counts).toMatchObject({ repositories: 3, conforming: 1, putBack: 2, failed: 0 });
    expect(second.writes).toEqual([]);
    expect(second.counts).toMatchObject({ repositories: 3, conforming: 3, putBack: 0 });
  });

  it("brings everything that the template governs to a repository that nobody looked after", async () => {
    await using test = await startTestAccount();
    await createUnseen(test, "team-a/old");

    await sweep(test);

    expect(await readStandards(test.ecr, "team-a/old")).toMatchObject({ missing: [] });
  });

  it("tells each drift and its own end as events of this project", async () => {
    await using test = await startTestAccount({ assemblyDir });
    await createUnseen(test, "a/mutable");

    const { events } = await sweep(test);

    expect(events).toMatchObject([
      {
        source: "ecr-autopilot",
        "detail-type": "Drift Put Back",
        detail: {
          version: 1,
          function: "reconcile-repositories",
          repository: "a/mutable",
          settings: ["mutability", "scanOnPush"],
        },
      },
      {
        "detail-type": "Sweep Finished",
        detail: {
          repositories: 1,
          putBack: 1,
          writes: { mutability: 1, scanOnPush: 1 },
          flaggedBy: { "Security Hub ECR.2": 1 },
        },
      },
    ]);
  });

  it("lists a repository whose name breaks a rule, and does not touch it", async () => {
    await using test = await startTestAccount({ assemblyDir });
    await createUnseen(test, "a/tmp-x");

    const { decisions, writes, counts } = await sweep(test);

    expect(decisions).toContainEqual(["repository-misnamed", "a/tmp-x"]);
    expect(writes).toEqual([]);
    expect(counts).toMatchObject({ misnamed: 1, putBack: 0 });
  });

  it("goes on past one repository that cannot be written, and says which and why", async () => {
    await using test = await startTestAccount({ assemblyDir });
    for (const name of ["a/bad", "a/good"]) await createUnseen(test, name);
    test.account.faults.add(parseFault("ecr:PutImageTagMutability@a/bad=server-error"));

    const { counts, decisions } = await sweep(test);

    expect(decisions).toEqual(
      expect.arrayContaining([
        ["repository-failed", "a/bad"],
        ["drift-put-back", "a/good"],
      ]),
    );
    expect(counts).toMatchObject({ failed: 1, putBack: 1 });
  });

  it("takes a repository that is deleted between the read and the write for gone, which is no failure", async () => {
    await using test = await startTestAccount();
    await createUnseen(test, "team-a/going");
    const stop = test.account.timeline.onEntry(({ what }) => {
      // Between its first write and the next: the function has read it already.
      if (what === "ecr:PutImageTagMutability")
        void test.account.context.store.private.deleteRepository("team-a/going", { force: true });
    });

    const { counts, decisions } = await sweep(test);
    stop();

    expect(counts).toMatchObject({ gone: 1, failed: 0, putBack: 0 });
    expect(decisions.map(([what]) => what)).not.toContain("drift-put-back");
  });

  it("goes on in another invocation when the time of one runs short", async () => {
    const assemblyDir = await assemblies.of(`version: 1
templates:
  - prefix: ROOT
    mutability: { mode: IMMUTABLE }
    tags: { team: a }
`);
    await setTimeoutSeconds(assemblyDir, "ReconcileRepositories", 5);
    await using test = await startTestAccount({ assemblyDir });
    for (let index = 0; index < 120; index++) {
      await createUnseen(test, `a/r${index}`, { imageTagMutability: "IMMUTABLE", tags: [{ Key: "team", Value: "a" }] });
    }
    await test.ecr.send(new PutImageTagMutabilityCommand({ repositoryName: "a/r119", imageTagMutability: "MUTABLE" }));
    await test.account.idle();

    const { counts, decisions } = await sweep(test);

    expect(decisions.map(([what]) => what)).toContain("sweep-continues");
    expect(counts).toMatchObject({ repositories: 120, failed: 0 });
  });
});

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
