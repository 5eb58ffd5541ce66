import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Certificate, makeCertificate } from "./certificate.ts";
import { consumedMs } from "./cpu-quota.ts";
import { startDockerRegistry, stop } from "./docker-registry.ts";
import { writeImage } from "./oci-layout.ts";

const run = promisify(execFile);

/** Two docker-registries over TLS, in processes of their own. */
export interface Registries {
  /** Scratch for whoever uses them; it goes with them. */
  readonly directory: string;
  readonly certificate: Certificate;
  /** `127.0.0.1:port` of each. */
  readonly source: string;
  readonly destination: string;
  /** Makes an image of random layers at the source, under `<repository>:bench`. */
  makeImage(repository: string, layers: number, layerMib: number): Promise<void>;
  /** The manifest under `<repository>:bench`, byte by byte, as skopeo reads it there. */
  inspectRaw(where: "source" | "destination", repository: string): Promise<Buffer>;
  /** CPU time that the destination has taken so far. */
  destinationCpuSeconds(): number;
  /** Empties the destination's storage, so that nobody finds anything there. */
  clearDestination(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A source and a destination. Kept in memory where there is a /dev/shm, since a disk's fsync would be most of what is measured; in TMPDIR
 * where that is set.
 */
export async function startRegistries(): Promise<Registries> {
  const parent = process.env.TMPDIR === undefined && existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const directory = await mkdtemp(join(parent, "ecr-autopilot-bench-"));
  const ended: (() => Promise<void>)[] = [() => rm(directory, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of ended) await end();
  };
  try {
    const certificate = await makeCertificate(directory);
    const source = await startDockerRegistry(directory, { name: "source", certificate });
    ended.unshift(() => stop(source.process));
    const destination = await startDockerRegistry(directory, { name: "destination", certificate });
    ended.unshift(() => stop(destination.process));
    const host = `127.0.0.1:${source.port}`;
    return {
      directory,
      certificate,
      source: host,
      destination: `127.0.0.1:${destination.port}`,
      async makeImage(repository, layers, layerMib) {
        const layout = await writeImage(directory, layers, layerMib);
        const copy = ["--insecure-policy", "copy", "--quiet", "--preserve-digests"];
        const trust = `--dest-cert-dir=${certificate.trustFolder}`;
        await run("skopeo", [...copy, trust, `oci:${layout}:bench`, `docker://${host}/${repository}:bench`]);
        await rm(layout, { recursive: true });
      },
      async inspectRaw(where, repository) {
        const { port } = where === "source" ? source : destination;
        const image = `docker://127.0.0.1:${port}/${repository}:bench`;
        const inspect = ["inspect", "--raw", `--cert-dir=${certificate.trustFolder}`, image];
        return (await run("skopeo", inspect, { encoding: "buffer" })).stdout;
      },
      destinationCpuSeconds: () => (consumedMs(destination.process.pid ?? 0) ?? Number.NaN) / 1000,
      async clearDestination() {
        await rm(destination.root, { recursive: true, force: true });
        await mkdir(destination.root);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
