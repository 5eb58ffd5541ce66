import { Duration, Stack, type StackProps } from "aws-cdk-lib";
import { Schedule } from "aws-cdk-lib/aws-events";
import type { Construct } from "constructs";
import type { Policy } from "#shared/policy/schema.ts";
import { acknowledgeWildcards } from "./acknowledge.ts";
import type { CodeSource } from "./code.ts";
import { AutopilotFunction } from "./constructs/autopilot-function.ts";
import { CreationTemplateRole } from "./constructs/creation-template-role.ts";
import { OwnerMarker } from "./constructs/owner-marker.ts";
import type { ApiCallers } from "./constructs/private-api.ts";
import { QueueFunction } from "./constructs/queue-function.ts";
import { RepositoryApi } from "./constructs/repository-api.ts";
import { Watch } from "./constructs/watch.ts";
import { kmsKeys } from "./policy-facts.ts";
import {
  imageArrived,
  imagePushed,
  imageScanned,
  mutabilityChanged,
  publicImagesChanged,
  publicRepositoryCreated,
  pushRecorded,
  pushToMissingRepository,
  repositoryCreated,
  stackDeployed,
} from "./triggers.ts";

export interface EcrAutopilotStackProps extends StackProps {
  readonly policy: Policy;
  readonly code: CodeSource;
  /** Of the REST endpoint; without it, principals of this account through any VPC endpoint. */
  readonly callers?: ApiCallers;
}

export const STACK_DESCRIPTION = "ecr-autopilot: repository standards, tag mutability and publishing to ECR Public";

/** CloudFormation hands a stack's tags to every resource that takes some: for the bill, and for whoever wonders whose it is. */
export const STACK_TAGS = { application: "ecr-autopilot" };

const OWN_ACCOUNT: ApiCallers = { vpcEndpointIds: [] };

