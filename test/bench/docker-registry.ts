import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Certificate } from "./certificate.ts";

/** Debian's docker-registry on a free port of the loopback, plain or, with a certificate, over TLS; keeps its blobs in `root`. */
export async function startDockerRegistry(
  directory: string,
  { name = "registry", certificate }: { name?: string; certificate?: Certificate } = {},
): Promise<{ process: ChildProcess; port: number; root: string }> {
  const port = await freePort();
  const file = join(directory, `${name}.yml`);
  const root = join(directory, name);
  const config = {
    version: 0.1,
    log: { level: "error" },
    storage: { filesystem: { rootdirectory: root } },
    http: {
      addr: `127.0.0.1:${port}`,
      ...(certificate !== undefined && { tls: { certificate: certificate.certificate, key: certificate.key } }),
    },
  };
  // YAML takes JSON.
  await writeFile(file, JSON.stringify(config));
  const child = spawn("docker-registry", ["serve", file], { stdio: "ignore" });
  for (let tries = 0; tries < 100; tries++) {
    if (await answers(port)) return { process: child, port, root };
    await setTimeout(50);
  }
  child.kill();
  throw new Error("docker-registry did not start; is Debian's package docker-registry installed?");
}

/** Ends a process: by the end of its standard input where that is a pipe, else by SIGTERM. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  if (child.stdin === null) child.kill();
  else child.stdin.end();
  await exited;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    }).on("error", () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}
