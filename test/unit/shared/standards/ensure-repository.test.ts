import { describe, expect, it } from "vitest";
import type { Policy } from "#shared/policy/schema.ts";
import { ensureRepository } from "#shared/standards/ensure-repository.ts";
import { policyWith, template } from "../policy/support.ts";
import { awsError, bare, type FakeCall, type FakeRepository, fakeEcr } from "./fake-ecr.ts";

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/gone";
const full = policyWith({
  naming: { deny: ["**/tmp"] },
  templates: [
    template("team-a", {
      mutability: { mode: "IMMUTABLE_WITH_EXCLUSION", exclude: ["dev-*"] },
      scanOnPush: true,
      encryption: { type: "KMS", kmsKey: KEY },
      lifecyclePolicy: '{"rules":[]}',
      tags: { team: "a" },
      ownerTags: { owner: "{role}", "created-by": "{session}" },
    }),
  ],
});
const guarded = policyWith({ naming: { nearNames: { except: [] } }, templates: [template("ROOT")] });
const owner = { role: "ci", session: "build-7", account: "123456789012" };

function ensuring(
  repositories: Record<string, FakeRepository> = {},
  { policy = full, before }: { policy?: Policy; before?: (call: FakeCall) => void } = {},
) {
  const fake = fakeEcr(repositories, before);
  const created: string[] = [];
  const deps = {
    ecr: fake.ecr,
    policy,
    now: () => new Date("2026-06-15T12:00:00Z"),
    onCreated: ({ prefix }: { prefix: string }) => void created.push(prefix),
  };
  return { ...fake, created, ensure: (name: string) => ensureRepository(deps, { name, owner }) };
}

describe("ensureRepository", () => {
  it("creates with all that can be given at creation, owner tags too, and writes the rest", async () => {
    const { ensure, calls, writes, created } = ensuring();

    const outcome = await ensure("team-a/web");

    expect(calls[0]?.input).toEqual({
      repositoryName: "team-a/web",
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "dev-*" }],
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: "KMS", kmsKey: KEY },
      tags: expect.arrayContaining([
        { Key: "team", Value: "a" },
        { Key: "owner", Value: "ci" },
        { Key: "created-by", Value: "build-7" },
      ]),
    });
    expect(writes()).toEqual(["CreateRepository team-a/web", "PutLifecyclePolicy team-a/web"]);
    expect(outcome).toMatchObject({ outcome: "at-standard", created: true, changed: [{ setting: "lifecyclePolicy" }] });
    expect(created).toEqual(["team-a"]);
  });

  it("takes one that is there for success, and heals what is missing", async () => {
    const { ensure, writes, created } = ensuring({ "team-a/web": bare({ tags: { team: "a" } }) });

    const outcome = await ensure("team-a/web");

    expect(outcome).toMatchObject({ outcome: "at-standard", created: false });
    expect(writes()).toEqual([
      "CreateRepository team-a/web",
      "PutImageTagMutability team-a/web",
      "PutImageScanningConfiguration team-a/web",
      "PutLifecyclePolicy team-a/web",
    ]);
    expect(created).toEqual([]);
  });

  it("gives whoever asks for a repository that is there no ownership of it", async () => {
    const { ensure, repositories } = ensuring({ "team-a/web": bare() });

    await ensure("team-a/web");

    expect(repositories.get("team-a/web")?.tags).toEqual({ team: "a" });
  });

  it("tells the creation even if what follows fails: the next try finds it there", async () => {
    const { ensure, created } = ensuring(
      {},
      {
        before: ({ operation }) => {
          if (operation === "PutLifecyclePolicy") throw awsError("ThrottlingException");
        },
      },
    );

    await expect(ensure("team-a/web")).rejects.toMatchObject({ code: "ecr-throttled" });

    expect(created).toEqual(["team-a"]);
  });

  it("makes one repository of two requests at once, at its template, and neither fails", async () => {
    const { ensure, repositories, created } = ensuring();

    const outcomes = await Promise.all([ensure("team-a/web"), ensure("team-a/web")]);

    expect(outcomes).toMatchObject([{ outcome: "at-standard" }, { outcome: "at-standard" }]);
    expect(created).toEqual(["team-a"]);
    expect([...repositories]).toMatchObject([["team-a/web", { lifecyclePolicy: '{"rules":[]}', scanOnPush: true }]]);
  });

  it("comes back later to one that was created and is not there to be described", async () => {
    const { ensure, repositories } = ensuring(
      {},
      {
        before: ({ operation }) => {
          if (operation === "DescribeRepositories") repositories.clear();
        },
      },
    );

    await expect(ensure("team-a/web")).rejects.toMatchObject({
      code: "repository-not-visible",
      permanent: false,
      message: "'team-a/web' was created or existed, and is not there to be described",
    });
  });

  it.each([
    ["team-a/tmp", "deny", "'team-a/tmp' matches **/tmp, which naming.deny refuses"],
    ["other/web", "no-template", "no template of the policy covers 'other/web', and there is no ROOT template"],
    ["team-a/Web", "service", expect.stringContaining('contains "W"')],
  ])("refuses %s by the rule %s without a call, even if it is there", async (name, rule, reason) => {
    const { ensure, calls } = ensuring({ [name]: bare() });

    expect(await ensure(name)).toEqual({ outcome: "refused", rule, reason });
    expect(calls).toEqual([]);
  });
});

