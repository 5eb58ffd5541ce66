import type { Call, CallOutcome, Identity } from "../../../../local/aws/call.ts";
import type { EventEnvelope } from "../../../../local/events/event.ts";
import type { LocalRule, LocalTarget } from "../../../../local/template/local-template.ts";

export const account = { accountId: "123456789012", region: "us-west-2" };

export const user: Identity = {
  type: "user",
  accountId: "123456789012",
  userName: "Mary_Major",
  arn: "arn:aws:iam::123456789012:user/Mary_Major",
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
};

export const role: Identity = {
  type: "role",
  accountId: "123456789012",
  roleName: "ci",
  roleArn: "arn:aws:iam::123456789012:role/ci",
  sessionName: "ci-session",
  arn: "arn:aws:sts::123456789012:assumed-role/ci/ci-session",
  accessKeyId: "ASIAIOSFODNN7EXAMPLE",
};

/** A call of role `ci` that set tag mutability, with its answer. */
export function outcome(call: Partial<Call> = {}, more: Partial<Omit<CallOutcome, "call">> = {}): CallOutcome {
  return {
    call: {
      service: "ecr",
      operation: "PutImageTagMutability",
      parameters: { repositoryName: "team-a/web", imageTagMutability: "IMMUTABLE" },
      resources: ["arn:aws:ecr:us-west-2:123456789012:repository/team-a/web"],
      readOnly: false,
      identity: role,
      region: "us-west-2",
      via: "api",
      sourceIp: "203.0.113.12",
      userAgent: "aws-sdk-js/3.1169.0",
      requestId: "11111111-2222-4333-8444-000000000006",
      ...call,
    },
    time: new Date("2025-11-03T09:15:00.250Z"),
    response: { registryId: "123456789012", repositoryName: "team-a/web", imageTagMutability: "IMMUTABLE" },
    error: undefined,
    ...more,
  };
}

/** The members of a CloudTrail record that tell of the call. */
export interface TrailRecord {
  readonly eventTime: string;
  readonly eventName: string;
  readonly awsRegion: string;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly requestParameters: Record<string, unknown>;
  readonly responseElements: Record<string, unknown> | null;
  readonly requestID: string;
  readonly resources: readonly { readonly ARN: string }[];
  readonly userIdentity: {
    readonly arn: string;
    readonly accountId: string;
    readonly accessKeyId: string;
    readonly invokedBy?: string;
    readonly sessionContext: { readonly sessionIssuer: { readonly arn: string; readonly userName: string } };
  };
}

/** The call, in a role's session, that a record tells of. */
export function outcomeOf(record: TrailRecord): CallOutcome {
  const { arn, accountId, accessKeyId, sessionContext, invokedBy } = record.userIdentity;
  const { errorCode, errorMessage = "", responseElements } = record;
  const repository = responseElements?.repository as { createdAt: string } | undefined;
  return outcome(
    {
      operation: record.eventName,
      parameters: record.requestParameters,
      resources: record.resources.map(({ ARN }) => ARN),
      identity: {
        type: "role",
        accountId,
        accessKeyId,
        arn,
        sessionName: arn.split("/").at(-1) ?? "",
        roleName: sessionContext.sessionIssuer.userName,
        roleArn: sessionContext.sessionIssuer.arn,
      },
      region: record.awsRegion,
      via: invokedBy === undefined ? "api" : "registry",
      sourceIp: record.sourceIPAddress,
      userAgent: record.userAgent,
      requestId: record.requestID,
    },
    {
      time: new Date(record.eventTime),
      response:
        repository === undefined
          ? responseElements
          : { repository: { ...repository, createdAt: new Date(`${repository.createdAt} UTC`) } },
      error: errorCode === undefined ? undefined : { code: errorCode, message: errorMessage },
    },
  );
}

export function event(members: Partial<EventEnvelope> = {}): EventEnvelope {
  return {
    version: "0",
    id: "13cde686-328b-4117-8f20-0e5566167482",
    "detail-type": "ECR Image Action",
    source: "aws.ecr",
    account: "123456789012",
    time: "2026-03-02T08:15:00Z",
    region: "us-west-2",
    resources: [],
    detail: { "action-type": "PUSH", "repository-name": "team-a/web", result: "SUCCESS" },
    ...members,
  };
}

export function rule(members: Partial<LocalRule> = {}, target: Partial<LocalTarget> = {}): LocalRule {
  return {
    logicalId: "Rule",
    name: "on-push",
    arn: "arn:aws:events:us-west-2:123456789012:rule/on-push",
    state: "ENABLED",
    pattern: { source: ["aws.ecr"] },
    targets: [{ id: "Target0", arn: "arn:aws:sqs:us-west-2:123456789012:jobs", ...target }],
    ...members,
  };
}
