import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import { openApiDocument } from "#shared/api/document/open-api.ts";
import type { Policy } from "#shared/policy/schema.ts";
import { leanSdk } from "./lean-sdk.ts";
import { type CatalogToWrite, withoutTexts, writeCatalog } from "./write-catalog.ts";

/** The functions of the stack: each is a folder under functions/ with a handler.ts. */
export const FUNCTIONS = [
  "check-account",
  "create-repository",
  "enforce-mutability",
  "mirror-image",
  "mirror-status",
  "reconcile-mirrors",
  "reconcile-repositories",
  "repository-api",
  "sync-catalog",
] as const;

export type FunctionName = (typeof FUNCTIONS)[number];

export interface Bundles {
  /** Folder of a function's code: index.cjs alone, of the API also openapi.json, of sync-catalog also the folder catalog. */
  readonly directory: (name: FunctionName) => string;
  readonly metafile: Metafile;
}

const ROOT = resolve(import.meta.dirname, "..");

/**
 * How a bundle is made: CommonJS, minified, the SDK included, but for what no function reaches (lean-sdk.ts). Init plus first call of a
 * function took 70 ms so, against 119 ms for ES modules and 180 ms unbundled (`npm run bench` measures it anew).
 */
export const BUNDLING: BuildOptions = {
  absWorkingDir: ROOT,
  outExtension: { ".js": ".cjs" },
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node24",
  mainFields: ["module", "main"],
  minify: true,
  // Names reach the logs as error names; mangling them would make every AutopilotError an `e`.
  keepNames: false,
  legalComments: "none",
  logLevel: "warning",
  supported: { "dynamic-import": false },
};

/**
 * Bundles every function with this policy into `outDir/<function>/index.cjs`, and writes esbuild's metafile beside them, and what the policy says of
 * public pages (`catalog`; nothing when it is not given) beside the code of the one that writes them. Nothing in the
 * output depends on where or when it was built, so that the same source gives the same asset hash.
 */
export async function bundleFunctions(options: {
  policy: Policy;
  outDir: string;
  catalog?: CatalogToWrite;
}): Promise<Bundles> {
  await rm(options.outDir, { recursive: true, force: true });
  const { metafile } = await build({
    ...BUNDLING,
    entryPoints: FUNCTIONS.map((name) => ({ in: `functions/${name}/handler.ts`, out: `${name}/index` })),
    outdir: options.outDir,
    metafile: true,
    plugins: [compiledPolicy(options.policy), leanSdk()],
  });
  await mkdir(options.outDir, { recursive: true });
  await writeFile(join(options.outDir, "metafile.json"), JSON.stringify(metafile));
  await writeFile(join(options.outDir, "repository-api", "openapi.json"), JSON.stringify(openApiDocument()));
  await writeCatalog(
    join(options.outDir, "sync-catalog", "catalog"),
    options.catalog ?? { pages: new Map(), logos: new Map() },
  );
  return { directory: (name) => join(options.outDir, name), metafile };
}

/**
 * Puts the validated policy in place of `policy:compiled`, as data and without the texts of public pages, and the hash of all of it in place of
 * `policy:hash`.
 */
export function compiledPolicy(policy: Policy): Plugin {
  const text = JSON.stringify(policy);
  const modules: Readonly<Record<string, string>> = {
    "policy:compiled": JSON.stringify(withoutTexts(policy)),
    "policy:hash": JSON.stringify(`sha256:${createHash("sha256").update(text).digest("hex")}`),
  };
  return {
    name: "compiled-policy",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^policy:(compiled|hash)$/ }, ({ path }) => ({ path, namespace: "policy" }));
      onLoad({ filter: /.*/, namespace: "policy" }, ({ path }) => ({ contents: modules[path] ?? "", loader: "json" }));
    },
  };
}
