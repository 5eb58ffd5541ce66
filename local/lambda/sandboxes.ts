/** The functions of the template, each run in processes of its own. */
import { randomUUID } from "node:crypto";
import { AwsError } from "../aws/call.ts";
import { traceHeader } from "../events/chains.ts";
import type { LocalFunction } from "../template/local-template.ts";
import type { SandboxCredentials } from "./environment.ts";
import { type Guard, startGuard } from "./guard.ts";
import { type Report, reportLine } from "./report.ts";
import type { InvokeResult } from "./result.ts";
import { type Sandbox, startSandbox } from "./sandbox.ts";

export interface Started {
  readonly requestId: string;
  /** Whose calls belong to this invocation while it runs: each sandbox has credentials of its own. */
  readonly accessKeyId: string;
  readonly traceHeader: string;
  readonly coldStart: boolean;
}

export interface SandboxesOptions {
  readonly functions: readonly LocalFunction[];
  /** Asked once for each sandbox. */
  readonly credentialsFor: (fn: LocalFunction) => SandboxCredentials;
  /** Where the function finds the local account: AWS_ENDPOINT_URL_… */
  readonly environment: (fn: LocalFunction) => Readonly<Record<string, string>>;
  /** Every line that a sandbox prints, and the REPORT of each invocation. */
  readonly onLog: (fn: LocalFunction, line: string) => void;
  readonly onStart?: (fn: LocalFunction, started: Started) => void;
  readonly onEnd?: (fn: LocalFunction, report: Report, result: InvokeResult) => void;
}

export interface Sandboxes {
  /**
   * Runs a function by ARN or name and gives its answer, or its error. A warm sandbox is used again, and another one is started when all are busy and stay so for a moment.
   * Errors: ResourceNotFoundException; TooManyRequestsException beyond the reserved concurrency; RequestTooLargeException above 6 MB.
   */
  invoke(functionArnOrName: string, event: unknown, options?: { readonly traceHeader?: string }): Promise<InvokeResult>;
  /** Ends all processes; an invocation that is under way ends with them. */
  close(): Promise<void>;
}

/** Lambda quotas: 6 MB for a synchronous invocation. */
const LARGEST_EVENT = 6 * 1024 * 1024;

const CLOSED = "the functions of this account have been ended";

/** Errors that the process can no longer log itself. */
const ENDED = new Set(["Runtime.ExitError", "Sandbox.Timedout"]);

/**
 * A process of its own costs a fifth of a second of a processor. So one starts at a time, and what comes while all are busy first waits this
 * long for one of them.
 */
const PATIENCE_MS = 100;

interface Pool {
  readonly fn: LocalFunction;
  readonly idle: Sandbox[];
  /** Told when a sandbox has nothing to do any more. */
  waiting: (() => void)[];
  /** The end of a start that is under way. */
  coming: Promise<void> | undefined;
  running: number;
}

