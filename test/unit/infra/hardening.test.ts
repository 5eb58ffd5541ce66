import { describe, expect, inject, it } from "vitest";
import { OWNER_PARAMETER } from "../../../infra/constructs/owner-marker.ts";
import { allResources, asList, type PolicyDocument, referenceOf, resourcesOf, type Statement } from "./resources.ts";

const assemblyDir = inject("assemblyDir");
const queues = resourcesOf<{ SqsManagedSseEnabled?: boolean; RedrivePolicy?: { deadLetterTargetArn: unknown } }>(
  assemblyDir,
  "AWS::SQS::Queue",
);
const queuePolicies = resourcesOf<{ PolicyDocument: PolicyDocument; Queues: unknown[] }>(
  assemblyDir,
  "AWS::SQS::QueuePolicy",
);
const topicPolicies = resourcesOf<{ PolicyDocument: PolicyDocument; Topics: unknown[] }>(
  assemblyDir,
  "AWS::SNS::TopicPolicy",
);
const rolePolicies = resourcesOf<{ PolicyDocument: PolicyDocument }>(assemblyDir, "AWS::IAM::Policy");
const keys = resourcesOf<{ KeyPolicy: PolicyDocument; EnableKeyRotation?: boolean }>(assemblyDir, "AWS::KMS::Key");
const functions = resourcesOf<{ LoggingConfig?: { LogGroup: unknown } }>(assemblyDir, "AWS::Lambda::Function");

const idsOf = (resources: readonly { id: string }[]) => resources.map(({ id }) => id).sort();
const statementsOf = (policies: readonly { Properties: { PolicyDocument: PolicyDocument } }[]) =>
  policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);

describe("permissions", () => {
  /** Actions for which IAM knows no resource, or for which the registry itself is the resource. */
  const ON_EVERYTHING: Readonly<Record<string, string>> = {
    "cloudtrail:DescribeTrails": "of the account",
    "ecr-public:DescribeRegistries": "of the account",
    "ecr-public:GetAuthorizationToken": "a token is of no resource",
    "ecr:CreatePullTimeUpdateExclusion": "of the registry",
    "ecr:CreateRepositoryCreationTemplate": "of the registry",
    "ecr:DeleteRepositoryCreationTemplate": "of the registry",
    "ecr:DescribeRepositoryCreationTemplates": "of the registry",
    "ecr:GetAuthorizationToken": "a token is of no resource",
    "ecr:RegisterPullTimeUpdateExclusion": "of the registry",
    "ecr:UpdateRepositoryCreationTemplate": "of the registry",
    "sts:GetServiceBearerToken": "a token is of no resource",
  };

  it("are on every resource only where there is none to name", () => {
    const everything = statementsOf(rolePolicies).filter(({ Resource }) => asList(Resource).includes("*"));
    const actions = new Set(everything.flatMap(({ Action }) => asList(Action)));

    expect([...actions].sort()).toEqual(Object.keys(ON_EVERYTHING));
  });

  it("have no action with a wildcard; only the account's root, through which IAM works, has all of a key", () => {
    const resourcePolicies = [...statementsOf([...queuePolicies, ...topicPolicies, ...rolePolicies])];
    const keyStatements = keys.flatMap(({ Properties }) => Properties.KeyPolicy.Statement);
    const withWildcard = [...resourcePolicies, ...keyStatements].filter(
      ({ Effect, Action }) => Effect === "Allow" && asList(Action).some((action) => action.includes("*")),
    );

    expect(withWildcard.map(({ Action }) => Action)).toEqual(keys.map(() => "kms:*"));
    expect(withWildcard.map(({ Principal }) => JSON.stringify(Principal))).toEqual(
      keys.map(() => expect.stringContaining(":iam::")),
    );
  });

  it("delete no repository, and nothing private at all", () => {
    const deleting = statementsOf(rolePolicies)
      .flatMap(({ Action }) => asList(Action))
      .filter((action) => /:(Batch)?Delete/.test(action) && !action.startsWith("sqs:"));

    expect([...new Set(deleting)].sort()).toEqual([
      "ecr-public:BatchDeleteImage",
      "ecr:DeleteRepositoryCreationTemplate",
    ]);
  });

  it("are for nobody outside", () => {
    const open = statementsOf([...queuePolicies, ...topicPolicies]).filter(
      ({ Effect, Principal }) => Effect === "Allow" && JSON.stringify(Principal).includes('"*"'),
    );
    const urls = resourcesOf(assemblyDir, "AWS::Lambda::Url");
    const calls = resourcesOf<{ Principal: unknown }>(assemblyDir, "AWS::Lambda::Permission");

    expect(open).toEqual([]);
    expect(urls).toEqual([]);
    expect(calls.filter(({ Properties }) => Properties.Principal === "*")).toEqual([]);
  });
});

