import { describe, expect, it } from "vitest";
import { AwsError, type Call, type CallOutcome } from "../../../../local/aws/call.ts";
import { createCredentialStore } from "../../../../local/aws/credentials.ts";
import type { PolicyStatement } from "../../../../local/aws/iam.ts";
import { createPerform, type PerformOptions } from "../../../../local/aws/perform.ts";
import { StoreError } from "../../../../local/store/store.ts";

const accountId = "123456789012";
const roleArn = `arn:aws:iam::${accountId}:role/mirror`;
const credentials = createCredentialStore(accountId);
const role = credentials.addRoleSession(roleArn, "session").identity;
const user = credentials.addUser("mary").identity;
const resource = `arn:aws:ecr:eu-west-1:${accountId}:repository/team-a/web`;
const time = new Date("2026-01-01T00:00:00Z");

function call(change: Partial<Call> = {}): Call {
  return {
    service: "ecr",
    operation: "PutImage",
    parameters: { repositoryName: "team-a/web", imageTag: "1.0" },
    resources: [resource],
    readOnly: false,
    identity: role,
    region: "eu-west-1",
    via: "api",
    sourceIp: "127.0.0.1",
    userAgent: "test",
    requestId: "00000000-0000-4000-8000-000000000000",
    ...change,
  };
}

function account(statements: readonly PolicyStatement[] | "all", options: Partial<PerformOptions> = {}) {
  const trail: CallOutcome[] = [];
  const record = (outcome: CallOutcome) => void trail.push(outcome);
  return { trail, ...createPerform({ policiesOf: () => statements, record, clock: () => time, ...options }) };
}

const allow = (Action: string | string[], Resource = "*"): PolicyStatement => ({ Effect: "Allow", Action, Resource });
const text = (action: string, on: string, why: string) =>
  `User: arn:aws:sts::${accountId}:assumed-role/mirror/session is not authorized to perform: ${action} on resource: ${on} ${why}`;

