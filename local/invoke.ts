/** `npm run invoke -- FUNCTION EVENT.json`: runs one function of the stack on one event and prints what it decided and answered. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalAccount } from "./account.ts";
import { AssemblyError, assemble } from "./assembly.ts";
import { invokeFunction } from "./invoke-function.ts";

const HELP = `Runs one function on one event, in a fresh local account with policies/example.yaml.

  npm run invoke -- create-repository events/push-to-missing-repository.json
  npm run invoke -- reconcile-repositories plan.json

An EventBridge event, as in events/ (events/README.md says what each is), comes to the function in a batch of its queue, and so does a file
that is no JSON object. Any other JSON object, such as {"mode":"plan"}, is given to the function as it is; standard output is then what it
answers, and nothing else.
Exit code 0 when the function took the event or answered, 1 when it gave the event back or failed, 2 for wrong words.`;

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
  const text = await readEvent(eventFile);
  if (text === undefined) return 2;

  const directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-invoke-"));
  try {
    const assemblyDir = await assemble({ policyFile: "policies/example.yaml", directory });
    const account = await startLocalAccount({ assemblyDir, port: 0 });
    try {
      return await invokeFunction(account, { functionName, text }, { out: console.log, err: console.error });
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

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof AssemblyError ? error.message : error);
  process.exitCode = 1;
}
