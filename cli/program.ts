import { setTimeout as pause } from "node:timers/promises";
import { Command, CommanderError } from "commander";
import { addApply } from "./commands/apply.ts";
import { addBackfill } from "./commands/backfill.ts";
import { addCatalog } from "./commands/catalog.ts";
import { addDeadLetters } from "./commands/dead-letters.ts";
import { addEnsure } from "./commands/ensure.ts";
import { addMirror } from "./commands/mirror.ts";
import { addPlan } from "./commands/plan.ts";
import { addPolicy } from "./commands/policy.ts";
import { addStatus } from "./commands/status.ts";
import { EXIT, EXIT_CODES_IN_WORDS } from "./exit-codes.ts";
import { problemInWords, problemOf } from "./output/problem.ts";
import { visible } from "./output/visible.ts";
import { type CommonOptions, openSession, type Surroundings, type Work } from "./session.ts";

/** How a command is run: its own `Command`, which knows the options, and what it does. */
export type Run = (command: Command, work: Work) => Promise<void>;

/** In the order of `--help`. */
const COMMANDS = [
  addPlan,
  addApply,
  addEnsure,
  addMirror,
  addBackfill,
  addCatalog,
  addStatus,
  addDeadLetters,
  addPolicy,
] as const;

const EXAMPLES = `
Examples:
  ecr-autopilot ensure team-a/api --endpoint https://abc.execute-api.eu-west-1.amazonaws.com/v1
  ecr-autopilot plan standards --policy policies/default.yaml --profile platform
  ecr-autopilot status team-a/api:v1.0.0 --json
  ecr-autopilot policy check policies/default.yaml

${EXIT_CODES_IN_WORDS}
`;

/** How long work that was told to stop may take to tidy up. */
const LAST_MS = 1_000;

/** Runs the command line in `words` (without the program's own name) to its end, and gives the exit code. Raises nothing. */
export async function runProgram(
  words: readonly string[],
  surroundings: Surroundings,
  version: string,
): Promise<number> {
  const { stdout, stderr, signal } = surroundings;
  let exitCode: number = EXIT.done;
  let options: CommonOptions = {};
  const run: Run = async (command, work) => {
    options = command.optsWithGlobals<CommonOptions>();
    const session = openSession(surroundings, options);
    exitCode = await Promise.race([work(session), ended(signal)]);
  };

  const program = new Command("ecr-autopilot")
    .description("Standards for Amazon ECR repositories, and publishing to ECR Public, from a terminal or a pipeline.")
    .version(version, "--version", "show the version")
    .helpOption("--help", "show what there is to know")
    .helpCommand(false)
    .option("--endpoint <url>", "ask the REST API at this URL (or ECR_AUTOPILOT_ENDPOINT)")
    .option("--policy <file>", "work with your own AWS credentials, by this policy")
    .option("--profile <name>", "AWS profile whose credentials are used")
    .option("--region <name>", "AWS Region")
    .option("--json", "JSON on standard output, for machines")
    .option("--quiet", "neither progress nor notes")
    .option("--debug", "show the stack of an error")
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
    })
    .showHelpAfterError("(--help tells more)")
    .addHelpText("after", EXAMPLES)
    .exitOverride();
  for (const add of COMMANDS) add(program, run);

  try {
    await program.parseAsync([...words], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (signal.aborted) {
      stderr.write("interrupted\n");
      return EXIT.interrupted;
    }
    return tell(error, options, surroundings);
  }
}

/** Rejects soon after the signal, should the work not end by itself. */
async function ended(signal: AbortSignal): Promise<never> {
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  await pause(LAST_MS, undefined, { ref: false });
  throw signal.reason;
}

function tell(error: unknown, { json, debug }: CommonOptions, { stdout, stderr }: Surroundings): number {
  const problem = problemOf(error);
  const { exitCode, ...told } = problem;
  if (json === true) stdout.write(`${JSON.stringify({ error: told }, null, 2)}\n`);
  stderr.write(`${visible(problemInWords(problem))}\n`);
  if (debug === true && error instanceof Error) stderr.write(`${visible(inspected(error))}\n`);
  return exitCode;
}

/** The stacks of an error and of what it was caused by: nothing else of them, which may hold a request's headers. */
function inspected(error: Error, depth = 0): string {
  const stack = error.stack ?? String(error);
  return error.cause instanceof Error && depth < 5 ? `${stack}\ncaused by ${inspected(error.cause, depth + 1)}` : stack;
}
