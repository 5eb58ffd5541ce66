import { runMeasured, type Usage } from "./measured-process.ts";
import { type Client, makeClients } from "./mirror-clients.ts";
import { atQuota } from "./mirror-quota.ts";
import { type Registries, startRegistries } from "./mirror-registries.ts";
import { type Figure, median, spread } from "./statistics.ts";

/** Bounds of what ours takes, as a share of what skopeo 1.9 (Debian 12) takes. */
const SHAPES = [
  { layers: 1, layerMib: 1024, cpu: 0.42, wall: 0.55 },
  { layers: 8, layerMib: 128, cpu: 0.55, wall: 0.75 },
];
/** Peak memory of a copy, whatever the size of the image. */
const MEMORY_MB = 128;
const MOST_REQUESTS = 3;

/**
 * The mirror's copy path, side by side with `skopeo copy`, and with crane where it is installed, between the same two registries over
 * TLS. In each turn every client copies into an empty destination. CPU and wall time are those of the whole process, as the kernel
 * accounts for it, less what the same client takes for an image without layers: a Lambda function is warm.
 */
export async function mirror({ runs }: { runs: number }): Promise<Figure[]> {
  const registries = await startRegistries();
  try {
    const { ours, others } = await makeClients(registries);
    const clients = [ours, ...others];
    console.log(`clients: ${clients.map(({ name }) => name).join(", ")}; storage in ${registries.directory}`);
    await registries.makeImage("empty", 0, 0);
    const startUps = await inTurn(registries, clients, "empty", runs);
    for (const client of clients) printTurns(client, "an image without layers (start-up)", startUps.get(client) ?? []);

    const figures: Figure[] = [];
    for (const { layers, layerMib, ...bounds } of SHAPES) {
      const repository = `layers-${layers}`;
      await registries.makeImage(repository, layers, layerMib);
      const turns = await inTurn(registries, clients, repository, runs);
      const image = `${layers} x ${layerMib} MiB`;
      const copies = new Map(clients.map((client) => [client, without(startUps.get(client), turns.get(client))]));
      for (const client of clients) printTurns(client, image, copies.get(client) ?? []);
      for (const other of others) figures.push(...ratios(image, copies.get(ours), copies.get(other), other, bounds));
      figures.push(memory(image, copies.get(ours) ?? []));
    }
    figures.push(...(await largeLayer(registries, ours, 2048)), await nothingToDo(registries, ours));
    return [...figures, ...(await atQuota(registries, ours, runs))];
  } finally {
    await registries.close();
  }
}

interface Turn extends Usage {
  /** What the destination took meanwhile. One layer cannot be copied in less time than this: a registry takes it in one thread. */
  readonly destinationCpuSeconds: number;
}

/** Each client once a turn, in an order that changes: what one leaves behind (heat, caches) falls on the other as often. */
async function inTurn(
  registries: Registries,
  clients: readonly Client[],
  repository: string,
  runs: number,
): Promise<ReadonlyMap<Client, Turn[]>> {
  const turns = new Map(clients.map((client): [Client, Turn[]] => [client, []]));
  for (let turn = 0; turn < runs; turn++) {
    for (const client of turn % 2 === 0 ? clients : clients.toReversed()) {
      await registries.clearDestination();
      const before = registries.destinationCpuSeconds();
      const usage = await runMeasured(client.copy(repository), registries.directory);
      turns.get(client)?.push({ ...usage, destinationCpuSeconds: registries.destinationCpuSeconds() - before });
    }
  }
  return turns;
}

/** Time and CPU of the copies themselves; peak memory is that of the whole. */
function without(startUps: readonly Turn[] = [], turns: readonly Turn[] = []): Turn[] {
  const cpu = median(startUps.map(({ cpuSeconds }) => cpuSeconds));
  const wall = median(startUps.map(({ wallSeconds }) => wallSeconds));
  return turns.map((usage) => ({
    ...usage,
    cpuSeconds: usage.cpuSeconds - cpu,
    wallSeconds: usage.wallSeconds - wall,
  }));
}

function printTurns({ name }: Client, image: string, turns: readonly Turn[]): void {
  const told = [
    `CPU ${spread(
      turns.map(({ cpuSeconds }) => cpuSeconds),
      2,
    )} s`,
    `wall ${spread(
      turns.map(({ wallSeconds }) => wallSeconds),
      2,
    )} s`,
    `peak ${spread(turns.map(({ peakMb }) => peakMb))} MB`,
    `the destination's CPU ${spread(
      turns.map(({ destinationCpuSeconds }) => destinationCpuSeconds),
      2,
    )} s`,
  ];
  console.log(`     ${image}: ${name}: ${told.join(", ")}`);
}

/** The bounds are against skopeo 1.9; beside any other client ours is only to be the smaller one. */
function ratios(
  image: string,
  ours: readonly Usage[] = [],
  theirs: readonly Usage[] = [],
  { name }: Client,
  bounds: { cpu: number; wall: number },
): Figure[] {
  const isReference = name.startsWith("skopeo version 1.9.");
  return (["cpu", "wall"] as const).map((kind) => {
    const of = (usage: Usage | undefined) => usage?.[`${kind}Seconds`] ?? Number.NaN;
    const turns = ours.map((usage, turn) => of(usage) / of(theirs[turn]));
    const bound = isReference ? bounds[kind] : 1;
    const what = `${image}: ${kind === "cpu" ? "CPU" : "wall"}, ours / ${name}`;
    return { what, measured: spread(turns, 2), bound: String(bound), holds: median(turns) <= bound };
  });
}

function memory(image: string, turns: readonly Usage[]): Figure {
  const peaks = turns.map(({ peakMb }) => peakMb);
  const what = `${image}: peak memory of ours (MB)`;
  return { what, measured: spread(peaks), bound: String(MEMORY_MB), holds: Math.max(...peaks) <= MEMORY_MB };
}

/** Peak memory, and that what was copied is what was there. Errors: what skopeo says of an image that it cannot read. */
async function largeLayer(registries: Registries, ours: Client, layerMib: number): Promise<Figure[]> {
  await registries.makeImage("large", 1, layerMib);
  await registries.clearDestination();
  const image = `1 x ${layerMib} MiB`;
  const usage = await runMeasured(ours.copy("large"), registries.directory);
  return [memory(image, [usage]), await equality(registries, image, "large")];
}

/** The manifest holds the digest and the size of each blob, and a registry takes no blob under another digest. */
async function equality(registries: Registries, image: string, repository: string): Promise<Figure> {
  const source = await registries.inspectRaw("source", repository);
  const copy = await registries.inspectRaw("destination", repository);
  const isEqual = source.length > 0 && source.equals(copy);
  return {
    what: `${image}: skopeo inspect --raw of source and copy`,
    measured: `${isEqual ? "equal" : "different"}, ${source.length} and ${copy.length} bytes`,
    bound: "equal",
    holds: isEqual,
  };
}

/** The second of two copies. On AWS the third request is the description of the public repository; the child counts it too. */
async function nothingToDo(registries: Registries, ours: Client): Promise<Figure> {
  await registries.clearDestination();
  await runMeasured(ours.copy("empty"), registries.directory);
  const { stdout } = await runMeasured(ours.copy("empty"), registries.directory);
  const { outcome, requests } = JSON.parse(stdout) as { outcome: string; requests: number };
  return {
    what: `requests of a copy with nothing to do (outcome '${outcome}')`,
    measured: String(requests),
    bound: String(MOST_REQUESTS),
    holds: outcome === "unchanged" && requests <= MOST_REQUESTS,
  };
}
