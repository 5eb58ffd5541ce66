import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { folderWith, isRunning } from "./set-up.ts";

it.each([
  ["works without a pause", "for (;;);"],
  ["waits for something", "await new Promise(() => setInterval(() => {}, 1000));"],
  ["has answered and is warm", ""],
])("a process that %s does not outlive its killed parent", async (_, statement) => {
  const codeDir = folderWith({
    "index.cjs": `exports.handler = async () => { process.stdout.write("pid " + process.pid + "\\n"); ${statement} };`,
  });
  const parent = spawn(process.execPath, [join(import.meta.dirname, "parent-process.ts"), codeDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void parent.kill("SIGKILL"));
  let printed = "";
  parent.stdout.on("data", (text) => {
    printed += text;
  });
  const pid = await vi.waitFor(
    () => {
      if (statement === "") expect(printed).toContain("answered");
      return Number(/pid (\d+)/.exec(printed)?.[1] ?? expect.fail(`the function has not started: ${printed}`));
    },
    { timeout: 15_000 },
  );
  expect(isRunning(pid)).toBe(true);

  parent.kill("SIGKILL");

  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 5000 });
});
