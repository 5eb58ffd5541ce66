import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Report } from "../../../../local/lambda/report.ts";
import type { InvokeResult } from "../../../../local/lambda/result.ts";
import { createSandboxes, type SandboxesOptions, type Started } from "../../../../local/lambda/sandboxes.ts";
import type { LocalFunction } from "../../../../local/template/local-template.ts";

export const ARN = "arn:aws:lambda:eu-west-1:123456789012:function:work";

/** A folder with these files, gone after the test. */
export function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "local-lambda-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** The function `work` of these files, or of an index.cjs with this text. */
export function functionOf(code: string | Record<string, string>, members: Partial<LocalFunction> = {}): LocalFunction {
  return {
    logicalId: "Work",
    name: "work",
    arn: ARN,
    runtime: "nodejs24.x",
    handler: "index.handler",
    codeDir: folderWith(typeof code === "string" ? { "index.cjs": code } : code),
    environment: {},
    timeoutSeconds: 20,
    memoryMb: 256,
    roleArn: "arn:aws:iam::123456789012:role/worker",
    logGroupName: "/aws/lambda/work",
    ...members,
  };
}

/** Sandboxes of the function, ended after the test, with all that they told. */
export function setUp(
  code: string | Record<string, string>,
  members: Partial<LocalFunction> = {},
  options: Partial<SandboxesOptions> = {},
) {
  const lines: string[] = [];
  const started: Started[] = [];
  const reports: Report[] = [];
  let sessions = 0;
  const sandboxes = createSandboxes({
    functions: [functionOf(code, members)],
    credentialsFor() {
      sessions += 1;
      return { accessKeyId: `ASIA${sessions}`, secretAccessKey: "secret", sessionToken: "token" };
    },
    environment: () => ({ AWS_ENDPOINT_URL_ECR: "http://127.0.0.1:4000" }),
    onLog: (_, line) => lines.push(line),
    onStart: (_, start) => started.push(start),
    onEnd: (_, report) => reports.push(report),
    ...options,
  });
  onTestFinished(() => sandboxes.close());
  return { ...sandboxes, lines, started, reports, work: (event: unknown = {}) => sandboxes.invoke("work", event) };
}

/** The handler's answer; its error fails the test. */
export function payload(result: InvokeResult): Record<string, unknown> {
  if ("error" in result) throw new Error(`the function failed: ${JSON.stringify(result.error)}`);
  return result.payload as Record<string, unknown>;
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
