import { readFileSync } from "node:fs";
import { CreateRepositoryCommand, DescribeRepositoriesCommand, ListTagsForResourceCommand } from "@aws-sdk/client-ecr";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { push } from "../../local/tour/push.ts";
import { readStandards } from "../../local/tour/standards.ts";
import { startTestAccount, type TestAccount } from "../support/account.ts";
import { type Assemblies, testAssemblies } from "../support/policies.ts";
import { smallImage, targetFor } from "../support/pushing.ts";

const POLICY = `version: 1
naming:
  allow: ["team-*/**", "kms/*"]
  deny: ["**/tmp-*"]
  pattern: "[a-z0-9/-]+"
  nearNames: { except: ["team-a/orderz"] }
templates:
  - prefix: kms
    encryption: { type: KMS, kmsKey: "arn:aws:kms:us-west-2:999999999999:key/gone" }
    createOn: []
  - prefix: ROOT
    mutability: { mode: IMMUTABLE, signatureTags: true }
    ownerTags: { owner: "{role}", created-by: "{session}", account: "{account}" }
    createOn: []
`;

let assemblies: Assemblies;
let assemblyDir: string;
beforeAll(async () => {
  assemblies = await testAssemblies();
  assemblyDir = await assemblies.of(POLICY);
});
afterAll(() => assemblies[Symbol.asyncDispose]());

const image = smallImage();

/** Pushes to a repository that is not there, and gives what was decided and told of it. */
async function refusalOf(test: TestAccount, repository: string) {
  await push(image, await targetFor(test, repository)).catch(() => {});
  const decision = await test.decision("repository-refused", repository);
  const told = await test.account.timeline.until(
    `the event of ${repository}`,
    { after: 0, timeoutMs: 60_000 },
    ({ who, text }) => who === "ecr-autopilot" && text !== undefined && text.includes(repository),
  );
  return { decision, event: told.facts.event as { "detail-type": string; detail: Record<string, unknown> } };
}

async function repositoryNames({ ecr }: TestAccount): Promise<(string | undefined)[]> {
  const { repositories } = await ecr.send(new DescribeRepositoriesCommand({}));
  return (repositories ?? []).map(({ repositoryName }) => repositoryName);
}

describe("a name that breaks a rule of the policy", () => {
  it.each([
    ["elsewhere/web", "allow", "team-*/**"],
    ["team-a/tmp-x", "deny", "**/tmp-*"],
    ["team-a/a_b", "pattern", "[a-z0-9/-]+"],
  ])(
    "%s is refused by the rule %s: no repository, and a log line, a metric and an event that name it",
    async (name, rule, value) => {
      await using test = await startTestAccount({ assemblyDir, createOnPush: false });

      const { decision, event } = await refusalOf(test, name);

      expect(decision).toMatchObject({ facts: { rule }, text: expect.stringContaining(value) });
      expect(event).toMatchObject({ "detail-type": "Repository Refused", detail: { repository: name, rule } });
      expect(await repositoryNames(test)).toEqual([]);
    },
  );

  it("is refused where it looks like a slip of the name of another one", async () => {
    await using test = await startTestAccount({ assemblyDir, createOnPush: false });
    await test.ecr.send(new CreateRepositoryCommand({ repositoryName: "team-a/payments" }));

    const { decision, event } = await refusalOf(test, "team-a/paymets");

    expect(decision.text).toContain("team-a/payments");
    expect(event.detail).toMatchObject({ rule: "near-name" });
    expect(await repositoryNames(test)).toEqual(["team-a/payments"]);
  });

  it("is let through where the policy says that it is no slip", async () => {
    await using test = await startTestAccount({ assemblyDir, createOnPush: false });
    await test.ecr.send(new CreateRepositoryCommand({ repositoryName: "team-a/orders" }));

    await push(image, await targetFor(test, "team-a/orderz")).catch(() => {});
    await test.decision("repository-created", "team-a/orderz");

    expect(await repositoryNames(test)).toEqual(["team-a/orders", "team-a/orderz"]);
  });

  it("is told when somebody creates it by hand, and is left as it is", async () => {
    await using test = await startTestAccount({ assemblyDir });

    await test.ecr.send(new CreateRepositoryCommand({ repositoryName: "team-a/tmp-x" }));
    const decision = await test.decision("repository-refused", "team-a/tmp-x");
    await test.account.idle();

    expect(decision.text).toContain("it is there all the same, and is left as it is");
    const { repositories } = await test.ecr.send(new DescribeRepositoriesCommand({}));
    expect(repositories?.[0]?.imageTagMutability).toBe("MUTABLE");
  });
});

