import { Aws, Stack } from "aws-cdk-lib";
import { CfnFunction } from "aws-cdk-lib/aws-lambda";
import { CfnParameter } from "aws-cdk-lib/aws-ssm";
import { Construct } from "constructs";

/** Of one name in an account and Region, whatever the stack is called. */
export const OWNER_PARAMETER = "/ecr-autopilot/owner";

/**
 * Keeps a second stack of this project out of the account and Region: two policies would put back each other's settings for ever. Parameter names
 * are unique, and CloudFormation creates a parameter without overwriting, so the second stack fails with "already exists", naming this
 * one (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html, ParameterAlreadyExists). Every function that the stack
 * has so far waits for it: the second stack is rolled back before it can do anything. A standard parameter costs nothing.
 */
export class OwnerMarker extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const parameter = new CfnParameter(this, "Parameter", {
      name: OWNER_PARAMETER,
      type: "String",
      value: Aws.STACK_ID,
      description: "The one stack of ecr-autopilot in this account and Region; goes with it",
    });
    for (const resource of Stack.of(this).node.findAll()) {
      if (resource instanceof CfnFunction) resource.addResourceDependency(parameter);
    }
  }
}