/** The whole of ecr-autopilot in one account and Region: a list of functions, each with what wakes it and what it may call. */
export class EcrAutopilotStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { policy, code: source, callers = OWN_ACCOUNT, ...props }: EcrAutopilotStackProps,
  ) {
    super(scope, id, props);
    const code = source(this);
    const repositories = [this.formatArn({ service: "ecr", resource: "repository", resourceName: "*" })];
    // ECR Public's ARNs carry no Region: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistrypublic.html
    const publicRepositories = [
      this.formatArn({ service: "ecr-public", region: "", resource: "repository", resourceName: "*" }),
    ];
    const governsAll =
      "The policy, not the template, says which repositories are governed; it may name any of this registry";
    acknowledgeWildcards(this, [...repositories, ...publicRepositories], governsAll);
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
      code: code("reconcile-repositories"),
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
          because: "Creation templates belong to the registry and cannot be restricted by resource",
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
      code: code("create-repository"),
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
      code: code("enforce-mutability"),
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
      code: code("mirror-image"),
      timeout: Duration.minutes(15),
      memoryMb: 512,
      batch: { size: 1, window: Duration.seconds(0) },
      maxConcurrency: 10,
      continues: true,
      // Large blobs live for milliseconds: a small young generation saves 50-80 MB and 10-25 % CPU on the copy.
      environment: () => ({ NODE_OPTIONS: "--max-semi-space-size=1" }),
      triggers: {
        ImageArrived: { description: "An image, or what is about one, has come", pattern: imageArrived },
        PushRecorded: { description: "CloudTrail has told who pushed an image", pattern: pushRecorded },
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
          // https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html
          because: "Tokens are not given for a resource; ECR Public's is an STS bearer token besides",
          actions: ["ecr:GetAuthorizationToken", "ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken"],
          resources: ["*"],
        },
      ],
    });

    const status = new AutopilotFunction(this, "MirrorStatus", {
      description: "Answers where each tag of a repository stands on its way to ECR Public; writes nothing",
      code: code("mirror-status"),
      timeout: Duration.minutes(1),
      memoryMb: 512,
      announces: false,
      grants: [
        {
          // Manifests, scans and signatures of what is not public, as the mirror reads them; no layer but a signature's.
          actions: [
            "ecr:BatchGetImage",
            "ecr:DescribeImageScanFindings",
            "ecr:DescribeImages",
            "ecr:DescribeRepositories",
            "ecr:GetDownloadUrlForLayer",
          ],
          resources: repositories,
        },
        { actions: ["ecr-public:DescribeImages", "ecr-public:DescribeRepositories"], resources: publicRepositories },
        { because: "Tokens are not given for a resource", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
      ],
    });

    new QueueFunction(this, "ReconcileMirrors", {
      description: "Asks the mirror for what is not public yet, and takes away what the policy no longer keeps public",
      code: code("reconcile-mirrors"),
      timeout: Duration.minutes(15),
      memoryMb: 512,
      batch: { size: 1, window: Duration.seconds(0) },
      maxConcurrency: 2,
      continues: true,
      environment: () => ({
        PULLING_ROLE_ARNS: [mirror.roleArn, status.roleArn].join(" "),
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
          because: "A pull-time exclusion is of the registry, so of no resource; and so are tokens",
          // The API's own name of it, and the one that the user guide asks for:
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
        {
          because: "Tokens are not given for a resource, and the registries that are listed are all of the account",
          actions: ["ecr-public:DescribeRegistries", "ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken"],
          resources: ["*"],
        },
      ],
    });

    new QueueFunction(this, "SyncCatalog", {
      description: "Brings the public gallery pages to what the policy, the images' labels and what is public say",
      code: code("sync-catalog"),
      timeout: Duration.minutes(10),
      memoryMb: 256,
      // A release is several images and tags within seconds, and one page.
      batch: { size: 10, window: Duration.seconds(20) },
      maxConcurrency: 2,
      continues: true,
      triggers: {
        PublicImagesChanged: { description: "A page tells of images", pattern: publicImagesChanged },
        PublicRepositoryCreated: { description: "A new page says nothing yet", pattern: publicRepositoryCreated },
        EveryHour: { description: "Look for what events may have missed", schedule: Schedule.rate(Duration.hours(1)) },
        StackDeployed: { description: "The policy may have changed", pattern: stackDeployed },
      },
      grants: [
        { actions: ["ecr:DescribeRepositories"], resources: repositories },
        {
          actions: [
            "ecr-public:DescribeImages",
            "ecr-public:DescribeRepositories",
            "ecr-public:GetRepositoryCatalogData",
            "ecr-public:ListTagsForResource",
            "ecr-public:PutRepositoryCatalogData",
          ],
          resources: publicRepositories,
        },
        {
          // What a page was made from, and with which logo; no other tag of a repository is its business.
          actions: ["ecr-public:TagResource"],
          resources: publicRepositories,
          conditions: {
            "ForAllValues:StringEquals": { "aws:TagKeys": ["ecr-autopilot:catalog", "ecr-autopilot:logo"] },
          },
        },
        {
          because: "An account has one public registry; which id it has in an ARN is not documented",
          actions: ["ecr-public:GetRegistryCatalogData", "ecr-public:PutRegistryCatalogData"],
          resources: [this.formatArn({ service: "ecr-public", region: "", resource: "registry", resourceName: "*" })],
        },
        {
          because: "Tokens are not given for a resource; ECR Public's is an STS bearer token besides",
          actions: ["ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken"],
          resources: ["*"],
        },
      ],
    });

    const trails = [
      this.formatArn({ service: "cloudtrail", region: "*", account: "*", resource: "trail", resourceName: "*" }),
    ];
    new QueueFunction(this, "CheckAccount", {
      description: "Tells whether a CloudTrail trail brings the calls to ECR to the rules of this Region",
      code: code("check-account"),
      timeout: Duration.seconds(30),
      memoryMb: 256,
      batch: { size: 10, window: Duration.seconds(0) },
      maxConcurrency: 2,
      triggers: {
        EveryDay: { description: "A trail may have been stopped", schedule: Schedule.rate(Duration.days(1)) },
        StackDeployed: { description: "Tell of what is missing right away", pattern: stackDeployed },
      },
      grants: [
        {
          // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html
          because: "DescribeTrails cannot be restricted by resource",
          actions: ["cloudtrail:DescribeTrails"],
          resources: ["*"],
        },
        {
          because: "A trail that covers this Region may be another Region's, and belong to the organization's account",
          actions: ["cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"],
          resources: trails,
        },
      ],
    });

    // It asks the functions above, and knows their dead letters.
    new RepositoryApi(this, "RepositoryApi", {
      code: code("repository-api"),
      callers,
      grants: [
        { actions: ["ecr:CreateRepository", "ecr:DescribeImages"], resources: repositories },
        standards,
        ...templateRole.grantsToUseKeys,
      ],
    });

    // Last, since both look at everything above.
    new OwnerMarker(this, "Owner");
    new Watch(this, "Watch");
  }
}
