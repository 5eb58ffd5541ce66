import type { Readable } from "node:stream";
import type { Backend } from "./backends/backend.ts";
import type { Watcher } from "./backends/watcher.ts";
import type { ExitCode } from "./exit-codes.ts";
import { noProgress, showProgress } from "./output/progress.ts";
import type { OutputStream } from "./output/terminal.ts";
import { type Terminal, terminalOf } from "./output/terminal.ts";
import { visible } from "./output/visible.ts";
import { UsageError } from "./usage-error.ts";

/** What surrounds the program: the process's own, or a test's. */
export interface Surroundings {
  readonly stdin: Readable;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts with Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Options that every command takes. */
export interface CommonOptions {
  readonly endpoint?: string;
  readonly policy?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
  /** Of dead-letters alone. */
  readonly stack?: string;
}

/** What a command has to work with. */
export interface Session extends Surroundings {
  readonly out: Terminal;
  readonly isJson: boolean;
  /** Where the work is done. Errors: UsageError, PolicyError. */
  backend(): Promise<Backend>;
  /** The result: `data` to a machine, `text` to a person. */
  show(data: unknown, text: () => string): void;
}

/** Runs the work of a command; its number is the exit code. */
export type Work = (session: Session) => Promise<ExitCode>;

export const DEFAULT_STACK = "EcrAutopilot";

export function openSession(surroundings: Surroundings, options: CommonOptions): Session {
  const { stdout, stderr, env, signal } = surroundings;
  const out = terminalOf(stdout, env);
  const err = terminalOf(stderr, env);
  const isJson = options.json === true;
  const isQuiet = options.quiet === true;
  const watcher: Watcher = {
    progress: isJson || isQuiet ? noProgress : showProgress(err),
    decided({ decision, repository = "", reason = "" }) {
      if (!isJson && !isQuiet) err.line(visible([decision, repository, reason].filter(Boolean).join("  ")));
    },
  };
  return {
    ...surroundings,
    out,
    isJson,
    backend: () => openBackend(options, env, signal, watcher),
    show: (data, text) => out.line(isJson ? JSON.stringify(data, null, 2) : text()),
  };
}

/** Each form is loaded when it is needed: help, and a policy's check, come without the SDK. */
async function openBackend(
  options: CommonOptions,
  env: Surroundings["env"],
  signal: AbortSignal,
  watcher: Watcher,
): Promise<Backend> {
  const { policy: policyFile, stack, ...aws } = options;
  const isDirect = policyFile !== undefined || stack !== undefined;
  if (isDirect && options.endpoint !== undefined) {
    throw new UsageError("--endpoint goes to the REST API, --policy and --stack work without it: give one of them");
  }
  // What stands in the environment is for when nothing is said on the command line.
  const endpoint = options.endpoint ?? (env.ECR_AUTOPILOT_ENDPOINT || undefined);
  if (isDirect) {
    const { directBackend } = await import("./backends/direct.ts");
    return directBackend({ ...aws, policyFile, stack: stack ?? DEFAULT_STACK, signal, watcher });
  }
  if (endpoint !== undefined) {
    const { restBackend } = await import("./backends/rest.ts");
    return restBackend({ ...aws, endpoint, signal });
  }
  throw new UsageError(
    "give --endpoint URL (or set ECR_AUTOPILOT_ENDPOINT) to ask the REST API, or --policy FILE to work with your own AWS credentials",
  );
}
