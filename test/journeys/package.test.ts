/** The stack as files for accounts without the CDK command line: each form is read as CloudFormation would, and does the main job. */
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Build, buildBundles } from "../../infra/build.ts";
import { FUNCTIONS } from "../../infra/bundle.ts";
import { packageStack } from "../../infra/package.ts";
import { push } from "../../local/tour/push.ts";
import { startTestAccount } from "../support/account.ts";
import { smallImage, targetFor } from "../support/pushing.ts";

interface Template {
  Parameters?: Record<string, { Default?: string }>;
  readonly Rules?: unknown;
  readonly Resources: Record<string, { readonly Type: string; readonly Properties: { readonly Code?: object } }>;
}

let directory: string;
let build: Build;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-packages-"));
  const bundleDir = join(directory, "dist");
  build = await buildBundles({ policyFile: "policies/example.yaml", bundleDir, tell: () => {} });
  await packageStack(build, { outDir: join(directory, "package"), tell: () => {} });
});

afterAll(() => rm(directory, { recursive: true, force: true }));

async function readTemplate(name: string): Promise<Template> {
  return JSON.parse(await readFile(join(directory, "package", name), "utf8"));
}

/** A cloud assembly around a template, so that the local account can read it: `assets` are folders by object key. */
async function assemblyOf(name: string, template: Template, assets: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(directory, name);
  await mkdir(folder, { recursive: true });
  const files = Object.fromEntries(
    Object.entries(assets).map(([objectKey, path]) => [
      objectKey,
      { source: { path }, destinations: { here: { objectKey } } },
    ]),
  );
  const artifacts = {
    EcrAutopilot: {
      type: "aws:cloudformation:stack",
      properties: { templateFile: "template.json" },
      dependencies: ["Assets"],
    },
    Assets: { type: "cdk:asset-manifest", properties: { file: "assets.json" } },
  };
  await writeFile(join(folder, "manifest.json"), JSON.stringify({ version: "48.0.0", artifacts }));
  await writeFile(join(folder, "assets.json"), JSON.stringify({ version: "48.0.0", files }));
  await writeFile(join(folder, "template.json"), JSON.stringify(template));
  return folder;
}

async function unpacked(zip: string): Promise<string> {
  const folder = join(directory, "unpacked", zip);
  for (const [path, bytes] of Object.entries(unzipSync(await readFile(join(directory, "package", zip))))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return folder;
}

/** A push to a repository that is not there ends in a governed repository, a public image, and a page. */
async function doesTheMainJob(assemblyDir: string): Promise<void> {
  await using test = await startTestAccount({ assemblyDir });
  await push(smallImage(), await targetFor(test, "team-a/api"));
  await test.decision("repository-brought-to-standard", "team-a/api");
  await test.decision("image-mirrored", "team-a/api");
  await test.decision("catalog-updated", "team-a-api");
  expect(test.account.timeline.after(0).filter(({ kind }) => kind === "failure")).toEqual([]);
}

describe("the form for a bucket", () => {
  it("asks for the bucket alone, and for nothing that the CDK's bootstrap would make", async () => {
    const template = await readTemplate("stack.template.json");

    expect(Object.keys(template.Parameters ?? {})).toEqual(["CodeBucket", "CodePrefix"]);
    expect(template.Rules).toBeUndefined();
    expect(JSON.stringify(template)).not.toMatch(/cdk-hnb659fds|BootstrapVersion|cdk-bootstrap/);
  });

  it("has a zip file for each function, the same for the same code", async () => {
    const again = join(directory, "again");
    await packageStack(build, { outDir: again, tell: () => {} });

    const files = await readdir(join(directory, "package"));
    expect(files.filter((file) => file.endsWith(".zip"))).toHaveLength(FUNCTIONS.length);
    expect(await readdir(again)).toEqual(files);
  });

  it("does the main job", async () => {
    const template = await readTemplate("stack.template.json");
    template.Parameters = { CodeBucket: { Default: "releases" }, CodePrefix: { Default: "1.0/" } };
    const zips = (await readdir(join(directory, "package"))).filter((file) => file.endsWith(".zip"));
    const assets: Record<string, string> = {};
    for (const zip of zips) assets[`1.0/${zip}`] = await unpacked(zip);

    await doesTheMainJob(await assemblyOf("bucket", template, assets));
  });
});

describe("the form in one file", () => {
  it("needs no bucket, no parameter and no more than a million bytes", async () => {
    const text = await readFile(join(directory, "package", "single.template.json"));
    const template = await readTemplate("single.template.json");
    const codes = Object.values(template.Resources).flatMap(({ Type, Properties }) =>
      Type === "AWS::Lambda::Function" ? [Object.keys(Properties.Code ?? {})] : [],
    );

    expect(text.length).toBeLessThanOrEqual(1_000_000);
    expect(template.Parameters).toBeUndefined();
    expect(codes).toEqual(FUNCTIONS.map(() => ["ZipFile"]));
  });

  it("does the main job, texts and logos of public pages included", async () => {
    await doesTheMainJob(await assemblyOf("single", await readTemplate("single.template.json"), {}));
  });

  it("is left out, and says why, where the pages' texts and logos make it too large", async () => {
    const logo = join(build.bundles.directory("sync-catalog"), "catalog", "large.png");
    await writeFile(logo, randomBytes(400_000));
    const outDir = join(directory, "large");
    const lines: string[] = [];
    await packageStack(build, { outDir, tell: (line) => lines.push(line) });

    expect(await readdir(outDir)).toContain("stack.template.json");
    expect(await readdir(outDir)).not.toContain("single.template.json");
    expect(lines[1]).toMatch(
      /^no single\.template\.json: it would have 1,[0-9,]+ bytes, and CloudFormation takes 1,000,000;/,
    );
  });
});
