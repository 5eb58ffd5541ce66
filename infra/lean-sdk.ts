import { readFile } from "node:fs/promises";
import { build, type OnLoadResult, type Plugin } from "esbuild";
import { CUTS } from "./sdk-cuts.ts";

/** One module that the bundles do without, or with less of. */
export interface Cut {
  /** Path under node_modules; `*` stands for a part of a name. */
  readonly module: string;
  /** Why it is never reached, or makes no difference, in a Node.js Lambda function with its credentials in its environment. */
  readonly why: string;
  /**
   * Source of the exports that are still needed; `never(what)` is there to raise an error. Every other export of the module raises one as
   * soon as it is called or constructed.
   */
  readonly instead?: string;
  /** Or: the module's text, with less in it. */
  readonly edit?: (source: string) => string;
}

/** Where the stubs get `never` from. */
const NEVER = "lean-sdk:never";

const NEVER_SOURCE = `export function never(what) {
  throw new Error(what + " is left out of the bundles; infra/sdk-cuts.ts says why");
}`;

/**
 * Leaves out of the bundles what the SDK carries for other places than a Lambda function. What is reached after all raises an error that
 * names it.
 *
 * The build fails when an update of the SDK has moved what is cut: when a cut finds no module, changes nothing in it, or
 * replaces an export that is not there.
 */
export function leanSdk(cuts: readonly Cut[] = CUTS): Plugin {
  return {
    name: "lean-sdk",
    setup({ onStart, onResolve, onLoad, onEnd }) {
      const found = new Set<Cut>();
      onStart(() => found.clear());
      onResolve({ filter: new RegExp(`^${NEVER}$`) }, ({ path }) => ({ path, namespace: "lean-sdk" }));
      onLoad({ filter: /.*/, namespace: "lean-sdk" }, () => ({ contents: NEVER_SOURCE }));
      for (const cut of cuts) {
        onLoad({ filter: filterOf(cut) }, ({ path }) => {
          found.add(cut);
          return cut.edit === undefined ? stub(cut, path) : edit(cut.edit, path);
        });
      }
      onEnd(() => ({
        errors: cuts
          .filter((cut) => !found.has(cut))
          .map(({ module }) => ({ text: `no bundle has a module ${module}` })),
      }));
    },
  };
}

function filterOf({ module }: Cut): RegExp {
  const path = module
    .split("/")
    .map((name) => name.replaceAll(".", "\\.").replaceAll("*", "[^\\\\/]+"))
    .join("[\\\\/]");
  return new RegExp(`[\\\\/]node_modules[\\\\/]${path}$`);
}

async function edit(change: (source: string) => string, path: string): Promise<OnLoadResult> {
  const source = await readFile(path, "utf8");
  const contents = change(source);
  if (contents === source) return { errors: [{ text: `nothing to cut in ${path}` }] };
  return { contents, loader: path.endsWith(".json") ? "json" : "js" };
}

async function stub({ instead = "" }: Cut, path: string): Promise<OnLoadResult> {
  const names = await exportsOf(await readFile(path, "utf8"));
  const kept = await exportsOf(instead);
  const unknown = kept.filter((name) => !names.includes(name));
  if (unknown.length > 0) return { errors: [{ text: `${path} does not export ${unknown.join(", ")}` }] };
  const stubs = names
    .filter((name) => !kept.includes(name))
    .map((name) => `export function ${name}() { never("${name}"); }`);
  return { contents: [`import { never } from "${NEVER}";`, instead, ...stubs].join("\n") };
}

/** Names that a module exports. (`export *` is not among them: no module with it is cut.) */
async function exportsOf(source: string): Promise<string[]> {
  const { metafile } = await build({ stdin: { contents: source }, format: "esm", write: false, metafile: true });
  return Object.values(metafile.outputs).flatMap((output) => output.exports);
}