export function createSandboxes(options: SandboxesOptions): Sandboxes {
  const { functions, credentialsFor, environment, onLog, onStart = () => {}, onEnd = () => {} } = options;
  const pools = functions.map((fn): Pool => ({ fn, idle: [], waiting: [], coming: undefined, running: 0 }));
  const sandboxes = new Set<Sandbox>();
  const starting = new Set<Promise<Sandbox>>();
  let guard: Guard | undefined;
  let isClosed = false;

  function find(name: string): Pool {
    const pool = pools.find(({ fn }) =>
      [fn.arn, fn.name].some((known) => name === known || name.startsWith(`${known}:`)),
    );
    if (pool !== undefined) return pool;
    throw new AwsError("ResourceNotFoundException", `Function not found: ${name}`, { status: 404 });
  }

  function watchAll(): void {
    guard?.watch([...sandboxes].flatMap(({ pid }) => pid ?? []));
  }

  async function start({ fn }: Pool): Promise<Sandbox> {
    guard ??= startGuard();
    const started: Sandbox = await startSandbox({
      fn,
      credentials: credentialsFor(fn),
      overrides: environment(fn),
      onLine: (line) => onLog(fn, line),
      onGone() {
        sandboxes.delete(started);
        watchAll();
      },
    });
    sandboxes.add(started);
    watchAll();
    return started;
  }

  function startCounted(pool: Pool): Promise<Sandbox> {
    const coming = start(pool);
    starting.add(coming);
    return coming.finally(() => starting.delete(coming));
  }

  /** A warm sandbox, the one that was used last. */
  function warm({ idle }: Pool): Sandbox | undefined {
    for (let sandbox = idle.pop(); sandbox !== undefined; sandbox = idle.pop()) {
      if (sandbox.isAlive()) return sandbox;
    }
    return undefined;
  }

  /** A sandbox for one run, and whether it is new. */
  async function acquire(pool: Pool): Promise<{ readonly sandbox: Sandbox; readonly coldStart: boolean }> {
    let patient = pool.running > 1;
    for (;;) {
      if (isClosed) throw new Error(CLOSED);
      const used = warm(pool);
      if (used !== undefined) return { sandbox: used, coldStart: false };
      if (pool.coming === undefined && !patient) break;
      patient = pool.coming !== undefined;
      await (pool.coming ?? released(pool));
    }
    let arrived = () => {};
    pool.coming = new Promise<void>((done) => {
      arrived = done;
    });
    const over = () => {
      pool.coming = undefined;
      arrived();
    };
    try {
      const sandbox = await startCounted(pool);
      void sandbox.started.then(over);
      return { sandbox, coldStart: true };
    } catch (error) {
      over();
      throw error;
    }
  }

  /** Until a sandbox of the pool is free, or patience ends. */
  function released({ waiting }: Pool): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, PATIENCE_MS);
      waiting.push(() => {
        clearTimeout(timer);
        done();
      });
    });
  }

  function release(pool: Pool, sandbox: Sandbox): void {
    pool.idle.push(sandbox);
    const told = pool.waiting;
    pool.waiting = [];
    for (const tell of told) tell();
  }

  async function run(pool: Pool, event: string, header: string): Promise<InvokeResult> {
    const { fn } = pool;
    const { sandbox, coldStart } = await acquire(pool);
    const requestId = randomUUID();
    const { accessKeyId } = sandbox;
    onStart(fn, { requestId, accessKeyId, traceHeader: header, coldStart });
    const { result, durationMs, initMs, maxMemoryMb } = await sandbox.run({ requestId, event, traceHeader: header });
    if (sandbox.isAlive()) release(pool, sandbox);
    else await sandbox.close();
    const billedMs = Math.ceil(durationMs + (initMs ?? 0));
    const report: Report = { requestId, durationMs, billedMs, initMs, memoryMb: fn.memoryMb, maxMemoryMb };
    if ("error" in result && ENDED.has(result.error.errorType)) {
      onLog(fn, `${result.error.errorMessage} ${result.error.errorType}`);
    }
    onLog(fn, reportLine(report));
    onEnd(fn, report, result);
    return result;
  }

  return {
    async invoke(name, event, { traceHeader: header = traceHeader(0, new Date()) } = {}) {
      if (isClosed) throw new Error(CLOSED);
      const pool = find(name);
      const text = JSON.stringify(event ?? null);
      const bytes = Buffer.byteLength(text);
      if (bytes > LARGEST_EVENT) {
        const why = `${bytes} byte payload is too large for the RequestResponse invocation type (limit ${LARGEST_EVENT} bytes)`;
        throw new AwsError("RequestTooLargeException", why, { status: 413 });
      }
      if (pool.running >= (pool.fn.reservedConcurrency ?? Number.POSITIVE_INFINITY)) {
        throw new AwsError("TooManyRequestsException", "Rate Exceeded.", { status: 429 });
      }
      pool.running += 1;
      try {
        return await run(pool, text, header);
      } finally {
        pool.running -= 1;
      }
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(starting);
      await Promise.all([...sandboxes].map((sandbox) => sandbox.close()));
      guard?.close();
    },
  };
}
