/**
 * The published default quotas on calls per second, copy of April 2026.
 * - ECR, per account and Region: https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
 * - ECR Public, per account: https://docs.aws.amazon.com/AmazonECR/latest/public/public-service-quotas.html
 *
 * All of them can be raised on request. Not published, and so not limited here: every other call, among them
 * CreateRepository, DescribeRepositories, PutImageTagMutability, DescribeImages, ListImages, SetRepositoryPolicy, PutLifecyclePolicy,
 * TagResource, the catalog calls and those of creation templates, and all of SQS and EventBridge.
 * Published but not applied: the pulls of ECR Public (10 a second with credentials, 1 without), which are no API calls; how
 * many requests count as one pull is not told.
 */
import type { ServiceName } from "../aws/call.ts";

export interface Quota {
  readonly service: ServiceName;
  readonly operation: string;
  readonly perSecond: number;
  /** Of Service Quotas. */
  readonly code: string;
}

export const quotas: readonly Quota[] = [
  { service: "ecr", operation: "BatchCheckLayerAvailability", perSecond: 1000, code: "L-B9173138" },
  { service: "ecr", operation: "BatchGetImage", perSecond: 2000, code: "L-16E70933" },
  { service: "ecr", operation: "CompleteLayerUpload", perSecond: 100, code: "L-44194860" },
  { service: "ecr", operation: "GetAuthorizationToken", perSecond: 500, code: "L-55A41110" },
  { service: "ecr", operation: "GetDownloadUrlForLayer", perSecond: 3000, code: "L-A60A366D" },
  { service: "ecr", operation: "InitiateLayerUpload", perSecond: 100, code: "L-95B28F8D" },
  { service: "ecr", operation: "PutImage", perSecond: 10, code: "L-AD52DFB2" },
  { service: "ecr", operation: "UploadLayerPart", perSecond: 500, code: "L-A1670B10" },
  { service: "ecr-public", operation: "BatchCheckLayerAvailability", perSecond: 200, code: "L-A1FEAB1E" },
  { service: "ecr-public", operation: "CompleteLayerUpload", perSecond: 10, code: "L-8FA37FDE" },
  { service: "ecr-public", operation: "GetAuthorizationToken", perSecond: 200, code: "L-B5773E0E" },
  { service: "ecr-public", operation: "InitiateLayerUpload", perSecond: 10, code: "L-1EDF7132" },
  { service: "ecr-public", operation: "PutImage", perSecond: 10, code: "L-EF0362CE" },
  { service: "ecr-public", operation: "UploadLayerPart", perSecond: 260, code: "L-B6387A7C" },
];
