/**
 * `npm run package`: the stack as files that need neither the CDK command line nor its bootstrap. Into the folder `package`, or another one:
 *
 * - `stack.template.json` and one zip file for each function, for a bucket of one's own: for many accounts, and StackSets;
 * - `single.template.json`, with the code inside: for one account, and its console.
 */
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { App, BootstraplessSynthesizer, type IStackSynthesizer } from "aws-cdk-lib";
import { zipSync } from "fflate";
import { type Build, BuildError, buildBundles } from "./build.ts";
import { FUNCTIONS, type FunctionName } from "./bundle.ts";
import { type CodeSource, codeInBucket, codeInline } from "./code.ts";
import type { ApiCallers } from "./constructs/private-api.ts";
import { inlineCode } from "./inline-code.ts";
import { EcrAutopilotStack, STACK_DESCRIPTION, STACK_TAGS } from "./stack.ts";

const HELP = `Packs the stack for accounts without the CDK command line.

  npm run package -- --policy policies/prod.yaml
  npm run package -- --policy policies/prod.yaml --out release

Options
  --policy FILE           the policy (default: policies/default.yaml)
  --out DIR               where to (default: package)
  --vpc-endpoint-id IDS   VPC endpoints that the REST endpoint may be called through, with commas between (default: any)
  --organization-id ID    organization whose accounts may call it (default: the own account alone)
  --help                  this text

docs/operations.md says how each form is deployed.`;

/** What CloudFormation takes: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html ("Template", in Amazon S3). */
const LARGEST_TEMPLATE = 1_000_000;
/** In every zip file: the same code gives the same bytes, and so the same name. */
const ANY_TIME = new Date(1980, 0, 1);

type Files = ReadonlyMap<string, Uint8Array>;

export interface PackageOptions {
  readonly outDir: string;
  readonly callers?: ApiCallers;
  /** Gets what is worth knowing, a line each. */
  readonly tell: (line: string) => void;
}

/**
 * Packs both forms of what was built into `outDir`, which it empties first. A single template that would be too large is left out, and told: it
 * is the texts and logos of public pages that make it so.
 */
export async function packageStack(build: Build, options: PackageOptions): Promise<void> {
  const { outDir, tell } = options;
  const files = new Map<FunctionName, Files>();
  for (const name of FUNCTIONS) files.set(name, await readTree(build.bundles.directory(name)));
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });

  const zips = new Map<FunctionName, string>();
  for (const [name, tree] of files) {
    const zip = zipSync(Object.fromEntries(tree), { mtime: ANY_TIME });
    const file = `${name}-${createHash("sha256").update(zip).digest("hex").slice(0, 16)}.zip`;
    zips.set(name, file);
    await writeFile(join(outDir, file), zip);
  }
  const bucketForm = template(options, build, codeInBucket(zips));
  await writeFile(join(outDir, "stack.template.json"), bucketForm);
  tell(`stack.template.json: ${bytes(bucketForm)}, and ${zips.size} zip files`);

  const sources = new Map([...files].map(([name, tree]) => [name, inlineCode(tree)]));
  const single = template(options, build, codeInline(sources));
  if (single.length > LARGEST_TEMPLATE) {
    tell(
      `no single.template.json: it would have ${bytes(single)}, and CloudFormation takes ${amount(LARGEST_TEMPLATE)}; shorten the texts and logos of the catalog, or deploy stack.template.json`,
    );
    return;
  }
  await writeFile(join(outDir, "single.template.json"), single);
  tell(`single.template.json: ${bytes(single)} of ${amount(LARGEST_TEMPLATE)}`);
}

function template({ callers }: PackageOptions, { policy }: Build, code: CodeSource): Buffer {
  const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false });
  const stack = new EcrAutopilotStack(app, "EcrAutopilot", {
    policy,
    code,
    ...(callers && { callers }),
    tags: STACK_TAGS,
    description: STACK_DESCRIPTION,
    // The CDK's own types differ here in whether an absent value may be undefined.
    synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
  });
  const assembly = app.synth();
  try {
    return Buffer.from(JSON.stringify(assembly.getStackArtifact(stack.artifactId).template));
  } finally {
    rmSync(assembly.directory, { recursive: true, force: true });
  }
}

function bytes({ length }: Buffer): string {
  return `${amount(length)} bytes`;
}

function amount(value: number): string {
  return value.toLocaleString("en-US");
}

async function readTree(directory: string): Promise<Files> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = new Map<string, Uint8Array>();
  for (const path of paths.sort()) files.set(relative(directory, path), await readFile(path));
  return files;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      policy: { type: "string", default: "policies/default.yaml" },
      out: { type: "string", default: "package" },
      "vpc-endpoint-id": { type: "string", default: "" },
      "organization-id": { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const organizationId = values["organization-id"];
  const callers = {
    vpcEndpointIds: values["vpc-endpoint-id"].split(",").filter((id) => id !== ""),
    ...(organizationId !== undefined && { organizationId }),
  };
  const work = await mkdtemp(join(tmpdir(), "ecr-autopilot-package-"));
  try {
    const build = await buildBundles({ policyFile: values.policy, bundleDir: work, tell: console.error });
    await packageStack(build, { outDir: resolve(values.out), callers, tell: console.error });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return 0;
}

if (import.meta.main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    // Wrong words and a wrong policy are the reader's to mend: no stack trace.
    const isUsage = error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
    if (!isUsage && !(error instanceof BuildError)) throw error;
    console.error(error.message);
    process.exitCode = isUsage ? 2 : 1;
  }
}
