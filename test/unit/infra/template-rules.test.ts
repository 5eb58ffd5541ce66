import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CelEngine, TemplateFile } from "@aws/cloudformation-validate";
import { App, Stack, Validations } from "aws-cdk-lib";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { readPolicy } from "#shared/policy/read-policy.ts";
import { codeOfBundles } from "../../../infra/code.ts";
import { EcrAutopilotStack } from "../../../infra/stack.ts";

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "ecr-autopilot-rules-"));
  mkdirSync(join(directory, "code"));
  writeFileSync(join(directory, "code", "index.cjs"), "");
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What cdk-nag finds in what `build` adds to an app, as `rule: path of the construct`. */
function findings(build: (app: App) => void): string[] {
  const outdir = mkdtempSync(join(directory, "out-"));
  const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false, outdir });
  build(app);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  const silent = vi.spyOn(console, "error").mockImplementation(() => {});
  try {
    app.synth();
  } catch (error) {
    if (!String(error).startsWith("ValidationFailed")) throw error;
  } finally {
    silent.mockRestore();
  }
  const report: Report = JSON.parse(readFileSync(join(app.outdir, "validation-report.json"), "utf8"));
  return report.pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${ruleName}: ${constructPath}`),
    ),
  );
}

describe("cdk-nag", () => {
  it("finds nothing in the stack that is not acknowledged with a reason", () => {
    const { policy } = readPolicy(readFileSync("policies/example.yaml", "utf8"), "policies/example.yaml");

    const found = findings((app) => {
      const code = codeOfBundles({ directory: () => join(directory, "code") });
      new EcrAutopilotStack(app, "EcrAutopilot", { policy, code });
    });

    expect(found).toEqual([]);
  });

  it("finds what breaks a rule of either pack", () => {
    const found = findings((app) => {
      new Queue(new Stack(app, "Careless"), "Queue");
    });

    expect(found.sort()).toEqual([
      "AwsSolutions-SQS3: Careless/Queue/Resource",
      "AwsSolutions-SQS4: Careless/Queue/Resource",
      "Serverless-SQSRedrivePolicy: Careless/Queue/Resource",
    ]);
  });
});

/** Rules of cloudformation-validate that the stack does not keep, each with its reason. */
const NOT_KEPT: Readonly<Record<string, string>> = {
  I1022: "CDK joins texts with Fn::Join; Fn::Sub says the same",
  I9001: "tells which properties replace a resource when they change; that is so",
  I9040: "the tags are given to the stack, and CloudFormation hands them to every resource (infra/app.ts)",
  W3005:
    "CDK lets a function wait for its whole role, and names the role beside its policy; to say it twice does no harm",
};

describe("cloudformation-validate", () => {
  // Six seconds of CPU, most of them to make its rules; the other engine takes nine and finds the same.
  it("finds nothing in the template but what is listed with a reason", () => {
    const engine = new CelEngine();
    try {
      const template = new TemplateFile(join(inject("assemblyDir"), "EcrAutopilot.template.json"));
      const { status, diagnostics } = engine.validateStandard(template);
      const found = new Set(diagnostics.map(({ ruleId }) => ruleId));

      expect(status).toBe("OK");
      expect(
        diagnostics
          .filter(({ ruleId }) => NOT_KEPT[ruleId] === undefined)
          .map(({ ruleId, message, entity }) => `${ruleId} ${entity?.logicalId}: ${message}`),
      ).toEqual([]);
      expect(Object.keys(NOT_KEPT).filter((ruleId) => !found.has(ruleId))).toEqual([]);
    } finally {
      engine.free();
    }
  }, 180_000);
});
