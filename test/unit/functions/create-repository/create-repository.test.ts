import { describe, expect, it } from "vitest";
import type { Policy } from "#shared/policy/schema.ts";
import {
  createRepository,
  parseRepositoryRequest,
  type RepositoryRequest,
} from "../../../../functions/create-repository/create-repository.ts";
import { sample } from "../../../support/events.ts";
import { recordingObserver } from "../../../support/recording-observer.ts";
import { policyWith, template } from "../../shared/policy/support.ts";
import { awsError, bare, type FakeCall, type FakeRepository, fakeEcr } from "../../shared/standards/fake-ecr.ts";

const ROLE = "arn:aws:iam::123456789012:role/";
const ci = { arn: "arn:aws:sts::123456789012:assumed-role/ci/build-7", roleArn: `${ROLE}ci` };
const policy = policyWith({
  naming: { deny: ["**/tmp"], nearNames: { except: [] } },
  templates: [template("a", { scanOnPush: true, tags: { team: "a" }, ownerTags: { owner: "{role}" } })],
});

function creating(
  repositories: Record<string, FakeRepository> = {},
  { before, policy: of = policy }: { before?: (call: FakeCall) => void; policy?: Policy } = {},
) {
  const fake = fakeEcr(repositories, before);
  const { observer, decisions } = recordingObserver();
  const ownRoleArns = [`${ROLE}create`, `${ROLE}templates`];
  const deps = { ecr: fake.ecr, policy: of, observer, ownRoleArns, now: () => new Date("2026-06-15T12:00:00Z") };
  return {
    ...fake,
    decisions,
    names: () => decisions.map(({ decision }) => decision),
    handle: (repository: string, cause: RepositoryRequest["cause"], caller: RepositoryRequest["caller"] = ci) =>
      createRepository(deps, { repository, cause, caller: cause === "pushed" ? undefined : caller }),
  };
}

describe("the request in an event", () => {
  const caller = { arn: "arn:aws:sts::123456789012:assumed-role/ci/build-4711", roleArn: `${ROLE}ci` };

  it.each([
    ["push-to-missing-repository", { repository: "team-a/web", cause: "push-missed", caller }],
    ["repository-created", { repository: "team-a/web", cause: "created", caller }],
    ["image-pushed", { repository: "team-a/web", cause: "pushed", caller: undefined }],
    ["image-pushed-by-digest", { repository: "team-a/web", cause: "pushed", caller: undefined }],
    ["image-deleted", undefined],
    ["mutability-changed", undefined],
    ["mutability-change-denied", undefined],
    ["schedule", undefined],
  ])("%s is %j", (name, request) => {
    expect(parseRepositoryRequest(sample(name))).toEqual(request);
  });

  it("is none of a creation that failed, nor of a push that failed otherwise", () => {
    const change = (name: string, detail: object) => {
      const event = sample(name);
      return parseRepositoryRequest({ ...event, detail: { ...event.detail, ...detail } });
    };

    expect(change("repository-created", { errorCode: "AccessDenied" })).toBeUndefined();
    expect(change("push-to-missing-repository", { errorCode: "AccessDenied" })).toBeUndefined();
    expect(change("push-to-missing-repository", { errorCode: undefined })).toBeUndefined();
    expect(change("image-pushed", { result: "FAILURE" })).toBeUndefined();
  });

  it.each(["push-to-missing-repository", "repository-created"])(
    "is none of %s on another account's registry, and one of a caller of another account on ours",
    (name) => {
      const event = sample(name);
      const requestParameters = { registryId: "999999999999", repositoryName: "team-a/web" };
      const theirs = { arn: "arn:aws:sts::999999999999:assumed-role/ci/b", accountId: "999999999999" };

      expect(parseRepositoryRequest({ ...event, detail: { ...event.detail, requestParameters } })).toBeUndefined();
      expect(parseRepositoryRequest({ ...event, detail: { ...event.detail, userIdentity: theirs } })).toMatchObject({
        caller: { arn: theirs.arn, roleArn: undefined },
      });
    },
  );

  it("has no caller where a service of AWS is told without an ARN", () => {
    const event = sample("repository-created");
    const userIdentity = { type: "AWSService", invokedBy: "ecr.amazonaws.com" };

    expect(parseRepositoryRequest({ ...event, detail: { ...event.detail, userIdentity } })).toEqual({
      repository: "team-a/web",
      cause: "created",
      caller: undefined,
    });
  });
});

