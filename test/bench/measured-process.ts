import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A command and its environment, which is added to ours. */
export interface Command {
  readonly line: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
}

/** A whole process, as the kernel accounts for it: start-up included, children that it waited for too. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakMb: number;
  readonly stdout: string;
}

/** Runs a command to its end under GNU time (seconds to the hundredth). Errors: its exit code, with what it wrote to stderr. */
export async function runMeasured({ line, env }: Command, directory: string): Promise<Usage> {
  const file = join(directory, "usage");
  const { stdout } = await run("time", ["-q", "-f", "%U %S %e %M", "-o", file, ...line], {
    env: { ...process.env, ...env },
  });
  const [user = 0, system = 0, wallSeconds = 0, peakKiB = 0] = (await readFile(file, "utf8")).split(" ").map(Number);
  await rm(file);
  return { cpuSeconds: user + system, wallSeconds, peakMb: (peakKiB * 1024) / 1e6, stdout };
}
