import { readdirSync, readFileSync } from "node:fs";

/** Lambda's kernel shares out 20 ms at a time; longer here, since a timer in a busy process is only about that exact. */
const PERIOD_MS = 100;
const LOOK_MS = 2;

/**
 * Holds a process to a share of one processor, as a quota of the kernel does, but without root: it is stopped (SIGSTOP) once it has
 * consumed its share of a period and goes on (SIGCONT) in the next. What it consumed is read from the kernel (Linux, schedstat, in
 * nanoseconds, all threads). What it took too much in one period it lacks in the next, and what it left is lost. Gives the end of it.
 */
export function holdToQuota(pid: number, share: number): () => void {
  let isStopped = false;
  let consumed = consumedMs(pid) ?? 0;
  let periodEnds = performance.now() + PERIOD_MS;
  let balanceMs = PERIOD_MS * share;
  const look = (): void => {
    const now = consumedMs(pid) ?? consumed;
    balanceMs -= now - consumed;
    consumed = now;
    for (; performance.now() >= periodEnds; periodEnds += PERIOD_MS)
      balanceMs = Math.min(0, balanceMs) + PERIOD_MS * share;
    if (isStopped !== balanceMs > 0) return;
    isStopped = !isStopped;
    signal(pid, isStopped ? "SIGSTOP" : "SIGCONT");
  };
  const timer = setInterval(look, LOOK_MS);
  return () => {
    clearInterval(timer);
    if (isStopped) signal(pid, "SIGCONT");
  };
}

/** CPU time of all threads that a process has now (Linux); undefined of one that has ended. */
export function consumedMs(pid: number): number | undefined {
  try {
    const tasks = `/proc/${pid}/task`;
    const consumed = readdirSync(tasks).map((task) =>
      Number.parseInt(readFileSync(`${tasks}/${task}/schedstat`, "utf8"), 10),
    );
    return consumed.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e6;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function signal(pid: number, name: "SIGSTOP" | "SIGCONT"): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ESRCH";
}