describe("a push that missed a repository", () => {
  it("has it created, told with who pushed", async () => {
    const { handle, decisions, repositories } = creating();

    await handle("a/web", "push-missed");

    expect(decisions).toEqual([
      { decision: "repository-created", repository: "a/web", cause: "push-missed", caller: ci.arn, template: "a" },
      { decision: "repository-conforms", repository: "a/web", cause: "push-missed", caller: ci.arn },
    ]);
    expect(repositories.get("a/web")?.tags).toEqual({ team: "a", owner: "ci" });
  });

  it("is told of even where the rest of the template comes with another try", async () => {
    let isThrottled = true;
    const { handle, names, repositories } = creating(
      {},
      {
        policy: policyWith({ templates: [template("a", { lifecyclePolicy: '{"rules":[]}' })] }),
        before: ({ operation }) => {
          if (operation === "PutLifecyclePolicy" && isThrottled) throw awsError("ThrottlingException");
        },
      },
    );

    await expect(handle("a/web", "push-missed")).rejects.toMatchObject({ code: "ecr-throttled" });
    isThrottled = false;
    await handle("a/web", "push-missed");

    expect(names()).toEqual(["repository-created", "repository-brought-to-standard"]);
    expect(repositories.get("a/web")?.lifecyclePolicy).toBe('{"rules":[]}');
  });

  it.each([
    ["a/tmp", "deny"],
    ["b/web", "no-template"],
    ["a/paymets", "near-name"],
  ])("of %s is refused by the rule %s, on record", async (name, rule) => {
    const { handle, decisions, writes } = creating({ "a/payments": bare() });

    await handle(name, "push-missed");

    expect(decisions).toMatchObject([
      { decision: "repository-refused", repository: name, cause: "push-missed", caller: ci.arn, rule },
    ]);
    expect(writes()).toEqual([]);
  });
});

describe("a repository that somebody created", () => {
  it("is brought to its template, with its creator as the owner", async () => {
    const { handle, decisions, repositories } = creating({ "a/web": bare() });

    await handle("a/web", "created");

    expect(decisions).toMatchObject([
      { decision: "repository-brought-to-standard", caller: ci.arn, settings: ["scanOnPush", "tags"] },
    ]);
    expect(repositories.get("a/web")?.tags).toEqual({ team: "a", owner: "ci" });
  });

  it.each([
    ["this function", `${ROLE}create`],
    ["ECR by our creation templates", `${ROLE}templates`],
    ["ECR for a replica", `${ROLE}aws-service-role/replication.ecr.amazonaws.com/AWSServiceRoleForECRReplication`],
    [
      "ECR for a cached image",
      `${ROLE}aws-service-role/pullthroughcache.ecr.amazonaws.com/AWSServiceRoleForECRPullThroughCache`,
    ],
  ])("has no owner where it was %s", async (_who, roleArn) => {
    const { handle, repositories } = creating({ "a/web": bare() });
    const arn = `arn:aws:sts::123456789012:assumed-role/${roleArn.split("/").at(-1)}/session`;

    await handle("a/web", "created", { arn, roleArn });

    expect(repositories.get("a/web")).toMatchObject({ scanOnPush: true, tags: { team: "a" } });
    expect(repositories.get("a/web")?.tags).not.toHaveProperty("owner");
  });

  it("is told as near to another, and brought to its template all the same", async () => {
    const { handle, names } = creating({ "a/payments": bare(), "a/paymets": bare() });

    await handle("a/paymets", "created");

    expect(names()).toEqual(["repository-misnamed", "repository-brought-to-standard"]);
  });

  it("against a rule is refused on record and left as it is; a push to it is no news", async () => {
    const { handle, decisions, operations } = creating({ "a/tmp": bare() });

    await handle("a/tmp", "created");
    await handle("a/tmp", "pushed");

    const reason = "'a/tmp' matches **/tmp, which naming.deny refuses; it is there all the same, and is left as it is";
    expect(decisions).toEqual([
      { decision: "repository-refused", repository: "a/tmp", cause: "created", caller: ci.arn, rule: "deny", reason },
      { decision: "event-ignored", repository: "a/tmp", cause: "pushed", rule: "deny", reason },
    ]);
    expect(operations()).toEqual([]);
  });

  it("outside every template is left alone", async () => {
    const { handle, names, operations } = creating({ "b/web": bare() });

    await handle("b/web", "created");

    expect([names(), operations()]).toEqual([["event-ignored"], []]);
  });

  it("is brought to its template by the push that made it, where there is no other event, without an owner", async () => {
    const { handle, names, repositories } = creating({ "a/web": bare() });

    await handle("a/web", "pushed");
    await handle("a/web", "pushed");

    expect(names()).toEqual(["repository-brought-to-standard", "repository-conforms"]);
    expect(repositories.get("a/web")?.tags).toEqual({ team: "a" });
  });

  it("and that is gone by now is a normal outcome", async () => {
    const { handle, names } = creating();

    await handle("a/web", "created");

    expect(names()).toEqual(["repository-gone"]);
  });
});
