import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PermissionUse } from "../../local/aws/usage.ts";
import { readTemplate } from "../../local/template/read-template.ts";

/** Grants that no call of the local account can show as used, each with its reason. */
const EXPLAINED: Readonly<Record<string, string>> = {
  "ecr:CreatePullTimeUpdateExclusion":
    "the user guide's name for ecr:RegisterPullTimeUpdateExclusion; which of the two AWS asks for is not known",
  "iam:CreateServiceLinkedRole": "ECR asks for it once in the life of an account, when the first template is made",
  "logs:CreateLogStream": "Lambda itself writes the logs",
  "logs:PutLogEvents": "Lambda itself writes the logs",
  "sqs:ChangeMessageVisibility": "Lambda's poller takes the messages with the function's role",
  "sqs:DeleteMessage": "Lambda's poller takes the messages with the function's role",
  "sqs:GetQueueAttributes": "Lambda's poller takes the messages with the function's role",
  "sqs:GetQueueUrl": "Lambda's poller takes the messages with the function's role",
  "sqs:ReceiveMessage": "Lambda's poller takes the messages with the function's role",
};

/** Where the accounts of a run leave what they used; set once for the whole run, and inherited by the workers. */
const DIRECTORY = "ECR_AUTOPILOT_PERMISSION_USES";

export function collectPermissionUses(directory: string): void {
  process.env[DIRECTORY] = mkdtempSync(join(directory, "uses-"));
}

/** Keeps what one account has seen, for the table at the end of the run. */
export function keepPermissionUses(uses: readonly PermissionUse[]): void {
  const directory = process.env[DIRECTORY];
  if (directory === undefined || uses.length === 0) return;
  writeFileSync(join(directory, `${process.pid}-${readdirSync(directory).length}.json`), JSON.stringify(uses));
}

export interface PermissionTable {
  readonly lines: string[];
  readonly unexplained: number;
}

/** What the stack grants to its functions, held against what they used in this run. */
export function permissionTable(assemblyDir: string): PermissionTable {
  const template = readTemplate({ assemblyDir, accountId: "123456789012", region: "eu-west-1" });
  const used = readUses();
  const lines: string[] = [];
  let unexplained = 0;
  for (const { name, roleArn } of template.functions) {
    const statements = template.roles.find((role) => role.roleArn === roleArn)?.statements ?? [];
    const granted = new Set(statements.flatMap(({ Action = [] }) => Action));
    const uses = used.filter(({ principal }) => principal === roleArn);
    const called = new Set(uses.map(({ action }) => action));
    const short = name.replace(/^EcrAutopilot-|Function[0-9A-F]{8}.*$/g, "");
    for (const { action } of uses.filter(({ denied }) => denied > 0)) {
      unexplained += 1;
      lines.push(`  used but not granted   ${short.padEnd(24)} ${action}`);
    }
    for (const action of [...granted].filter((action) => !called.has(action)).sort()) {
      if (EXPLAINED[action] !== undefined) continue;
      unexplained += 1;
      lines.push(`  granted but never used ${short.padEnd(24)} ${action}`);
    }
  }
  return { lines, unexplained };
}

function readUses(): PermissionUse[] {
  const directory = process.env[DIRECTORY];
  if (directory === undefined) return [];
  return readdirSync(directory).flatMap((file) => JSON.parse(readFileSync(join(directory, file), "utf8")));
}
