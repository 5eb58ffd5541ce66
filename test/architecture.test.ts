import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import type { Metafile } from "esbuild";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bundles, bundleFunctions, FUNCTIONS, type FunctionName } from "../infra/bundle.ts";
import { emptyPolicy } from "./support/empty-policy.ts";

const ROOT = join(import.meta.dirname, "..");
const KB = 1024;

/** Who may import whom, among rooms. What is not listed may import nothing of ours. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  functions: [
    "api",
    "lambda",
    "catalog",
    "mirror",
    "ecr",
    "messaging",
    "registry",
    "standards",
    "trail",
    "pacing",
    "policy",
    "events",
    "observability",
    "errors",
  ],
  "shared/api": ["policy"],
  "shared/lambda": ["api", "events", "observability", "errors"],
  "shared/catalog": ["mirror", "registry", "ecr", "pacing", "policy", "errors"],
  "shared/mirror": ["registry", "ecr", "pacing", "policy", "errors"],
  "shared/standards": ["ecr", "pacing", "policy", "errors"],
  "shared/ecr": ["pacing", "errors"],
  "shared/trail": ["errors"],
  "shared/messaging": ["observability", "errors"],
  "shared/registry": ["pacing", "errors"],
  "shared/pacing": [],
  "shared/policy": ["errors"],
  "shared/events": ["errors"],
  "shared/observability": ["errors"],
  "shared/errors": [],
};

/** Packages, by how their names begin, that only these rooms import in what is bundled; and each of them does. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  "@aws-sdk/": ["shared/ecr", "shared/messaging", "shared/trail"],
  "@aws-sdk/client-cloudtrail": ["shared/trail"],
  "@aws-sdk/client-ecr": ["shared/ecr"],
  "@aws-sdk/client-eventbridge": ["shared/messaging"],
  "@aws-sdk/client-lambda": ["shared/messaging"],
  "@aws-sdk/client-sqs": ["shared/messaging"],
  "@middy/": ["shared/lambda"],
  "@aws-lambda-powertools/": ["shared/observability"],
  valibot: ["shared/events"],
  "zod/mini": ["shared/api"],
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly original: string;
}

/** Every import of our own source files, types left out, each with both paths from the project's root. */
function importsOf(metafile: Metafile): Import[] {
  return Object.entries(metafile.inputs)
    .map(([path, input]) => [relative(ROOT, join(ROOT, path)), input] as const)
    .filter(([path]) => !path.includes("node_modules"))
    .flatMap(([from, { imports }]) =>
      imports.map(({ path, original = path }) => ({ from, to: path.replace(/^.*?node_modules\//, ""), original })),
    );
}

/** `shared/ecr/errors.ts` is in room `shared/ecr`, `functions/x/y.ts` in `functions`. */
function roomOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first === "shared" ? `shared/${second.replace(/\.ts$/, "")}` : first;
}

let directory: string;
let bundles: Bundles;
let imports: Import[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-architecture-"));
  bundles = await bundleFunctions({ policy: emptyPolicy(), outDir: directory });
  imports = importsOf(bundles.metafile);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe("imports in the bundles", () => {
  it("go one way between rooms", () => {
    const wrong = imports.filter(({ from, to }) => {
      if (!/^(shared|functions|local|cli|infra|test)\//.test(to) || roomOf(from) === roomOf(to)) return false;
      return !(MAY_IMPORT[roomOf(from)] ?? []).some((room) => roomOf(to) === `shared/${room}`);
    });

    expect(imports.length).toBeGreaterThan(30);
    expect(wrong).toEqual([]);
  });

  it("never lead from one function to another", () => {
    const functionOf = (path: string) => /^functions\/([^/]+)\//.exec(path)?.[1];
    const wrong = imports.filter(
      ({ from, to }) => functionOf(from) && functionOf(to) && functionOf(from) !== functionOf(to),
    );

    expect(wrong).toEqual([]);
  });

  it.each(Object.entries(ONLY_IN))("reach %s from %j alone", (prefix, rooms) => {
    const importers = imports.filter(({ to, original }) => to.startsWith(prefix) || original.startsWith(prefix));

    expect([...new Set(importers.map(({ from }) => roomOf(from)))].sort()).toEqual(rooms);
  });

  it("never bring what reads a policy or makes a document: zod's whole, YAML, and the rules of both", () => {
    const inputs = Object.keys(bundles.metafile.inputs);
    const forBuilds = /node_modules\/(zod\/v4\/classic|yaml)\/|shared\/(policy\/(schema|read-policy)|api\/document)/;

    expect(inputs.filter((path) => forBuilds.test(path))).toEqual([]);
  });

  it("never bring what reads Markdown, HTML and logos, which is done when the functions are built", () => {
    const inputs = Object.keys(bundles.metafile.inputs);

    expect(inputs.filter((path) => /node_modules\/(micromark|parse5)|shared\/catalog\/compile/.test(path))).toEqual([]);
    expect(inputs).toContain("shared/catalog/render-text.ts");
  });

  it("bring zod to the API alone, whose OpenAPI document is made of its schemas", () => {
    const withZod = Object.entries(bundles.metafile.outputs).filter(([, { inputs }]) =>
      Object.keys(inputs).some((path) => path.includes("node_modules/zod/")),
    );

    expect(withZod.map(([path]) => path.split("/").at(-2))).toEqual(["repository-api"]);
  });
});

describe("a bundle", () => {
  it.each(FUNCTIONS)("%s is at most 260 KB, 80 KB compressed", async (name: FunctionName) => {
    const code = await readFile(join(bundles.directory(name), "index.cjs"));

    expect(code.length).toBeLessThanOrEqual(260 * KB);
    expect(gzipSync(code).length).toBeLessThanOrEqual(80 * KB);
  });

  it("is the same, byte for byte, when it is made again", async () => {
    const again = join(directory, "again");
    const policy = emptyPolicy();
    await bundleFunctions({ policy, outDir: again });

    for (const name of FUNCTIONS) {
      const [first, second] = await Promise.all(
        [bundles.directory(name), join(again, name)].map((folder) => readFile(join(folder, "index.cjs"), "utf8")),
      );
      expect(second).toBe(first);
    }
  });
});

describe("the local account", () => {
  it("shares no code with what it tests", async () => {
    const { metafile } = await build({
      absWorkingDir: ROOT,
      entryPoints: ["local/start.ts", "local/invoke.ts"],
      outdir: directory,
      write: false,
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      metafile: true,
      logLevel: "silent",
    });
    const wrong = importsOf(metafile).filter(({ to }) => /^(shared|functions|infra)\//.test(to));

    expect(wrong).toEqual([]);
  });
});

describe("the command line", () => {
  it("is made of what is shared, and of no function, no Lambda and no local account", async () => {
    const { metafile } = await build({
      absWorkingDir: ROOT,
      entryPoints: ["cli/ecr-autopilot.ts"],
      outdir: directory,
      write: false,
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      metafile: true,
      logLevel: "silent",
    });
    const found = importsOf(metafile);
    const clients = found.filter(({ to }) => to.startsWith("@aws-sdk/")).map(({ from }) => roomOf(from));

    expect(found.filter(({ to }) => /^(functions|local|infra|test|shared\/lambda)\//.test(to))).toEqual([]);
    expect([...new Set(clients)].sort()).toEqual(["shared/ecr", "shared/messaging"]);
  });
});
