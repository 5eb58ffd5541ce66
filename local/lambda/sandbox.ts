/** One execution environment: a process that runs a function's handler, one invocation at a time, and its Runtime API. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { LocalFunction } from "../template/local-template.ts";
import { type SandboxCredentials, sandboxArguments, sandboxEnvironment } from "./environment.ts";
import { type Output, readOutput } from "./output.ts";
import { exitError, failure, type InvokeResult, postedError, timeoutError } from "./result.ts";
import { LARGEST_RESPONSE, startRuntimeApi } from "./runtime-api.ts";

export interface SandboxOptions {
  readonly fn: LocalFunction;
  readonly credentials: SandboxCredentials;
  readonly overrides: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** Called once, when the process is gone. */
  readonly onGone: () => void;
}

export interface Run {
  readonly result: InvokeResult;
  readonly durationMs: number;
  /** Only for the first run of a sandbox. */
  readonly initMs: number | undefined;
  readonly maxMemoryMb: number | undefined;
}

export interface Sandbox {
  readonly pid: number | undefined;
  readonly accessKeyId: string;
  readonly isAlive: () => boolean;
  /** The end of its start, however it ended. */
  readonly started: Promise<void>;
  /** One at a time. Never rejects: whatever goes wrong in the process is a result. */
  run(request: { readonly requestId: string; readonly event: string; readonly traceHeader: string }): Promise<Run>;
  /** Kills the process; done when it is gone. */
  close(): Promise<void>;
}

/** "Init phase is limited to 10 seconds" (developer guide, "Understanding the Lambda execution environment lifecycle"). */
const LONGEST_INIT_MS = 10_000;

const BOOTSTRAP = fileURLToPath(new URL("bootstrap.cjs", import.meta.url));

/** Starts the process; its first run waits for the end of its start. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { fn } = options;
  const start = createWait();
  let run = createWait();
  let current = "";
  let maxRssKib: number | undefined;
  let alive = true;

  const ofCurrent = (requestId: string, result: () => InvokeResult, rss?: number): void => {
    maxRssKib = rss ?? maxRssKib;
    if (requestId === current) run.end(result());
  };
  const api = await startRuntimeApi({
    onNext: () => start.end("ready"),
    onInitError: (body) => start.end(postedError(body)),
    onResponse: (id, body, rss) => ofCurrent(id, () => ({ payload: JSON.parse(body) }), rss),
    onError: (id, body, rss) => ofCurrent(id, () => postedError(body), rss),
    onTooLarge: (id) => ofCurrent(id, tooLarge),
  });

  const startedAt = performance.now();
  const { child, output } = spawnRuntime(options, api.address);
  const gone = ended(child).then(async ({ code, signal }) => {
    alive = false;
    const error = exitError(current, code, signal);
    start.end(error);
    run.end(error);
    await api.close();
    options.onGone();
  });
  function kill(): void {
    alive = false;
    child.kill("SIGKILL");
  }

  let initMs: number | undefined;
  start.limit(LONGEST_INIT_MS, () => {
    kill();
    return timeoutError(current, LONGEST_INIT_MS / 1000);
  });
  const started = start.outcome.then((outcome) => {
    initMs = performance.now() - startedAt;
    if (outcome !== "ready") kill();
    return outcome;
  });

  return {
    pid: child.pid,
    accessKeyId: options.credentials.accessKeyId,
    isAlive: () => alive,
    started: started.then(() => {}),
    async run({ requestId, event, traceHeader }) {
      current = requestId;
      let outcome = await started;
      const begunAt = performance.now();
      if (outcome === "ready") {
        run = createWait();
        run.limit(fn.timeoutSeconds * 1000, () => {
          kill();
          return timeoutError(requestId, fn.timeoutSeconds);
        });
        // It may have ended since the last run, with nobody to tell.
        if (!alive) run.end(exitError(requestId, 0, null));
        const deadlineMs = Date.now() + fn.timeoutSeconds * 1000;
        api.send({ requestId, event, deadlineMs, functionArn: fn.arn, traceHeader });
        outcome = await run.outcome;
      }
      const durationMs = performance.now() - begunAt;
      if (alive) await output.drained(requestId);
      const first = initMs;
      initMs = undefined;
      return {
        result: outcome === "ready" ? exitError(requestId, 0, null) : outcome,
        durationMs,
        initMs: first,
        maxMemoryMb: maxRssKib === undefined ? undefined : Math.ceil(maxRssKib / 1024),
      };
    },
    async close() {
      kill();
      await gone;
    },
  };
}

function spawnRuntime(
  { fn, credentials, overrides, onLine }: SandboxOptions,
  runtimeApi: string,
): { child: ChildProcess; output: Output } {
  const date = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
  const logStreamName = `${date}/[$LATEST]${randomBytes(16).toString("hex")}`;
  // A process group of its own: Ctrl-C is for the account, which lets its functions end first.
  const child = spawn(process.execPath, [...sandboxArguments(fn), BOOTSTRAP], {
    cwd: fn.codeDir,
    env: sandboxEnvironment(fn, { credentials, overrides, runtimeApi, logStreamName }),
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { child, output: readOutput([child.stdout, child.stderr], onLine) };
}

interface Wait {
  readonly outcome: Promise<InvokeResult | "ready">;
  /** The first end counts. */
  end(outcome: InvokeResult | "ready"): void;
  /** Ends it with `late()` when nothing else has by then. */
  limit(ms: number, late: () => InvokeResult): void;
}

function createWait(): Wait {
  const { promise, resolve } = Promise.withResolvers<InvokeResult | "ready">();
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const end = (outcome: InvokeResult | "ready"): void => {
    isOver = true;
    clearTimeout(timer);
    resolve(outcome);
  };
  return {
    outcome: promise,
    end,
    limit(ms, late) {
      if (!isOver) timer = setTimeout(() => end(late()), ms);
    },
  };
}

/** The end of a process with all that it has printed. A process that could not be started counts as one that has failed. */
function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve) => {
    child.once("error", () => resolve({ code: 127, signal: null }));
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}

function tooLarge(): InvokeResult {
  const text = `Response payload size exceeded maximum allowed payload size (${LARGEST_RESPONSE} bytes).`;
  return failure("Function.ResponseSizeTooLarge", text);
}
