import {
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  PutImageTagMutabilityCommand,
} from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { startTestAccount, type TestAccount } from "../support/account.ts";

async function mutabilityOf(
  { ecr }: TestAccount,
  repository: string,
): Promise<[string | undefined, string[] | undefined]> {
  const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repository] }));
  const [found] = repositories ?? [];
  return [found?.imageTagMutability, found?.imageTagMutabilityExclusionFilters?.map(({ filter }) => filter ?? "")];
}

describe("tag mutability", () => {
  it("is put back after somebody changed it, and the decision names the caller", async () => {
    await using test = await startTestAccount({ everything: true });
    expect(test.decisions()).toContain("trail-logging");
    await test.ecr.send(new CreateRepositoryCommand({ repositoryName: "team-a/api" }));
    await test.account.idle();
    const start = test.account.timeline.last();

    await test.ecr.send(
      new PutImageTagMutabilityCommand({ repositoryName: "team-a/api", imageTagMutability: "MUTABLE" }),
    );
    const decision = await test.decision("drift-put-back", "team-a/api", start);

    expect(await mutabilityOf(test, "team-a/api")).toEqual(["IMMUTABLE_WITH_EXCLUSION", ["dev-*"]]);
    expect(decision).toMatchObject({
      text: "team-a/api: drift put back: mutability is MUTABLE, wanted IMMUTABLE except dev-*",
      facts: { changedBy: `arn:aws:iam::${test.account.accountId}:user/ci` },
    });
  });

  it("is brought to the template when somebody creates a repository without it", async () => {
    await using test = await startTestAccount();

    await test.ecr.send(new CreateRepositoryCommand({ repositoryName: "team-a/new", imageTagMutability: "MUTABLE" }));
    await test.account.idle();

    expect(await mutabilityOf(test, "team-a/new")).toEqual(["IMMUTABLE_WITH_EXCLUSION", ["dev-*"]]);
  });

  it("is put back by the sweep alone in an account without a trail, which is told at the deployment", async () => {
    await using test = await startTestAccount({ trail: "none", everything: true });
    const told = test.account.timeline.after(0).filter(({ who }) => who === "check-account" || who === "ecr-autopilot");
    await test.ecr.send(new CreateRepositoryCommand({ repositoryName: "team-a/api", imageTagMutability: "MUTABLE" }));
    await test.account.idle();
    const unseen = await mutabilityOf(test, "team-a/api");

    await test.account.fireSchedule("ReconcileRepositories");
    await test.decision("drift-put-back", "team-a/api");

    expect(told.filter(({ text = "" }) => /no trail covers eu-west-1/.test(text)).map(({ what }) => what)).toEqual([
      "trail-missing",
      "Trail Missing",
    ]);
    expect(unseen).toEqual(["MUTABLE", undefined]);
    expect(await test.account.invokeDirect("check-account", {})).toMatchObject({
      payload: { trail: "missing", lacks: ["no-trail"] },
    });
  });

  it("of a repository that no template covers is left alone, on record", async () => {
    await using test = await startTestAccount();

    await test.ecr.send(new CreateRepositoryCommand({ repositoryName: "elsewhere", imageTagMutability: "IMMUTABLE" }));
    await test.decision("event-ignored", "elsewhere");
    await test.account.idle();

    expect(await mutabilityOf(test, "elsewhere")).toEqual(["IMMUTABLE", undefined]);
  });

  it("is written once for one change: the function's own call brings no other", async () => {
    await using test = await startTestAccount();
    await test.ecr.send(new CreateRepositoryCommand({ repositoryName: "team-a/api" }));
    await test.account.idle();
    const start = test.account.timeline.last();

    await test.ecr.send(
      new PutImageTagMutabilityCommand({ repositoryName: "team-a/api", imageTagMutability: "MUTABLE" }),
    );
    await test.account.idle();

    const puts = test.account.timeline
      .after(start)
      .filter(({ kind, what }) => kind === "call" && what === "ecr:PutImageTagMutability");
    expect(puts.map(({ facts }) => facts.imageTagMutability)).toEqual(["MUTABLE", "IMMUTABLE_WITH_EXCLUSION"]);
  });
});
