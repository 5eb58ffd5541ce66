import { CreateRepositoryCommand, DescribeRepositoriesCommand } from "@aws-sdk/client-ecr";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestAccount, type TestAccount } from "../support/account.ts";
import { type Assemblies, testAssemblies } from "../support/policies.ts";

const DAY_MS = 86_400_000;
const day = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

const policy = (enforcement: string) => `version: 1
mutability:
  enforcement: ${enforcement}
  exceptions:
    - { repository: a/excepted, reason: moves to digests, expires: ${day(30)} }
    - { repository: a/expired, reason: was to move to digests, expires: ${day(-2)} }
templates:
  - prefix: ROOT
    mutability: { mode: IMMUTABLE_WITH_EXCLUSION, exclude: ["dev-*"] }
`;

let assemblies: Assemblies;
beforeAll(async () => {
  assemblies = await testAssemblies();
});
afterAll(() => assemblies[Symbol.asyncDispose]());

async function modeOf({ ecr }: TestAccount, name: string): Promise<string | undefined> {
  const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }));
  return repositories?.[0]?.imageTagMutability;
}

describe("an exception from tag mutability", () => {
  it("holds until its day, on record with its reason", async () => {
    await using test = await startTestAccount({ assemblyDir: await assemblies.of(policy("enforce")) });

    await test.ecr.send(new CreateRepositoryCommand({ repositoryName: "a/excepted" }));
    const decision = await test.decision("exception-in-force", "a/excepted");
    await test.account.idle();

    expect(decision.text).toContain(`left until ${day(30)}: moves to digests`);
    expect(await modeOf(test, "a/excepted")).toBe("MUTABLE");
  });

  it("that has expired is enforced again, and told as an event", async () => {
    await using test = await startTestAccount({ assemblyDir: await assemblies.of(policy("enforce")) });

    await test.ecr.send(new CreateRepositoryCommand({ repositoryName: "a/expired" }));
    const decision = await test.decision("exception-expired", "a/expired");
    await test.account.idle();

    expect(decision.text).toContain(`the exception for 'a/expired' (was to move to digests) ended after ${day(-2)}`);
    expect(await modeOf(test, "a/expired")).toBe("IMMUTABLE_WITH_EXCLUSION");
    const told = test.account.timeline.after(0).flatMap(({ who, what }) => (who === "ecr-autopilot" ? [what] : []));
    expect(told).toContain("Exception Expired");
  });
});

describe("a sweep", () => {
  it("leaves an exception in force, enforces an expired one, and tells both", async () => {
    await using test = await startTestAccount({ assemblyDir: await assemblies.of(policy("enforce")) });
    test.account.disturb({ drop: () => true });
    for (const repositoryName of ["a/excepted", "a/expired"]) {
      await test.ecr.send(new CreateRepositoryCommand({ repositoryName }));
    }
    test.account.disturb({});

    const result = await test.account.invokeDirect("reconcile-repositories", { mode: "apply" });

    expect(result).toMatchObject({
      payload: { counts: { repositories: 2, excepted: 1, putBack: 1, conforming: 0, writes: { mutability: 1 } } },
    });
    expect([await modeOf(test, "a/excepted"), await modeOf(test, "a/expired")]).toEqual([
      "MUTABLE",
      "IMMUTABLE_WITH_EXCLUSION",
    ]);
    const decisions = test.account.timeline
      .after(0)
      .filter(({ kind, who }) => kind === "decision" && who === "reconcile-repositories");
    const told = decisions.flatMap(({ what, repository }) =>
      repository === undefined ? [] : [`${what} ${repository}`],
    );
    expect(told.sort()).toEqual([
      "drift-put-back a/expired",
      "exception-expired a/expired",
      "exception-in-force a/excepted",
    ]);
  });
});

describe("a policy that only reports", () => {
  it("writes no tag mutability, and says what differs and which controls will flag the wanted mode", async () => {
    await using test = await startTestAccount({ assemblyDir: await assemblies.of(policy("report")) });

    await test.ecr.send(new CreateRepositoryCommand({ repositoryName: "a/free" }));
    const decision = await test.decision("mutability-reported", "a/free");
    await test.account.idle();

    expect(decision).toMatchObject({
      text: expect.stringContaining("mutability is MUTABLE, wanted IMMUTABLE except dev-*"),
      facts: { flaggedBy: expect.arrayContaining([expect.stringContaining("ECR.2")]) },
    });
    expect(await modeOf(test, "a/free")).toBe("MUTABLE");
  });
});
