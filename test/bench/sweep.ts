import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { inParallel } from "#shared/pacing/in-parallel.ts";
import { type LocalAccount, startLocalAccount } from "../../local/account.ts";
import { assemble } from "../../local/assembly.ts";
import { newRecord, type RepositorySettings } from "../../local/ecr/settings.ts";
import { type Figure, median } from "./statistics.ts";

const POLICY = `version: 1
templates:
  - prefix: ROOT
    mutability: { mode: IMMUTABLE_WITH_EXCLUSION, exclude: ["dev-*"] }
    scanOnPush: true
    createOn: []
`;
const AT_STANDARD: RepositorySettings = {
  imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
  exclusionFilters: [{ filterType: "WILDCARD", filter: "dev-*" }],
  scanOnPush: true,
  encryption: { encryptionType: "AES256" },
  tags: [],
};
/** One drifted setting each. */
const DRIFTS: readonly Partial<RepositorySettings>[] = [
  { imageTagMutability: "MUTABLE", exclusionFilters: [] },
  { exclusionFilters: [{ filterType: "WILDCARD", filter: "*" }] },
  { scanOnPush: false },
];
const run = promisify(execFile);

interface Swept {
  readonly counts: { readonly repositories: number; readonly putBack: number; readonly failed: number };
  readonly milliseconds: number;
  readonly megabytes: number;
  /** Requests that left the process, by `X-Amz-Target`. */
  readonly calls: Readonly<Record<string, number>>;
}

/**
 * A sweep by the very bundle that is deployed, in a process of its own, on a local account that keeps to the published rates: the number
 * of its calls for 10,000 repositories of which 1 % drifted, beside a loop of one describe for each; and its peak memory from 1,000 to 100,000.
 */
export async function sweep({ runs }: { runs: number }): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-bench-"));
  try {
    const policyFile = join(directory, "policy.yaml");
    await writeFile(policyFile, POLICY);
    const assemblyDir = await assemble({ policyFile, directory });
    const bundle = join(directory, "dist", "reconcile-repositories", "index.cjs");
    const figures = await callsOfTenThousand(assemblyDir, bundle);
    return [...figures, await memory(assemblyDir, bundle, runs)];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function callsOfTenThousand(assemblyDir: string, bundle: string): Promise<Figure[]> {
  const account = await accountWith(assemblyDir, 10_000);
  try {
    const first = await sweepOnce(account, bundle, "first");
    const second = await sweepOnce(account, bundle, "second");
    const loop = await describeOneByOne(account, 10_000);
    const { DescribeRepositories: reads = 0, ...rest } = ecrCalls(first);
    const writes = Object.values(rest).reduce((sum, count) => sum + count, 0);
    return [
      {
        what: `sweep of 10,000 repositories, 100 drifted, ${(first.milliseconds / 1000).toFixed(1)} s: describe calls (10 to read, 1 to read again)`,
        measured: String(reads),
        bound: "10 + 1",
        holds: reads === 11,
      },
      {
        what: `  its writes: ${JSON.stringify(rest)}`,
        measured: String(writes),
        bound: "100",
        holds: writes === 100 && first.counts.putBack === 100 && first.counts.failed === 0,
      },
      {
        what: `  a second sweep, ${(second.milliseconds / 1000).toFixed(1)} s: all its calls to ECR`,
        measured: JSON.stringify(ecrCalls(second)),
        bound: "10 reads",
        holds: JSON.stringify(ecrCalls(second)) === '{"DescribeRepositories":10}',
      },
      {
        what: `  beside it: a loop of one describe per repository, 8 at once, ${(loop.milliseconds / 1000).toFixed(1)} s`,
        measured: `${loop.calls} calls`,
        bound: "-",
        holds: true,
      },
    ];
  } finally {
    await account.close();
  }
}

/** Medians of `runs`: when V8 collects is a matter of luck, and a peak with it. */
async function memory(assemblyDir: string, bundle: string, runs: number): Promise<Figure> {
  const peaks: number[] = [];
  for (const repositories of [1_000, 10_000, 100_000]) {
    const found: number[] = [];
    for (let run = 0; run < runs; run++) {
      const account = await accountWith(assemblyDir, repositories);
      const { megabytes, counts } = await sweepOnce(account, bundle, "memory");
      await account.close();
      if (counts.repositories !== repositories)
        throw new Error(`the sweep saw ${counts.repositories} of ${repositories}`);
      found.push(megabytes);
    }
    peaks.push(median(found));
  }
  const ratio = (peaks.at(-1) ?? Number.NaN) / (peaks[1] ?? Number.NaN);
  return {
    what: `peak memory of a sweep of 1,000, 10,000, 100,000: ${peaks.map((peak) => peak.toFixed(0)).join(", ")} MB; last / middle`,
    measured: ratio.toFixed(2),
    bound: "1.25",
    holds: ratio <= 1.25,
  };
}

/** An account that has these repositories, every hundredth of them drifted. */
async function accountWith(assemblyDir: string, repositories: number): Promise<LocalAccount> {
  const account = await startLocalAccount({ assemblyDir, port: 0, throttle: true });
  const { store } = account.context;
  for (let index = 0; index < repositories; index++) {
    const drift = index % 100 === 0 ? DRIFTS[(index / 100) % DRIFTS.length] : {};
    const settings = { ...AT_STANDARD, ...drift };
    await store.private.createRepository(newRecord(`team-${index % 97}/service-${index}`, new Date(), settings));
  }
  return account;
}

async function sweepOnce(account: LocalAccount, bundle: string, who: string): Promise<Swept> {
  const { accessKeyId, secretAccessKey } = account.user(who);
  const env = {
    PATH: process.env.PATH ?? "",
    AWS_REGION: account.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL: account.endpoints.aws,
    AWS_LAMBDA_FUNCTION_NAME: "bench",
    CREATION_TEMPLATE_ROLE_ARN: `arn:aws:iam::${account.accountId}:role/bench`,
    OWN_QUEUE_URL: `${account.endpoints.aws}/${account.accountId}/bench`,
    // As the stack sets it, with the heap that the local account gives to a function of 256 MB.
    NODE_OPTIONS: "--max-semi-space-size=1 --max-old-space-size=230",
  };
  const child = join(import.meta.dirname, "sweep-child.cjs");
  const args = [child, bundle, JSON.stringify({ mode: "apply" })];
  const { stderr } = await run(process.execPath, args, { env, maxBuffer: 256 * 1024 * 1024 });
  return JSON.parse(stderr.trim().split("\n").at(-1) ?? "");
}

/** By operation of ECR; without the calls on creation templates, which are the same for any number of repositories. */
function ecrCalls({ calls }: Swept): Record<string, number> {
  const operations = Object.entries(calls)
    .filter(([target]) => target.startsWith("AmazonEC2ContainerRegistry_") && !target.includes("CreationTemplate"))
    .map(([target, count]) => [target.split(".").at(-1) ?? "", count] as const);
  return Object.fromEntries(operations);
}

async function describeOneByOne(account: LocalAccount, repositories: number) {
  const { accessKeyId, secretAccessKey } = account.user("loop");
  const credentials = { accessKeyId, secretAccessKey };
  const ecr = new ECRClient({ endpoint: account.endpoints.aws, region: account.region, credentials });
  const names = Array.from({ length: repositories }, (_, index) => `team-${index % 97}/service-${index}`);
  const began = performance.now();
  await inParallel(names, 8, async (name) => {
    await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }));
  });
  ecr.destroy();
  return { calls: names.length, milliseconds: performance.now() - began };
}
