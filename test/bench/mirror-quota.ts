import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { holdToQuota } from "./cpu-quota.ts";
import { stop } from "./docker-registry.ts";
import type { Command } from "./measured-process.ts";
import { bundled, type Client } from "./mirror-clients.ts";
import type { Registries } from "./mirror-registries.ts";
import { type Figure, median, spread } from "./statistics.ts";

/** What Lambda gives a function of 512 MB: 512 / 1769 of a processor. */
const SHARE = 0.29;
const MIB = 128;
/** Megabytes a second. */
const SLOWEST = 45;

/**
 * Throughput at the CPU quota of a small Lambda function: our copy, and beside it the path that the SDK offers, UploadLayerPart, whose
 * sink does next to nothing. Both copy one layer of 128 MiB out of the same registry.
 */
export async function atQuota(registries: Registries, ours: Client, runs: number): Promise<Figure[]> {
  await registries.makeImage("quota", 1, MIB);
  const sink = await startSink(registries);
  try {
    const layerPart = await bundled("layer-part-child", registries);
    const rates: Record<"copy" | "layerPart" | "share", number[]> = { copy: [], layerPart: [], share: [] };
    for (let turn = 0; turn < runs; turn++) {
      await registries.clearDestination();
      const copy = await runAtQuota(ours.copy("quota"));
      const part = await runAtQuota(layerPart(`https://${registries.source}`, sink.url, "quota"));
      rates.copy.push((MIB * 1.048576) / copy.seconds);
      rates.layerPart.push((MIB * 1.048576) / part.seconds);
      rates.share.push(copy.cpuSeconds / copy.seconds, part.cpuSeconds / part.seconds);
    }
    const beside = `the SDK's UploadLayerPart ${spread(rates.layerPart, 0)}`;
    return [
      {
        what: `MB/s at ${SHARE} of a processor (held: ${spread(rates.share, 2)}); ${beside}`,
        measured: spread(rates.copy, 0),
        bound: `at least ${SLOWEST}`,
        holds: median(rates.copy) >= SLOWEST,
      },
    ];
  } finally {
    await stop(sink.process);
  }
}

/** What the child says of the copy itself; its start-up runs under the quota too, and is not counted. */
async function runAtQuota({
  line: [program, ...args],
  env,
}: Command): Promise<{ seconds: number; cpuSeconds: number }> {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
  const release = child.pid === undefined ? () => {} : holdToQuota(child.pid, SHARE);
  try {
    return JSON.parse(await text(child.stdout));
  } finally {
    release();
  }
}

async function startSink({ certificate }: Registries) {
  const script = join(import.meta.dirname, "layer-part-sink.ts");
  const child = spawn(process.execPath, [script, certificate.certificate, certificate.key], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  for await (const port of createInterface({ input: child.stdout })) {
    return { process: child, url: `https://127.0.0.1:${port}` };
  }
  throw new Error("the sink of layer parts did not start");
}
