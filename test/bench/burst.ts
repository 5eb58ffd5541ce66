import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalAccount, startLocalAccount } from "../../local/account.ts";
import { assemble } from "../../local/assembly.ts";
import { defaultSettings, newRecord } from "../../local/ecr/settings.ts";
import { imageOf, partOf } from "../support/image-parts.ts";
import type { Figure } from "./statistics.ts";

const POLICY = `version: 1
mirror:
  - source: burst/*
    tags: { include: ["*"] }
    destination: "burst-{name}"
`;
const PUSHES = 500;
const REPOSITORIES = 10;
/** What ECR Public lets through in a second: of layers that begin, of layers that end, of manifests. */
const RATE = 10;
const PATIENCE_MS = 900_000;

/**
 * 500 pushes at once, on a local account that keeps to the published rates: how long they take to drain, beside the time that the rates alone
 * ask for, and what was lost or given up.
 */
export async function burst(): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-bench-"));
  try {
    const policyFile = join(directory, "policy.yaml");
    await writeFile(policyFile, POLICY);
    const account = await startLocalAccount({
      assemblyDir: await assemble({ policyFile, directory }),
      port: 0,
      throttle: true,
    });
    try {
      return await drain(account);
    } finally {
      await account.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function drain(account: LocalAccount): Promise<Figure[]> {
  const counts: Record<string, number> = {};
  let mirrored = 0;
  const done = Promise.withResolvers<void>();
  account.timeline.onEntry(({ kind, what }) => {
    if (kind !== "decision" && kind !== "failure") return;
    counts[what] = (counts[what] ?? 0) + 1;
    if (what === "image-mirrored") mirrored += 1;
    if (mirrored >= PUSHES) done.resolve();
  });
  const began = performance.now();
  for (let index = 0; index < PUSHES; index++) await pushPastTheRates(account, `burst/r${index % REPOSITORIES}`, index);
  const patience = setTimeout(() => done.reject(new Error(`only ${mirrored} were mirrored`)), PATIENCE_MS);
  await done.promise;
  clearTimeout(patience);
  const seconds = (performance.now() - began) / 1000;

  const tags = account.context.store.public
    .repositories()
    .reduce((sum, { name }) => sum + account.context.store.public.tags(name).length, 0);
  // Each image begins two blobs, its config and its layer, and writes its manifest by digest and by tag.
  const least = (2 * PUSHES) / RATE;
  return [
    {
      what: `${PUSHES} pushes at once, drained at ECR Public's rates, ${JSON.stringify(counts)}; seconds, of at least ${least}`,
      measured: seconds.toFixed(0),
      bound: `${2 * least}`,
      holds: seconds <= 2 * least,
    },
    {
      what: "  public tags, and dead letters",
      measured: `${tags}, ${account.deadLetters()}`,
      bound: `${PUSHES}, 0`,
      holds: tags === PUSHES && account.deadLetters() === 0,
    },
  ];
}

/** A push whose own calls are not held to the rates, so that all of them come at once. */
async function pushPastTheRates({ context }: LocalAccount, repository: string, index: number): Promise<void> {
  const { private: registry } = context.store;
  if (registry.repository(repository) === undefined) {
    await registry.createRepository(newRecord(repository, new Date(), defaultSettings));
  }
  const image = imageOf([partOf(`layer ${index}`)]);
  for (const { digest, bytes } of image.blobs) {
    const upload = await registry.startUpload(repository);
    await registry.appendUpload(repository, upload, bytes);
    await registry.finishUpload(repository, upload, digest);
  }
  const { bytes, mediaType, digest } = image;
  await registry.putManifest({ repository, bytes, mediaType, digest, tag: `v${index}` });
}
