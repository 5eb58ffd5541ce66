/**
 * The CDK app: reads the policy, bundles the functions with it, and synthesizes the stack. Works offline.
 *
 * Context: `policy`, the file (policies/default.yaml), and `bundles`, the folder for the bundles (dist). Run by `npm run synth` and by the CDK command line (cdk.json).
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { App } from "aws-cdk-lib";
import { PolicyError, readPolicy } from "#shared/policy/read-policy.ts";
import { bundleFunctions } from "./bundle.ts";
import { EcrAutopilotStack } from "./stack.ts";

class PolicyUnreadable extends Error {
  constructor(path: string, cause: unknown) {
    super(`cannot read the policy ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

const app = new App({ analyticsReporting: false, outdir: process.env.CDK_OUTDIR ?? "cdk.out" });
const file: string = app.node.tryGetContext("policy") ?? "policies/default.yaml";
const bundleDir: string = app.node.tryGetContext("bundles") ?? "dist";

try {
  const { policy } = readPolicy(await readText(file), file);
  const bundles = await bundleFunctions({ policy, outDir: resolve(bundleDir) });
  new EcrAutopilotStack(app, "EcrAutopilot", {
    policy,
    bundles,
    description: "ecr-autopilot: repository standards, tag mutability and publishing to ECR Public",
  });
  app.synth();
} catch (error) {
  // A wrong policy is the reader's to mend: the list of its errors, not our stack trace.
  if (!(error instanceof PolicyError || error instanceof PolicyUnreadable)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new PolicyUnreadable(path, error);
  }
}
