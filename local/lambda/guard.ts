import { spawn } from "node:child_process";

export interface Guard {
  /** These processes must not outlive this one. */
  watch(pids: readonly number[]): void;
  /** For when they have ended. */
  close(): void;
}

/**
 * Kills processes when this one is gone, in whatever way. A sandbox ends by itself when it next speaks to its Runtime API, but a handler
 * in an endless loop never does, and a killed parent cannot see to it. So a shell holds the list: its input ends with
 * our process, and then it kills what was last on it. Away from our process group, so that Ctrl-C does not end it before its time.
 */
export function startGuard(): Guard {
  const script = 'while read -r line; do pids=$line; done; [ -z "$pids" ] || kill -9 $pids 2>/dev/null';
  const shell = spawn("/bin/sh", ["-c", script], { stdio: ["pipe", "ignore", "ignore"], detached: true, env: {} });
  shell.unref();
  // Without a shell (Windows) only the Runtime API ends a sandbox.
  shell.on("error", () => {});
  // A guard that was killed is one guard less, and no reason to fail: the list has no reader any more.
  shell.stdin.on("error", () => {});
  return {
    watch: (pids) => void shell.stdin.write(`${pids.join(" ")}\n`),
    close() {
      shell.stdin.end("\n");
    },
  };
}