describe("queues and the alarms' topic", () => {
  const deniesPlainText = ({ Effect, Principal, Condition }: Statement): boolean =>
    Effect === "Deny" &&
    JSON.stringify(Principal).includes("*") &&
    Condition?.Bool?.["aws:SecureTransport"] === "false";
  const overTls = (policies: readonly { Properties: { PolicyDocument: PolicyDocument } }[], targets: string) =>
    policies
      .filter(({ Properties }) => Properties.PolicyDocument.Statement.some(deniesPlainText))
      .flatMap(({ Properties }) => (Properties as unknown as Record<string, unknown[]>)[targets]?.map(referenceOf))
      .sort();

  it("are spoken to over TLS only", () => {
    expect(overTls(queuePolicies, "Queues")).toEqual(idsOf(queues));
    expect(overTls(topicPolicies, "Topics")).toEqual(idsOf(resourcesOf(assemblyDir, "AWS::SNS::Topic")));
  });

  it("are encrypted; the topic with a key of the stack that is rotated, and that alarms of this account may use", () => {
    const topics = resourcesOf<{ KmsMasterKeyId: unknown }>(assemblyDir, "AWS::SNS::Topic");
    const [key] = keys;

    expect(queues.filter(({ Properties }) => Properties.SqsManagedSseEnabled !== true)).toEqual([]);
    expect(topics.map(({ Properties }) => referenceOf(Properties.KmsMasterKeyId))).toEqual([key?.id]);
    expect(key?.Properties.EnableKeyRotation).toBe(true);
    expect(key?.Properties.KeyPolicy.Statement).toContainEqual({
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
    });
  });

  it("lose nothing: what a rule cannot deliver, and what a function gives up, goes to a dead-letter queue", () => {
    const rules = resourcesOf<{ Targets: { Arn: unknown; DeadLetterConfig?: { Arn: unknown } }[] }>(
      assemblyDir,
      "AWS::Events::Rule",
    );
    const deadLetterOf = new Map(
      queues.map(({ id, Properties }) => [id, referenceOf(Properties.RedrivePolicy?.deadLetterTargetArn)]),
    );

    for (const { Arn, DeadLetterConfig } of rules.flatMap(({ Properties }) => Properties.Targets)) {
      const given = deadLetterOf.get(referenceOf(Arn) ?? "");
      expect(given).toBeDefined();
      expect(referenceOf(DeadLetterConfig?.Arn)).toBe(given);
    }
    expect(rules.length).toBeGreaterThan(5);
  });
});

describe("functions", () => {
  it("log to groups of the stack, which keep lines for three months", () => {
    const groups = resourcesOf<{ RetentionInDays?: number }>(assemblyDir, "AWS::Logs::LogGroup");
    const used = functions.map(({ Properties }) => referenceOf(Properties.LoggingConfig?.LogGroup));

    expect(groups.map(({ Properties }) => Properties.RetentionInDays)).toEqual(groups.map(() => 90));
    expect(idsOf(groups)).toEqual(expect.arrayContaining(used));
    expect(new Set(used).size).toBe(functions.length);
  });

  it("take at most ten batches at once from their queues, and two where they sweep", () => {
    const mappings = resourcesOf<{ FunctionName: unknown; ScalingConfig?: { MaximumConcurrency: number } }>(
      assemblyDir,
      "AWS::Lambda::EventSourceMapping",
    );
    const concurrency = mappings.map(({ Properties }) => [
      referenceOf(Properties.FunctionName)?.replace(/Function[0-9A-F]{8}$/, ""),
      Properties.ScalingConfig?.MaximumConcurrency,
    ]);

    expect(Object.fromEntries(concurrency)).toMatchObject({
      CreateRepository: 5,
      EnforceMutability: 5,
      MirrorImage: 10,
      ReconcileMirrors: 2,
      ReconcileRepositories: 2,
    });
    for (const [, most] of concurrency) expect(most).toBeLessThanOrEqual(10);
  });
});

describe("a second stack in the account and Region", () => {
  it("is refused by CloudFormation for the owner's fixed name, before any of its functions is there", () => {
    const [owner, ...others] = resourcesOf<{ Name: string; Value: unknown }>(assemblyDir, "AWS::SSM::Parameter");
    const waiting = functions.filter(({ DependsOn }) => asList(DependsOn).includes(owner?.id ?? ""));

    expect(others).toEqual([]);
    expect(owner?.Properties).toMatchObject({ Name: OWNER_PARAMETER, Value: { Ref: "AWS::StackId" } });
    expect(OWNER_PARAMETER).toBe("/ecr-autopilot/owner");
    expect(idsOf(waiting)).toEqual(idsOf(functions));
  });
});

describe("the removal of the stack", () => {
  it("touches no repository and no image: neither is in it, and no resource of it runs code", () => {
    const types = new Set(allResources(assemblyDir).map(({ Type }) => Type));

    expect([...types].filter((type) => /^(AWS::ECR::|AWS::CloudFormation::|Custom::)/.test(type))).toEqual([]);
  });

  it("leaves nothing behind but the account's own leave for API Gateway to log, which other APIs may use by then", () => {
    const kept = allResources(assemblyDir).filter(({ DeletionPolicy = "Delete" }) => DeletionPolicy !== "Delete");

    expect(kept.map(({ Type }) => Type).sort()).toEqual(["AWS::ApiGateway::Account", "AWS::IAM::Role"]);
  });
});
