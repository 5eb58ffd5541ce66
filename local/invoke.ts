/** `npm run invoke -- FUNCTION EVENT.json`: runs one function of the stack on one event and prints what it answered and decided. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalAccount } from "./account.ts";
import { AssemblyError, assemble } from "./assembly.ts";

const HELP = `Runs one function on one event, in a fresh local account with policies/example.yaml.

  npm run invoke -- create-repository events/push-to-missing-repository.json

The event is an EventBridge event as in events/; events/README.md says what each is.
Exit code 0 when the function took the event, 1 when it gave it back or failed, 2 for wrong words.`;

async function main(words: readonly string[]): Promise<number> {
  const [functionName, eventFile, ...rest] = words;
  if (functionName === undefined || eventFile === undefined || rest.length > 0 || words.includes("--help")) {
    console.log(HELP);
    return words.includes("--help") ? 0 : 2;
  }
  const functions = await readdir("functions");
  if (!functions.includes(functionName)) {
    console.error(`there is no function '${functionName}'; there are: ${functions.join(", ")}`);
    return 2;
  }
  const body = await readEvent(eventFile);
  if (body === undefined) return 2;

  const directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-invoke-"));
  try {
    const assemblyDir = await assemble({ policyFile: "policies/example.yaml", directory });
    const account = await startLocalAccount({ assemblyDir, port: 0 });
    try {
      const start = account.timeline.last();
      const result = await account.invoke(functionName, [body]);
      for (const { kind, who, what, text, facts } of account.timeline.after(start)) {
        if (who !== functionName) continue;
        console.log(`${kind} ${what}: ${text}`);
        console.log(`  ${JSON.stringify(withoutLogFields(facts))}`);
      }
      console.log(`answer: ${JSON.stringify(result)}`);
      const failures =
        "payload" in result ? (result.payload as { batchItemFailures?: unknown[] }).batchItemFailures : undefined;
      return failures?.length === 0 ? 0 : 1;
    } finally {
      await account.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function readEvent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    console.error(`cannot read the event: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

/** What the decision says, without what every log line carries. */
function withoutLogFields(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const common = new Set([
    "level",
    "message",
    "timestamp",
    "service",
    "requestId",
    "sampling_rate",
    "xray_trace_id",
    "decision",
  ]);
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !common.has(name)));
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof AssemblyError ? error.message : error);
  process.exitCode = 1;
}
