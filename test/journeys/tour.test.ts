import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../support/command.ts";

const start = (...words: string[]) => run(process.execPath, ["local/start.ts", ...words]);

/** Step numbers of what was shown, in order. */
function stepsOf(stdout: string): number[] {
  return [...stdout.matchAll(/^(\d) ✓ /gm)].map(([, step]) => Number(step));
}

describe("npm start -- --once", () => {
  it("plays it where ECR creates nothing on push", async () => {
    const { code, stdout } = await start("--once", "--port", "0", "--no-create-on-push", "--quiet");

    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^1 ✓ a push to team-a\/web, which does not exist, is refused: NAME_UNKNOWN: The repository with name/m,
    );
    expect([...new Set(stepsOf(stdout))]).toEqual([1, 2, 3, 4]);
  });

  it("plays the tour and ends with 0; with a folder keeps everything over restarts, and plays again with another name", async () => {
    const directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-data-"));
    try {
      const first = await start("--once", "--port", "0", "--data", directory);
      const second = await start("--once", "--port", "0", "--quiet", "--data", directory);

      expect([first.code, first.stderr, second.code]).toEqual([0, "", 0]);
      expect([...new Set(stepsOf(first.stdout))]).toEqual([1, 2, 3, 4]);
      expect(first.stdout).toMatch(/AWS API +http:\/\/127\.0\.0\.1:\d+/);
      expect(first.stdout).toContain("pushed team-a/web:v1.0.0");
      expect(second.stdout).toContain("pushed team-a/web-2:v1.0.0");
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  it("tells wrong words in one line, with exit code 2", async () => {
    const { code, stderr } = await start("--port", "many");

    expect(code).toBe(2);
    expect(stderr.trim().split("\n")).toEqual([expect.stringContaining("--port takes a whole number")]);
  });

  it("tells a port that is taken in one line", async () => {
    const { createServer } = await import("node:net");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;

    const { code, stderr } = await start("--once", "--port", String(port));
    server.close();

    expect(code).toBe(1);
    expect(stderr.trim()).toBe(
      `port ${port} is in use by another process; choose one with --port N, or --port 0 for free ones`,
    );
  });
});