describe("perform", () => {
  it("runs an allowed call, gives its result and records it", async () => {
    const { perform, trail } = account([allow("ecr:PutImage", resource)]);
    const made = call();

    const result = await perform(made, async () => ({ image: { imageId: {} } }));

    expect(result).toEqual({ image: { imageId: {} } });
    expect(trail).toEqual([{ call: made, time, response: result, error: undefined }]);
  });

  it("records no response for a call that gives none", async () => {
    const { perform, trail } = account("all");

    await perform(call(), async () => undefined);

    expect(trail[0]?.response).toBeNull();
  });

  it("refuses without running, and the trail says AccessDenied", async () => {
    const { perform, trail } = account([allow("ecr:GetAuthorizationToken")]);
    let ran = false;
    const message = text("ecr:PutImage", resource, "because no identity-based policy allows the ecr:PutImage action");

    const refused = perform(call(), async () => {
      ran = true;
      return {};
    });

    await expect(refused).rejects.toMatchObject({ code: "AccessDeniedException", status: 400, message });
    expect(ran).toBe(false);
    expect(trail).toMatchObject([{ response: null, error: { code: "AccessDenied", message } }]);
  });

  it("names an explicit deny", async () => {
    const { perform } = account([allow("ecr:*"), { Effect: "Deny", Action: "ecr:PutImage", Resource: "*" }]);

    await expect(perform(call(), async () => ({}))).rejects.toThrow(
      text("ecr:PutImage", resource, "with an explicit deny in an identity-based policy"),
    );
  });

  it("asks for every resource of a call", async () => {
    const { perform } = account([allow("ecr:DescribeRepositories", resource)]);
    const other = `${resource}-2`;

    await expect(
      perform(call({ operation: "DescribeRepositories", resources: [resource, other] }), async () => ({})),
    ).rejects.toThrow(`on resource: ${other} because`);
  });

  it("asks for the action that authorizes the call, where it has another name", async () => {
    const { perform } = account([allow("ecr:BatchGetImage")]);

    await expect(
      perform(call({ operation: "ListImageReferrers", action: "ecr:BatchGetImage" }), async () => ({ referrers: [] })),
    ).resolves.toEqual({ referrers: [] });
  });

  it("refuses another account's resource even to an administrator", async () => {
    const { perform } = account("all");
    const foreign = resource.replace(accountId, "210987654321");

    await expect(perform(call({ resources: [foreign] }), async () => ({}))).rejects.toThrow(
      text("ecr:PutImage", foreign, "because no resource-based policy allows the ecr:PutImage action"),
    );
  });

  it.each<[string, Partial<Call>, string[], string]>([
    [
      "a public token",
      { service: "ecr-public", operation: "GetAuthorizationToken", resources: ["*"], parameters: {} },
      ["ecr-public:GetAuthorizationToken"],
      "sts:GetServiceBearerToken on resource: *",
    ],
    [
      "tags at creation",
      { operation: "CreateRepository", parameters: { repositoryName: "team-a/web", tags: [{ Key: "a", Value: "b" }] } },
      ["ecr:CreateRepository"],
      `ecr:TagResource on resource: ${resource}`,
    ],
    [
      "a template",
      { operation: "CreateRepositoryCreationTemplate", resources: ["*"], parameters: { prefix: "team-a/" } },
      ["ecr:CreateRepositoryCreationTemplate"],
      `ecr:CreateRepository on resource: arn:aws:ecr:eu-west-1:${accountId}:repository/team-a/*`,
    ],
    [
      "a template with a lifecycle policy",
      {
        operation: "UpdateRepositoryCreationTemplate",
        resources: ["*"],
        parameters: { prefix: "ROOT", lifecyclePolicy: "{}" },
      },
      ["ecr:UpdateRepositoryCreationTemplate", "ecr:CreateRepository"],
      `ecr:PutLifecyclePolicy on resource: arn:aws:ecr:eu-west-1:${accountId}:repository/*`,
    ],
    [
      "a template with a role",
      {
        operation: "CreateRepositoryCreationTemplate",
        resources: ["*"],
        parameters: { prefix: "ROOT", customRoleArn: roleArn },
      },
      ["ecr:CreateRepositoryCreationTemplate", "ecr:CreateRepository"],
      `iam:PassRole on resource: ${roleArn}`,
    ],
  ])("asks for more for %s", async (_, change, granted, missing) => {
    const all = granted.concat(missing.split(" ")[0] ?? "");

    await expect(account([allow(granted)]).perform(call(change), async () => ({}))).rejects.toThrow(missing);
    await expect(account([allow(all)]).perform(call(change), async () => ({}))).resolves.toEqual({});
  });

  it("brings the tags of request and resource, the caller and the service of a passed role as condition keys", async () => {
    const conditions: PolicyStatement = {
      ...allow("ecr:TagResource"),
      Condition: {
        StringEquals: {
          "aws:RequestTag/owner": "a",
          "ecr:ResourceTag/team": "web",
          "aws:ResourceTag/team": "web",
          "aws:PrincipalArn": roleArn,
          "aws:RequestedRegion": "eu-west-1",
        },
        Null: { "aws:username": "true" },
      },
    };
    const pass: PolicyStatement = {
      ...allow("iam:PassRole"),
      Condition: { StringEquals: { "iam:PassedToService": "ecr.amazonaws.com" } },
    };
    const tagsOf = (arn: string): Record<string, string> => (arn === resource ? { team: "web" } : {});
    const { perform } = account(
      [conditions, pass, allow(["ecr:CreateRepositoryCreationTemplate", "ecr:CreateRepository"])],
      { tagsOf },
    );
    const tagging = call({ operation: "TagResource", conditions: { "aws:RequestTag/owner": "a" } });
    const template = { prefix: "x", customRoleArn: roleArn };

    await expect(perform(tagging, async () => ({}))).resolves.toEqual({});
    await expect(perform(call({ operation: "TagResource" }), async () => ({}))).rejects.toThrow("ecr:TagResource");
    await expect(
      perform(
        call({ operation: "CreateRepositoryCreationTemplate", resources: ["*"], parameters: template }),
        async () => ({}),
      ),
    ).resolves.toEqual({});
  });

  it("asks nothing of the service itself", async () => {
    const { perform, usage } = account([]);
    const identity = { type: "service", accountId, service: "ecr.amazonaws.com", arn: "arn", accessKeyId: "" } as const;

    await expect(perform(call({ identity }), async () => ({}))).resolves.toEqual({});
    expect(usage()).toEqual([]);
  });

  it("asks nothing for a call whose input was refused: it names no resource", async () => {
    const { perform, trail } = account([]);
    const refused = call({
      operation: "CreateRepositoryCreationTemplate",
      resources: [],
      parameters: { customRoleArn: roleArn },
    });
    const error = new AwsError("InvalidParameterException", "no");

    await expect(perform(refused, () => Promise.reject(error))).rejects.toBe(error);
    expect(trail[0]?.error).toEqual({ code: "InvalidParameterException", message: "no" });
  });

  it("turns a refusal of the store into the service's error, in the answer and on the trail", async () => {
    const { perform, trail } = account("all");
    const message =
      "The image tag '1.0' already exists in the 'team-a/web' repository and cannot be overwritten because the tag is immutable.";

    const refused = perform(call(), () => Promise.reject(new StoreError("tag-immutable", "no", { tag: "1.0" })));

    await expect(refused).rejects.toMatchObject({ name: "AwsError", code: "ImageTagAlreadyExistsException", message });
    expect(trail).toMatchObject([{ response: null, error: { code: "ImageTagAlreadyExistsException", message } }]);
  });

  it("passes a defect on as it is, and tells the trail no more than that there was one", async () => {
    const { perform, trail } = account("all");
    const defect = new TypeError("undefined is not a function");

    await expect(perform(call(), () => Promise.reject(defect))).rejects.toBe(defect);
    expect(trail[0]?.error).toEqual({ code: "ServerException", message: "" });
  });

  it("shows every call to the observer first, whose error is the call's", async () => {
    const observe = async ({ operation }: Call) => {
      if (operation === "PutImage") throw new AwsError("ThrottlingException", "Rate exceeded");
    };
    const { perform, trail } = account([], { observe });

    await expect(perform(call(), async () => ({}))).rejects.toMatchObject({ code: "ThrottlingException" });
    expect(trail[0]?.error).toEqual({ code: "ThrottlingException", message: "Rate exceeded" });
  });

  it("counts what each principal needed, allowed or not, by role and not by session", async () => {
    const { perform, usage } = account([allow("ecr:PutImage")]);
    const denied = call({ operation: "DeleteRepository" });

    await perform(call(), async () => ({}));
    await perform(call(), async () => ({}));
    await perform(call({ identity: user }), async () => ({}));
    await expect(perform(denied, async () => ({}))).rejects.toThrow("ecr:DeleteRepository");

    expect(usage()).toEqual([
      { principal: roleArn, action: "ecr:DeleteRepository", allowed: 0, denied: 1 },
      { principal: roleArn, action: "ecr:PutImage", allowed: 2, denied: 0 },
      { principal: `arn:aws:iam::${accountId}:user/mary`, action: "ecr:PutImage", allowed: 1, denied: 0 },
    ]);
  });
});
