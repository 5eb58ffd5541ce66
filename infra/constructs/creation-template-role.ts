import { Stack } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { Grant } from "./autopilot-function.ts";

export interface CreationTemplateRoleProps {
  readonly repositories: readonly string[];
  /** ARNs of the customer-managed keys that the policy's templates use; none is a common case. */
  readonly kmsKeys: readonly string[];
}

/**
 * The role that ECR takes on when a creation template sets tags or a KMS key; without it the creation fails.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-create-iam.html
 */
export class CreationTemplateRole extends Construct {
  readonly roleArn: string;
  /** For the function that writes the templates. */
  readonly grantsToPublishTemplates: readonly Grant[];
  /** For a function that creates repositories with these keys itself. */
  readonly grantsToUseKeys: readonly Grant[];

  constructor(scope: Construct, id: string, { repositories, kmsKeys }: CreationTemplateRoleProps) {
    super(scope, id);
    const { account, partition, region } = Stack.of(this);
    const ecrService = new ServicePrincipal("ecr.amazonaws.com");
    const role = new Role(this, "Role", {
      assumedBy: ecrService,
      description: "Taken on by ECR when it creates a repository from one of ecr-autopilot's creation templates",
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ["ecr:CreateRepository", "ecr:TagResource"], resources: [...repositories] }),
    );
    // The actions are those of the encryption page; ECR makes its grants on the key through the caller:
    // https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
    this.grantsToUseKeys =
      kmsKeys.length === 0
        ? []
        : [
            {
              actions: ["kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"],
              resources: kmsKeys,
              conditions: { StringEquals: { "kms:ViaService": `ecr.${region}.amazonaws.com` } },
            },
          ];
    for (const { actions, resources, conditions } of this.grantsToUseKeys) {
      role.addToPolicy(
        new PolicyStatement({ actions: [...actions], resources: [...resources], ...(conditions && { conditions }) }),
      );
    }
    this.roleArn = role.roleArn;
    this.grantsToPublishTemplates = [
      {
        actions: ["iam:PassRole"],
        resources: [role.roleArn],
        conditions: { StringEquals: { "iam:PassedToService": "ecr.amazonaws.com" } },
      },
      {
        actions: ["iam:CreateServiceLinkedRole"],
        resources: [`arn:${partition}:iam::${account}:role/aws-service-role/*/AWSServiceRoleForECRTemplate`],
        because: "The service's name in the path is not documented; the role's own name is fixed",
      },
    ];
  }
}
