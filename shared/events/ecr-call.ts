import * as z from "zod/mini";
import type { Envelope } from "./envelope.ts";
import { parseAs } from "./parse.ts";

/**
 * AWS API Call via CloudTrail, of ECR's private API.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/logging-using-cloudtrail.html
 *
 * No value of `userIdentity` but the ARNs is relied on: calls through the registry endpoint show the service in several
 * spellings, and IAM users and services have no session issuer.
 */
const Detail = z.looseObject({
  eventSource: z.literal("ecr.amazonaws.com"),
  eventName: z.string(),
  errorCode: z.optional(z.string()),
  userIdentity: z.looseObject({
    arn: z.optional(z.string()),
    invokedBy: z.optional(z.string()),
    sessionContext: z.optional(
      z.looseObject({ sessionIssuer: z.optional(z.looseObject({ arn: z.optional(z.string()) })) }),
    ),
  }),
  requestParameters: z.looseObject({
    repositoryName: z.string().check(z.minLength(1)),
    registryId: z.optional(z.string()),
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
