/**
 * The CDK app: reads the policy, bundles the functions with it, and synthesizes the stack. Works offline.
 *
 * Context: `policy`, the file (policies/default.yaml); `bundles`, the folder for the bundles (dist); and for the REST endpoint `vpcEndpointId`, the
 * VPC endpoints that it may be called through (any), and `organizationId`, the organization whose accounts may call it (this account alone).
 * Run by `npm run synth` and by the CDK command line (cdk.json).
 */
import { App } from "aws-cdk-lib";
import { BuildError, buildBundles } from "./build.ts";
import { codeOfBundles } from "./code.ts";
import { EcrAutopilotStack, STACK_DESCRIPTION, STACK_TAGS } from "./stack.ts";

const app = new App({
  analyticsReporting: false,
  // It takes three quarters of the time, and only warns; test/unit/infra/template-rules.test.ts holds the template to the same rules.
  builtinCloudFormationValidation: false,
  outdir: process.env.CDK_OUTDIR ?? "cdk.out",
});
const file: string = app.node.tryGetContext("policy") ?? "policies/default.yaml";
const bundleDir: string = app.node.tryGetContext("bundles") ?? "dist";

try {
  const { policy, bundles } = await buildBundles({ policyFile: file, bundleDir, tell: console.error });
  new EcrAutopilotStack(app, "EcrAutopilot", {
    policy,
    code: codeOfBundles(bundles),
    callers: {
      vpcEndpointIds: listOf(app.node.tryGetContext("vpcEndpointId")),
      organizationId: app.node.tryGetContext("organizationId"),
    },
    tags: STACK_TAGS,
    description: STACK_DESCRIPTION,
  });
  app.synth();
} catch (error) {
  // A wrong policy is the reader's to mend: the list of its errors, not our stack trace.
  if (!(error instanceof BuildError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** `vpce-1,vpce-2` */
function listOf(value: unknown): string[] {
  return typeof value === "string" ? value.split(",").filter((one) => one !== "") : [];
}
