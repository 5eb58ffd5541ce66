import { Duration, Stack, type StackProps } from "aws-cdk-lib";
import { Schedule } from "aws-cdk-lib/aws-events";
import type { Construct } from "constructs";
import type { Policy } from "#shared/policy/schema.ts";
import type { Bundles } from "./bundle.ts";
import { CreationTemplateRole } from "./constructs/creation-template-role.ts";
import { QueueFunction } from "./constructs/queue-function.ts";
import { kmsKeys } from "./policy-facts.ts";
import {
  imageArrived,
  imagePushed,
  imageScanned,
  mutabilityChanged,
  pushToMissingRepository,
  repositoryCreated,
  stackDeployed,
} from "./triggers.ts";

export interface EcrAutopilotStackProps extends StackProps {
  readonly policy: Policy;
  readonly bundles: Bundles;
}

/** The whole of ecr-autopilot in one account and Region: a list of functions, each with what wakes it and what it may call. */
export class EcrAutopilotStack extends Stack {
  constructor(scope: Construct, id: string, { policy, bundles, ...props }: EcrAutopilotStackProps) {
    super(scope, id, props);
    const repositories = [this.formatArn({ service: "ecr", resource: "repository", resourceName: "*" })];
    // ECR Public's ARNs carry no Region: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistrypublic.html
    const publicRepositories = [
      this.formatArn({ service: "ecr-public", region: "", resource: "repository", resourceName: "*" }),
    ];
    const keys = kmsKeys(policy);
    const templateRole = new CreationTemplateRole(this, "CreationTemplateRole", { repositories, kmsKeys: keys });

    // What it takes to compare a repository with its template, and to bring it there.
    const standards = {
      actions: [
        "ecr:DescribeRepositories",
        "ecr:GetLifecyclePolicy",
        "ecr:GetRepositoryPolicy",
        "ecr:ListTagsForResource",
        "ecr:PutImageScanningConfiguration",
        "ecr:PutImageTagMutability",
        "ecr:PutLifecyclePolicy",
        "ecr:SetRepositoryPolicy",
        "ecr:TagResource",
      ],
      resources: repositories,
    };

    const reconcile = new QueueFunction(this, "ReconcileRepositories", {
      description: "Publishes the policy's templates to ECR, and sweeps all repositories for drift",
      codeDir: bundles.directory("reconcile-repositories"),
      timeout: Duration.minutes(15),
      memoryMb: 256,
      batch: { size: 1, window: Duration.seconds(0) },
      maxConcurrency: 2,
      continues: true,
      // A page of a thousand repositories lives for a moment: a small young generation keeps the peak the same for any number of pages.
      environment: () => ({
        CREATION_TEMPLATE_ROLE_ARN: templateRole.roleArn,
        NODE_OPTIONS: "--max-semi-space-size=1",
      }),
      triggers: {
        EveryHour: { description: "Sweep what events may have missed", schedule: Schedule.rate(Duration.hours(1)) },
        StackDeployed: { description: "The policy may have changed", pattern: stackDeployed },
      },
      grants: [
        {
          // Creation templates belong to the registry and cannot be restricted by resource.
          actions: [
            "ecr:CreateRepositoryCreationTemplate",
            "ecr:DeleteRepositoryCreationTemplate",
            "ecr:DescribeRepositoryCreationTemplates",
            "ecr:UpdateRepositoryCreationTemplate",
          ],
          resources: ["*"],
        },
        {
          // A template is checked against this of the caller, and against those on policies, which the sweep needs, too:
          // https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-iam.html
          actions: ["ecr:CreateRepository"],
          resources: repositories,
        },
        standards,
        ...templateRole.grantsToPublishTemplates,
      ],
    });

    const create = new QueueFunction(this, "CreateRepository", {
      description: "Creates the repository that a push has missed, and brings new repositories to their template",
      codeDir: bundles.directory("create-repository"),
      // The guard for near names reads all repositories, a hundred thousand in a hundred calls.
      timeout: Duration.minutes(2),
      memoryMb: 256,
      batch: { size: 10, window: Duration.seconds(0) },
      maxConcurrency: 5,
      // What these roles create belongs to somebody else.
      environment: ({ roleArn }) => ({ OWN_ROLE_ARNS: [roleArn, templateRole.roleArn].join(" ") }),
      triggers: {
        PushToMissingRepository: {
          description: "A push met a repository that does not exist",
          pattern: pushToMissingRepository,
        },
        RepositoryCreated: { description: "A repository was created by whatever way", pattern: repositoryCreated },
        ImagePushed: {
          description: "The first push may have created the repository without a record in CloudTrail",
          pattern: imagePushed,
        },
      },
      grants: [
        { actions: ["ecr:CreateRepository"], resources: repositories },
        standards,
        ...templateRole.grantsToUseKeys,
      ],
    });

    new QueueFunction(this, "EnforceMutability", {
      description: "Puts tag mutability back to what the policy says",
      codeDir: bundles.directory("enforce-mutability"),
      timeout: Duration.seconds(30),
      memoryMb: 256,
      batch: { size: 10, window: Duration.seconds(0) },
      maxConcurrency: 5,
      // By them the function knows the writes of this project when they come back as events.
      environment: ({ roleArn }) => ({ OWN_ROLE_ARNS: [roleArn, create.roleArn, reconcile.roleArn].join(" ") }),
      triggers: {
        MutabilityChanged: {
          description: "Tag mutability was set, or a repository created",
          pattern: mutabilityChanged,
        },
      },
      grants: [{ actions: ["ecr:DescribeRepositories", "ecr:PutImageTagMutability"], resources: repositories }],
    });

    const mirror = new QueueFunction(this, "MirrorImage", {
      description: "Publishes pushed images to ECR Public where the policy says so",
      codeDir: bundles.directory("mirror-image"),
      timeout: Duration.minutes(15),
      memoryMb: 512,
      batch: { size: 1, window: Duration.seconds(0) },
      maxConcurrency: 10,
      continues: true,
      // Large blobs live for milliseconds: a small young generation saves 50-80 MB and 10-25 % CPU on the copy.
      environment: () => ({ NODE_OPTIONS: "--max-semi-space-size=1" }),
      triggers: {
        ImageArrived: { description: "An image, or what is about one, has come", pattern: imageArrived },
        ImageScanned: { description: "A scan has ended that an image may have waited for", pattern: imageScanned },
      },
      grants: [
        {
          // ListImageReferrers needs BatchGetImage: https://docs.aws.amazon.com/powershell/latest/reference/items/Get-ECRImageReferrerList.html
          actions: [
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:DescribeImageScanFindings",
            "ecr:DescribeImages",
            "ecr:GetDownloadUrlForLayer",
          ],
          resources: repositories,
        },
        {
          actions: [
            "ecr-public:BatchCheckLayerAvailability",
            "ecr-public:CompleteLayerUpload",
            "ecr-public:CreateRepository",
            "ecr-public:DescribeImages",
            "ecr-public:DescribeRepositories",
            "ecr-public:InitiateLayerUpload",
            "ecr-public:PutImage",
            "ecr-public:TagResource",
            "ecr-public:UploadLayerPart",
          ],
          resources: publicRepositories,
        },
        {
          // Tokens are not given for a resource; ECR Public's is an STS bearer token besides:
          // https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html
          actions: ["ecr:GetAuthorizationToken", "ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken"],
          resources: ["*"],
        },
      ],
    });

    new QueueFunction(this, "ReconcileMirrors", {
      description: "Asks the mirror for what is not public yet, and takes away what the policy no longer keeps public",
      codeDir: bundles.directory("reconcile-mirrors"),
      timeout: Duration.minutes(15),
      memoryMb: 512,
      batch: { size: 1, window: Duration.seconds(0) },
      maxConcurrency: 2,
      continues: true,
      environment: () => ({
        MIRROR_ROLE_ARN: mirror.roleArn,
        MIRROR_QUEUE_URL: mirror.queue.queueUrl,
        NODE_OPTIONS: "--max-semi-space-size=1",
      }),
      triggers: {
        EveryHour: { description: "Look for what events may have missed", schedule: Schedule.rate(Duration.hours(1)) },
        StackDeployed: { description: "The policy may have changed", pattern: stackDeployed },
      },
      grants: [
        { actions: ["sqs:SendMessage"], resources: [mirror.queue.queueArn] },
        { actions: ["ecr:DescribeImages", "ecr:DescribeRepositories"], resources: repositories },
        {
          // Of the registry, so of no resource. The API's own name of it, and the one that the user guide asks for:
          // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RegisterPullTimeUpdateExclusion.html,
          // https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-time-update-exclusions-manage.html (no iam:PassRole either)
          actions: ["ecr:CreatePullTimeUpdateExclusion", "ecr:RegisterPullTimeUpdateExclusion"],
          resources: ["*"],
        },
        {
          actions: [
            "ecr-public:BatchDeleteImage",
            "ecr-public:DescribeImages",
            "ecr-public:DescribeRepositories",
            "ecr-public:ListTagsForResource",
          ],
          resources: publicRepositories,
        },
        {
          // Since when a private tag has been missing; no other tag of a repository is its business.
          actions: ["ecr-public:TagResource", "ecr-public:UntagResource"],
          resources: publicRepositories,
          conditions: { "ForAllValues:StringLike": { "aws:TagKeys": "ecr-autopilot:missing:*" } },
        },
        { actions: ["ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken"], resources: ["*"] },
      ],
    });
  }
}
