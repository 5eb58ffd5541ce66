import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { LocalTemplate } from "../../../../local/template/local-template.ts";
import { type ReadTemplateOptions, readTemplate } from "../../../../local/template/read-template.ts";

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "local-template-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An assembly folder with one stack `Tiny`, and the asset `code.zip` with a file index.cjs. */
export function assemblyWith(template: Record<string, unknown>): string {
  const folder = temporaryFolder();
  const write = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value));
  mkdirSync(join(folder, "asset.code"));
  writeFileSync(join(folder, "asset.code", "index.cjs"), "exports.handler = async () => 1;");
  write("manifest.json", {
    artifacts: {
      "Tiny.assets": { type: "cdk:asset-manifest", properties: { file: "Tiny.assets.json" } },
      Tiny: {
        type: "aws:cloudformation:stack",
        properties: { templateFile: "Tiny.template.json" },
        dependencies: ["Tiny.assets"],
      },
    },
  });
  write("Tiny.assets.json", {
    files: {
      code: { source: { path: "asset.code", packaging: "zip" }, destinations: { here: { objectKey: "code.zip" } } },
    },
  });
  write("Tiny.template.json", template);
  return folder;
}

/** Reads a template made of these resources and sections, in account 123456789012, eu-west-1. */
export function read(
  resources: Record<string, unknown>,
  sections: Record<string, unknown> = {},
  options: Partial<ReadTemplateOptions> = {},
): LocalTemplate {
  return readTemplate({
    assemblyDir: assemblyWith({ Resources: resources, ...sections }),
    accountId: "123456789012",
    region: "eu-west-1",
    ...options,
  });
}

/** The value that the intrinsic gives, put into a queue's name. */
export function resolved(value: unknown, sections: Record<string, unknown> = {}): unknown {
  const { resolve } = read({ Queue: { Type: "AWS::SQS::Queue", Properties: { QueueName: "jobs" } } }, sections);
  return resolve(value, "Here");
}
