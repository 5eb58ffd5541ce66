import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { BUNDLING } from "../../infra/bundle.ts";
import { isInstalled } from "../support/command.ts";
import type { Command } from "./measured-process.ts";
import type { Registries } from "./mirror-registries.ts";

const run = promisify(execFile);

/** A program that copies `<repository>:bench` from the source to the destination. */
export interface Client {
  /** With its version, as it is printed. */
  readonly name: string;
  copy(repository: string): Command;
}

/** Ours, and the others that are installed; skopeo is always among them. */
export async function makeClients(registries: Registries): Promise<{ ours: Client; others: readonly Client[] }> {
  const others = [await makeSkopeo(registries)];
  if (isInstalled("crane")) others.push(await makeCrane(registries));
  return { ours: await makeOurs(registries), others };
}

/**
 * Runs a script of this folder as the functions are run: bundled as infra/bundle.ts does it, on this Node.js, with the option that the
 * stack gives to the mirror function.
 */
export async function bundled(
  name: "mirror-child" | "layer-part-child",
  { directory, certificate }: Registries,
): Promise<(...args: readonly string[]) => Command> {
  const outfile = join(directory, `${name}.cjs`);
  await build({
    ...BUNDLING,
    entryPoints: [join("test", "bench", `${name}.ts`)],
    outfile,
  });
  return (...args) => ({
    line: [process.execPath, "--max-semi-space-size=1", outfile, ...args],
    env: { NODE_EXTRA_CA_CERTS: certificate.authority },
  });
}

async function makeOurs(registries: Registries): Promise<Client> {
  const child = await bundled("mirror-child", registries);
  const [source, destination] = [`https://${registries.source}`, `https://${registries.destination}`];
  return {
    name: `ours on Node.js ${process.versions.node}`,
    copy: (repository) => child(source, destination, repository),
  };
}

async function makeSkopeo({ source, destination, certificate, directory }: Registries): Promise<Client> {
  const { stdout } = await run("skopeo", ["--version"]);
  const trust = [`--src-cert-dir=${certificate.trustFolder}`, `--dest-cert-dir=${certificate.trustFolder}`];
  let copies = 0;
  return {
    name: stdout.trim(),
    copy(repository) {
      copies += 1;
      const [from, to] = [source, destination].map((host) => `docker://${host}/${repository}:bench`);
      return {
        line: ["skopeo", "--insecure-policy", "copy", "--quiet", "--preserve-digests", ...trust, from ?? "", to ?? ""],
        // It remembers where blobs are; a folder of its own for each copy, also for root, whose folder is fixed otherwise.
        env: { XDG_DATA_HOME: join(directory, `skopeo-${copies}`), _CONTAINERS_ROOTLESS_UID: "1000" },
      };
    },
  };
}

async function makeCrane({ source, destination, certificate }: Registries): Promise<Client> {
  const { stdout } = await run("crane", ["version"]);
  return {
    name: `crane ${stdout.trim()}`,
    copy: (repository) => ({
      line: ["crane", "copy", `${source}/${repository}:bench`, `${destination}/${repository}:bench`],
      env: { SSL_CERT_FILE: certificate.authority },
    }),
  };
}
