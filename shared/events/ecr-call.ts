import * as v from "valibot";
import type { Envelope } from "./envelope.ts";
import { parseAs } from "./parse.ts";
import { object, text } from "./shapes.ts";

/**
 * AWS API Call via CloudTrail, of ECR's private API.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/logging-using-cloudtrail.html
 *
 * No value of `userIdentity` but the ARNs is relied on: calls through the registry endpoint show the service in several
 * spellings, and IAM users and services have no session issuer.
 */
const Detail = object({
  eventSource: v.literal("ecr.amazonaws.com"),
  eventName: v.string(),
  errorCode: v.optional(v.string()),
  userIdentity: object({
    arn: v.optional(v.string()),
    invokedBy: v.optional(v.string()),
    sessionContext: v.optional(object({ sessionIssuer: v.optional(object({ arn: v.optional(v.string()) })) })),
  }),
  requestParameters: object({
    repositoryName: text,
    registryId: v.optional(v.string()),
  }),
});

export interface EcrCall {
  readonly type: "ecr-call";
  readonly operation: string;
  readonly repository: string;
  /** Account whose registry was meant: a cross-account call is recorded in both accounts, and only one of them holds it. */
  readonly registryId: string;
  /** Account in which this event was delivered. */
  readonly account: string;
  /** Error code of a call that failed: `RepositoryNotFoundException`, `AccessDenied`. */
  readonly error: string | undefined;
  readonly caller: {
    readonly arn: string | undefined;
    /** ARN of the role behind an assumed-role session. */
    readonly roleArn: string | undefined;
  };
}

export function isEcrCall(event: Envelope): boolean {
  return event["detail-type"] === "AWS API Call via CloudTrail" && event.detail.eventSource === "ecr.amazonaws.com";
}

/** Errors: permanent `event-malformed`. */
export function parseEcrCall(event: Envelope): EcrCall {
  const detail = parseAs(Detail, event.detail, "a CloudTrail record of an ECR call on a repository");
  return {
    type: "ecr-call",
    operation: detail.eventName,
    repository: detail.requestParameters.repositoryName,
    registryId: detail.requestParameters.registryId ?? event.account,
    account: event.account,
    error: detail.errorCode,
    caller: {
      arn: detail.userIdentity.arn,
      roleArn: detail.userIdentity.sessionContext?.sessionIssuer?.arn,
    },
  };
}
