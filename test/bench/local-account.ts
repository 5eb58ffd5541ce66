import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { assemble } from "../../local/assembly.ts";
import { startDockerRegistry, stop } from "./docker-registry.ts";
import { writeImage } from "./oci-layout.ts";
import { type Figure, median, spread } from "./statistics.ts";

const run = promisify(execFile);

interface Account {
  readonly process: ChildProcess;
  readonly aws: string;
  readonly privateRegistry: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly credentials: string;
}

/**
 * The local account as a server: skopeo pushes 1 GiB into it on disk, as one layer and as eight, in turn with Debian's
 * docker-registry; 500 describe calls at once; and its peak memory while 4 GiB are pushed. Needs skopeo and docker-registry.
 */
export async function localAccount({ runs }: { runs: number }): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-bench-"));
  const ended: (() => Promise<void>)[] = [() => rm(directory, { recursive: true, force: true })];
  try {
    const assemblyDir = await assemble({ policyFile: "policies/example.yaml", directory });
    const account = await startAccount(assemblyDir, join(directory, "account"));
    ended.unshift(() => stop(account.process));
    const registry = await startDockerRegistry(directory);
    ended.unshift(() => stop(registry.process));

    const figures: Figure[] = [];
    for (const layers of [1, 8]) {
      const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
      for (let turn = 0; turn < runs; turn++) {
        // Fresh bytes each turn: neither side may skip what it holds.
        const image = await writeImage(directory, layers, 1024 / layers);
        const account0 = `docker://${account.privateRegistry.replace("http://", "")}/bench/image:t${layers}-${turn}`;
        times.ours.push(await push(image, account0, account.credentials));
        times.theirs.push(await push(image, `docker://127.0.0.1:${registry.port}/bench/image:t${layers}-${turn}`));
        await rm(image, { recursive: true });
      }
      const ratios = times.ours.map((time, index) => time / (times.theirs[index] ?? Number.NaN));
      figures.push({
        what: `skopeo push of 1 GiB, ${layers} layers, account / docker-registry, ${median(times.ours).toFixed(1)} s / ${median(times.theirs).toFixed(1)} s`,
        measured: spread(ratios, 2),
        bound: "1.2",
        holds: median(ratios) <= 1.2,
      });
    }
    figures.push(await describeAtOnce(account, 500));
    figures.push(await memoryOfPush(account, directory));
    return figures;
  } finally {
    for (const end of ended) await end();
  }
}

async function startAccount(assemblyDir: string, dataDir: string): Promise<Account> {
  const script = join(import.meta.dirname, "serve-account.ts");
  const child = spawn(process.execPath, [script, assemblyDir, dataDir], { stdio: ["pipe", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) return { process: child, ...JSON.parse(line) };
  throw new Error("the local account did not start");
}

/** Seconds. */
async function push(layout: string, to: string, credentials?: string): Promise<number> {
  const began = performance.now();
  await run("skopeo", [
    "--insecure-policy",
    "copy",
    "--preserve-digests",
    "--dest-tls-verify=false",
    ...(credentials === undefined ? [] : [`--dest-creds=${credentials}`]),
    `oci:${layout}:bench`,
    to,
  ]);
  return (performance.now() - began) / 1000;
}

async function describeAtOnce(account: Account, calls: number): Promise<Figure> {
  const { accessKeyId, secretAccessKey } = account;
  const ecr = new ECRClient({
    endpoint: account.aws,
    region: account.region,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
    requestHandler: { httpAgent: { maxSockets: calls } },
  });
  const began = performance.now();
  const answers = await Promise.allSettled(
    Array.from({ length: calls }, () => ecr.send(new DescribeRepositoriesCommand({}))),
  );
  const seconds = (performance.now() - began) / 1000;
  ecr.destroy();
  const failed = answers.filter(({ status }) => status === "rejected").length;
  return {
    what: `${calls} describe calls at once, ${seconds.toFixed(1)} s: errors`,
    measured: String(failed),
    bound: "0",
    holds: failed === 0,
  };
}

async function memoryOfPush(account: Account, directory: string): Promise<Figure> {
  // Linux: forget the peak so far, so that the one that is read is of this push alone.
  await writeFile(`/proc/${account.process.pid}/clear_refs`, "5");
  for (let part = 0; part < 4; part++) {
    const image = await writeImage(directory, 8, 128);
    await push(
      image,
      `docker://${account.privateRegistry.replace("http://", "")}/bench/image:m${part}`,
      account.credentials,
    );
    await rm(image, { recursive: true });
  }
  const status = await readFile(`/proc/${account.process.pid}/status`, "utf8");
  const peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  return {
    what: "peak memory of the account while 4 GiB are pushed (MB)",
    measured: peak.toFixed(0),
    bound: "200",
    holds: peak <= 200,
  };
}
