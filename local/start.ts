/** `npm start`: the local account with ecr-autopilot deployed in it, and the tour. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalAccount, startLocalAccount } from "./account.ts";
import { AssemblyError, assemble } from "./assembly.ts";
import { HELP, parseStartOptions, type StartOptions, UsageError } from "./options.ts";
import { commandsToTry, createPrinter, endpointLines } from "./printer.ts";
import { StepFailed } from "./tour/steps.ts";
import { playTour } from "./tour/tour.ts";

async function main(args: readonly string[]): Promise<number> {
  const options = parseStartOptions(args);
  if (options === "help") {
    console.log(HELP);
    return 0;
  }
  const began = performance.now();
  const directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-"));
  try {
    const policyFile = options.policyFile ?? "policies/example.yaml";
    const assemblyDir = await assemble({ policyFile, directory, onNotice: console.error });
    const account = await startLocalAccount({
      assemblyDir,
      port: options.port,
      dataDir: options.dataDir,
      createOnPush: options.createOnPush,
      throttle: options.throttle,
      faults: options.faults,
    });
    try {
      console.log(`ready after ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
      for (const line of endpointLines(account)) console.log(line);
      return await run(account, options);
    } finally {
      await account.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function run(account: LocalAccount, options: StartOptions): Promise<number> {
  const ended = interrupted();
  if (options.policyFile !== undefined) {
    console.log("\nNo tour with a policy of your own. Ctrl-C ends it.");
    await ended;
    return 0;
  }
  const printer = createPrinter(options);
  const stopTelling = account.timeline.onEntry(printer.entry);
  try {
    console.log("");
    const tour = playTour(account, printer);
    const result = await Promise.race([tour, ended]);
    if (result === undefined) {
      // Interrupted: the tour fails on the account that closes under it, and nobody waits for it any more.
      tour.catch(() => {});
      return 130;
    }
    stopTelling();
    if (options.once) return 0;
    for (const line of commandsToTry(account, result)) console.log(line);
    await ended;
    return 0;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.error(`\nstep ${error.step} failed: ${error.message}`);
    return 1;
  }
}

/** Resolves at the first Ctrl-C; the second ends the process at once, as it would without us. */
function interrupted(): Promise<undefined> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve(undefined));
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // What the reader can mend is told in its own words; anything else is our defect and keeps its stack.
  const theirs = error instanceof UsageError || error instanceof AssemblyError || isPortTaken(error);
  console.error(theirs ? (error as Error).message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}
