/** The command line: `npx ecr-autopilot`. docs/cli.md tells of it. */
import packageJson from "../package.json" with { type: "json" };
import { EXIT } from "./exit-codes.ts";
import { runProgram } from "./program.ts";

const interruption = new AbortController();
process.on("SIGINT", () => {
  // Whoever asks twice does not want to wait.
  if (interruption.signal.aborted) process.exit(EXIT.interrupted);
  interruption.abort(new Error("interrupted"));
});
// `ecr-autopilot status | head` reads what it wants, and goes.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(process.exitCode ?? EXIT.done);
  });
}

runProgram(
  process.argv.slice(2),
  {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: interruption.signal,
  },
  packageJson.version,
).then((exitCode) => {
  process.exitCode = exitCode;
  // What still runs then is what was interrupted.
  if (interruption.signal.aborted) process.exit(exitCode);
});
