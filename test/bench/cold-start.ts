import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type Plugin } from "esbuild";
import { bundleFunctions, compiledPolicy, FUNCTIONS, type FunctionName } from "../../infra/bundle.ts";
import { type LocalAccount, startLocalAccount } from "../../local/account.ts";
import { assemble } from "../../local/assembly.ts";
import { readPolicy } from "../../shared/policy/read-policy.ts";
import { type Figure, median, spread } from "./statistics.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const POLICY = join(ROOT, "policies", "example.yaml");
const run = promisify(execFile);

/** What each function is most often called for. */
const EVENTS: Readonly<Record<FunctionName, string>> = {
  "check-account": "schedule",
  "create-repository": "push-to-missing-repository",
  "enforce-mutability": "mutability-changed",
  "mirror-image": "image-pushed",
  "mirror-status": "requests/mirror-status",
  "reconcile-mirrors": "schedule",
  "reconcile-repositories": "schedule",
  "repository-api": "requests/ensure-repository",
  "sync-catalog": "schedule",
};

/**
 * Init plus first call of the largest bundle, against the same handler unbundled, whose packages are loaded whole from
 * node_modules (`import * as`). Both answer the same event with real calls to the local account; run in turn.
 */
export async function coldStart({ runs }: { runs: number }): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-bench-"));
  const assemblyDir = await assemble({ policyFile: POLICY, directory });
  const account = await startLocalAccount({ assemblyDir, port: 0 });
  try {
    const { bundled, unbundled, name } = await bothForms(directory);
    const times: { bundled: number[]; unbundled: number[] } = { bundled: [], unbundled: [] };
    // The first of each only warms the disk's cache.
    for (let turn = 0; turn <= runs; turn++) {
      const pair = {
        bundled: await firstCall(account, name, bundled),
        unbundled: await firstCall(account, name, unbundled),
      };
      if (turn === 0) continue;
      times.bundled.push(pair.bundled);
      times.unbundled.push(pair.unbundled);
    }
    const ratios = times.bundled.map((time, index) => time / (times.unbundled[index] ?? Number.NaN));
    const measured = `${spread(ratios, 2)}`;
    const detail = `${median(times.bundled).toFixed(0)} ms / ${median(times.unbundled).toFixed(0)} ms`;
    return [
      {
        what: `${name}: init + first call, bundled / unbundled, ${detail}`,
        measured,
        bound: "0.45",
        holds: median(ratios) <= 0.45,
      },
    ];
  } finally {
    await account.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function bothForms(directory: string): Promise<{ name: FunctionName; bundled: string; unbundled: string }> {
  const { policy } = readPolicy(await readFile(POLICY, "utf8"), POLICY);
  const bundles = await bundleFunctions({ policy, outDir: join(directory, "bundled") });
  const files = FUNCTIONS.map((name) => ({ name, file: join(bundles.directory(name), "index.cjs") }));
  const sizes = await Promise.all(files.map(async ({ file }) => (await stat(file)).size));
  const { name, file } = files[sizes.indexOf(Math.max(...sizes))] ?? { name: FUNCTIONS[0], file: "" };
  const outdir = join(directory, "unbundled");
  await build({
    absWorkingDir: ROOT,
    entryPoints: [{ in: `functions/${name}/handler.ts`, out: "index" }],
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node24",
    plugins: [compiledPolicy(policy), wholePackages()],
  });
  await symlink(join(ROOT, "node_modules"), join(outdir, "node_modules"));
  return { name, bundled: file, unbundled: join(outdir, "index.mjs") };
}

/** Leaves every package in node_modules, and imports all of it, as `import * as` does. */
function wholePackages(): Plugin {
  return {
    name: "whole-packages",
    setup({ onResolve }) {
      onResolve({ filter: /^[^./#]/ }, ({ path, kind }) => {
        return kind === "entry-point" || path === "policy:compiled" ? undefined : { path, external: true };
      });
    },
  };
}

/** Milliseconds, measured inside a fresh process from its first line to the handler's answer. */
async function firstCall(account: LocalAccount, name: FunctionName, file: string): Promise<number> {
  const { accessKeyId, secretAccessKey } = account.user("bench");
  const event = await readFile(join(ROOT, "events", `${EVENTS[name]}.json`), "utf8");
  const isDirect = EVENTS[name].startsWith("requests/");
  const role = `arn:aws:iam::${account.accountId}:role/bench`;
  const { stderr } = await run(process.execPath, [join(import.meta.dirname, "cold-start-child.cjs"), file], {
    env: {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: account.region,
      AWS_ENDPOINT_URL: account.endpoints.aws,
      CREATION_TEMPLATE_ROLE_ARN: role,
      PULLING_ROLE_ARNS: role,
      MIRROR_QUEUE_URL: `${account.endpoints.aws}/${account.accountId}/bench-mirror`,
      OWN_ROLE_ARNS: role,
      OWN_QUEUE_URL: `${account.endpoints.aws}/${account.accountId}/bench`,
      BENCH_EVENT: isDirect ? event : JSON.stringify({ Records: [{ messageId: "bench", body: event }] }),
    },
  });
  return Number(stderr.trim().split("\n").at(-1));
}
