import { Aws } from "aws-cdk-lib";
import type { EventPattern } from "aws-cdk-lib/aws-events";

/** The patterns of the rules, by what has happened. Sources of the event shapes: shared/events/. */

/** A push met a repository that does not exist. The one call all clients make then (events/README.md). */
export const pushToMissingRepository: EventPattern = {
  source: ["aws.ecr"],
  detailType: ["AWS API Call via CloudTrail"],
  detail: {
    eventSource: ["ecr.amazonaws.com"],
    eventName: ["InitiateLayerUpload"],
    errorCode: ["RepositoryNotFoundException"],
  },
};

/** Somebody, or ECR itself, has created a repository. */
export const repositoryCreated: EventPattern = {
  source: ["aws.ecr"],
  detailType: ["AWS API Call via CloudTrail"],
  detail: {
    eventSource: ["ecr.amazonaws.com"],
    eventName: ["CreateRepository"],
    errorCode: [{ exists: false }],
  },
};

/** Somebody has created a repository or set its tag mutability. */
export const mutabilityChanged: EventPattern = {
  source: ["aws.ecr"],
  detailType: ["AWS API Call via CloudTrail"],
  detail: {
    eventSource: ["ecr.amazonaws.com"],
    eventName: ["CreateRepository", "PutImageTagMutability"],
    errorCode: [{ exists: false }],
  },
};

/** An image was pushed; one event for each tag, and one without a tag for a push by digest. */
export const imagePushed: EventPattern = {
  source: ["aws.ecr"],
  detailType: ["ECR Image Action"],
  detail: { "action-type": ["PUSH"], result: ["SUCCESS"] },
};

/**
 * Something was pushed to a private repository, or came back from the archive. Which of the two kinds of event a pushed referrer makes is not
 * documented.
 */
export const imageArrived: EventPattern = {
  source: ["aws.ecr"],
  detailType: ["ECR Image Action", "ECR Referrer Action"],
  detail: { "action-type": ["PUSH", "UPDATE_STORAGE_CLASS"], result: ["SUCCESS"] },
};

/**
 * CloudTrail has recorded a push, and with it who pushed, which ECR's own event leaves out. The digest is in the answer alone: a record whose
 * answer CloudTrail left out for its size is of no use.
 */
export const pushRecorded: EventPattern = {
  source: ["aws.ecr"],
  detailType: ["AWS API Call via CloudTrail"],
  detail: {
    eventSource: ["ecr.amazonaws.com"],
    eventName: ["PutImage"],
    errorCode: [{ exists: false }],
    responseElements: { image: { imageId: { imageDigest: [{ exists: true }] } } },
  },
};

/** A scan has ended, whatever its result: an image may have waited for it. */
export const imageScanned: EventPattern = {
  source: ["aws.ecr", "aws.inspector2"],
  detailType: ["ECR Image Scan", "Inspector2 Scan"],
};

/** What is public in a repository is no longer what it was. Sent by this stack's own functions. */
export const publicImagesChanged: EventPattern = {
  source: ["ecr-autopilot"],
  detailType: ["Image Mirrored", "Public Tag Deleted"],
};

/**
 * Somebody has created a public repository. ECR Public records in us-east-1 alone, so a stack elsewhere learns of it by its sweep. The source is not
 * documented, so the pattern goes by the detail: https://docs.aws.amazon.com/AmazonECR/latest/public/logging-using-cloudtrail.html
 */
export const publicRepositoryCreated: EventPattern = {
  detailType: ["AWS API Call via CloudTrail"],
  detail: {
    eventSource: ["ecr-public.amazonaws.com"],
    eventName: ["CreateRepository"],
    errorCode: [{ exists: false }],
  },
};

/**
 * This stack was created or updated, so perhaps the policy.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html
 */
export const stackDeployed: EventPattern = {
  source: ["aws.cloudformation"],
  detailType: ["CloudFormation Stack Status Change"],
  detail: {
    "stack-id": [Aws.STACK_ID],
    "status-details": { status: ["CREATE_COMPLETE", "UPDATE_COMPLETE"] },
  },
};
