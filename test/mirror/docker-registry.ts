import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface DockerRegistry {
  readonly url: string;
  /** Folder of its storage. */
  readonly root: string;
  close(): Promise<void>;
}

/**
 * Debian's docker-registry on a port that it takes itself, with its storage in a folder of its own. It has neither the referrers API nor
 * OCI-Subject. Errors: it ended before it listened.
 */
export async function startDockerRegistry(directory: string, name: string): Promise<DockerRegistry> {
  const root = join(directory, name);
  const config = {
    version: 0.1,
    // It tells its port at this level.
    log: { level: "info", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: root } },
    http: { addr: "127.0.0.1:0" },
  };
  const file = join(directory, `${name}.yml`);
  // YAML takes JSON.
  await writeFile(file, JSON.stringify(config));
  const child = spawn("docker-registry", ["serve", file], { stdio: ["ignore", "ignore", "pipe"] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line);
    const port = /listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    // Whatever it tells from now on must not fill the pipe.
    child.stderr.resume();
    return {
      url: `http://127.0.0.1:${port}`,
      root,
      async close() {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const exited = once(child, "exit");
        child.kill();
        await exited;
      },
    };
  }
  throw new Error(`docker-registry did not start: ${lines.at(-1) ?? "it said nothing"}`);
}