describe("a key that KMS does not let ECR use", () => {
  const refuseKey = ({ operation }: FakeCall) => {
    if (operation === "CreateRepository") throw awsError("KmsException");
  };

  it("refuses a repository that is not there, with the key and what ECR says", async () => {
    const { ensure, repositories } = ensuring({}, { before: refuseKey });

    expect(await ensure("team-a/web")).toEqual({
      outcome: "refused",
      rule: "kms-key",
      reason: `the template team-a names the key ${KEY}: could not create repository 'team-a/web': KmsException: told by the test`,
    });
    expect(repositories.size).toBe(0);
  });

  it("keeps nothing else from a repository that is there, whose encryption is told as different", async () => {
    const { ensure, repositories } = ensuring({ "team-a/web": bare() }, { before: refuseKey });

    expect(await ensure("team-a/web")).toMatchObject({
      outcome: "at-standard",
      created: false,
      findings: { unfixable: [{ setting: "encryption" }] },
    });
    expect(repositories.get("team-a/web")).toMatchObject({ scanOnPush: true, lifecyclePolicy: '{"rules":[]}' });
  });

  it("is not what a denial is: that comes back", async () => {
    const { ensure } = ensuring(
      {},
      {
        before: ({ operation }) => {
          if (operation === "CreateRepository") throw awsError("AccessDeniedException");
        },
      },
    );

    await expect(ensure("team-a/web")).rejects.toMatchObject({ code: "ecr-denied", permanent: false });
  });
});

describe("the guard for near names", () => {
  it("refuses a new name beside one that it is a slip of, on whatever page that is", async () => {
    const others = Object.fromEntries(Array.from({ length: 2_100 }, (_, index) => [`a/n${index}x${index}`, bare()]));
    const { ensure, calls } = ensuring({ ...others, "z/payments": bare() }, { policy: guarded });

    expect(await ensure("z/paymets")).toMatchObject({
      outcome: "refused",
      rule: "near-name",
      reason: expect.stringContaining("'z/paymets' is one slip away from 'z/payments'"),
    });

    expect(calls.map(({ operation, input }) => [operation, input.repositoryNames ?? input.maxResults])).toEqual([
      ["DescribeRepositories", ["z/paymets"]],
      ["DescribeRepositories", 1_000],
      ["DescribeRepositories", 1_000],
      ["DescribeRepositories", 1_000],
    ]);
  });

  it("does not list for a name that is there already, near or not", async () => {
    const { ensure, calls } = ensuring({ "z/payments": bare(), "z/paymets": bare() }, { policy: guarded });

    expect(await ensure("z/paymets")).toMatchObject({ outcome: "at-standard", created: false });
    expect(calls.filter(({ input }) => input.maxResults !== undefined)).toEqual([]);
  });

  it("asks nothing where the policy has no guard", async () => {
    const { ensure, operations } = ensuring(
      { "z/payments": bare() },
      { policy: policyWith({ templates: [template("ROOT")] }) },
    );

    expect(await ensure("z/paymets")).toMatchObject({ created: true });
    expect(operations()).toEqual(["CreateRepository", "DescribeRepositories"]);
  });
});
