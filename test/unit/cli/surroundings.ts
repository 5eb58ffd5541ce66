/** What surrounds the program in a test: text in memory. */
import { PassThrough, Readable } from "node:stream";
import type { Surroundings } from "../../../cli/session.ts";

export interface TestSurroundings extends Surroundings {
  readonly told: () => { readonly stdout: string; readonly stderr: string };
  readonly interrupt: () => void;
}

export function testSurroundings({
  stdin = "",
  env = {},
  columns,
}: {
  stdin?: string;
  env?: Record<string, string>;
  columns?: number;
} = {}): TestSurroundings {
  const interruption = new AbortController();
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  if (columns !== undefined) for (const stream of [stdout, stderr]) Object.assign(stream, { isTTY: true, columns });
  const texts = { stdout: "", stderr: "" };
  stdout.on("data", (chunk) => {
    texts.stdout += chunk;
  });
  stderr.on("data", (chunk) => {
    texts.stderr += chunk;
  });
  return {
    ...{ stdout, stderr, env },
    stdin: Readable.from([stdin]),
    signal: interruption.signal,
    told: () => ({ ...texts }),
    interrupt: () => interruption.abort(new Error("interrupted")),
  };
}