describe("a key that KMS does not let ECR use", () => {
  it("leaves no repository, and one clear finding", async () => {
    await using test = await startTestAccount({ assemblyDir, createOnPush: false });

    const { decision } = await refusalOf(test, "kms/vault");
    await test.account.idle();

    expect(decision).toMatchObject({
      facts: { rule: "kms-key" },
      text: expect.stringContaining("the template kms names the key arn:aws:kms:us-west-2:999999999999:key/gone"),
    });
    expect(await repositoryNames(test)).toEqual([]);
    expect(test.decisions().filter((name) => name === "repository-refused")).toHaveLength(1);
  });

  it("leaves a repository that is there unharmed", async () => {
    await using test = await startTestAccount({ assemblyDir });

    await test.ecr.send(new CreateRepositoryCommand({ repositoryName: "kms/old" }));
    const decision = await test.decision("repository-differs", "kms/old");
    await test.account.idle();

    expect(decision.text).toContain("encryption is AES256, wanted KMS");
    expect(test.account.deadLetters()).toBe(0);
  });
});

describe("one name, created at the very same time", () => {
  const missed = (name: string) => {
    const event = JSON.parse(readFileSync("events/push-to-missing-repository.json", "utf8"));
    event.detail.requestParameters.repositoryName = name;
    return JSON.stringify(event);
  };

  it("by two runs of the function and by a user ends in one repository at its template, and no failure", async () => {
    await using test = await startTestAccount();

    const [first, second, byHand] = await Promise.all([
      test.account.invoke("create-repository", [missed("team-a/twice")]),
      test.account.invoke("create-repository", [missed("team-a/twice")]),
      test.ecr.send(new CreateRepositoryCommand({ repositoryName: "team-a/twice" })).catch((error: unknown) => error),
    ]);
    await test.account.idle();

    expect([first, second]).toMatchObject([
      { payload: { batchItemFailures: [] } },
      { payload: { batchItemFailures: [] } },
    ]);
    // Whoever was quicker, the others were told that it is there.
    if (byHand instanceof Error) expect(byHand.name).toBe("RepositoryAlreadyExistsException");
    expect(test.decisions().filter((name) => name === "repository-created")).toHaveLength(
      byHand instanceof Error ? 1 : 0,
    );
    expect(test.account.timeline.after(0).filter(({ kind }) => kind === "failure")).toEqual([]);
    expect(test.account.deadLetters()).toBe(0);
    expect(await repositoryNames(test)).toEqual(["team-a/twice"]);
    expect(await readStandards(test.ecr, "team-a/twice")).toMatchObject({ missing: [] });
  });

  it("and then left half-configured by a failure, is healed by the next delivery of the event", async () => {
    await using test = await startTestAccount();
    test.account.disturb({ drop: () => true });
    await test.ecr.send(new CreateRepositoryCommand({ repositoryName: "team-a/half" }));
    test.account.disturb({});

    const result = await test.account.invoke("create-repository", [missed("team-a/half")]);
    await test.account.idle();

    expect(result).toMatchObject({ payload: { batchItemFailures: [] } });
    expect(await readStandards(test.ecr, "team-a/half")).toMatchObject({ missing: [] });
    expect(test.decisions()).not.toContain("repository-created");
  });
});

describe("owner tags", () => {
  it("name the user who pushed to a repository that had to be created", async () => {
    await using test = await startTestAccount({ assemblyDir, createOnPush: false });

    await push(image, await targetFor(test, "team-a/mine")).catch(() => {});
    await test.decision("repository-created", "team-a/mine");
    await test.account.idle();

    expect(await tagsOf(test, "team-a/mine")).toEqual({ account: test.account.accountId, "created-by": "ci" });
  });

  it("are added to what somebody creates, but not over what stands there", async () => {
    await using test = await startTestAccount({ assemblyDir });

    await test.ecr.send(
      new CreateRepositoryCommand({ repositoryName: "team-a/theirs", tags: [{ Key: "account", Value: "billing" }] }),
    );
    await test.account.idle();

    expect(await tagsOf(test, "team-a/theirs")).toEqual({ account: "billing", "created-by": "ci" });
  });
});

describe("signatures that are pushed as tags", () => {
  it("may be written again under an immutable template that says so", async () => {
    await using test = await startTestAccount({ assemblyDir });

    await test.ecr.send(new CreateRepositoryCommand({ repositoryName: "team-a/signed" }));
    await test.account.idle();

    const { repositories } = await test.ecr.send(new DescribeRepositoriesCommand({}));
    expect(repositories?.[0]).toMatchObject({
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "sha256-*" }],
    });
  });
});

async function tagsOf({ ecr }: TestAccount, name: string): Promise<Record<string, string>> {
  const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }));
  const { tags } = await ecr.send(new ListTagsForResourceCommand({ resourceArn: repositories?.[0]?.repositoryArn }));
  return Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}
