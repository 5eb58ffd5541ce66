import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { compileCatalog } from "#shared/catalog/compile/compile-catalog.ts";
import { PolicyError, readPolicy } from "#shared/policy/read-policy.ts";
import type { Policy } from "#shared/policy/schema.ts";
import { type Bundles, bundleFunctions } from "./bundle.ts";
import { findingLines } from "./finding-lines.ts";

/** The policy cannot be used: it is not there, or it is wrong. The message is for its author. */
export class BuildError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = "BuildError";
  }
}

export interface Build {
  readonly policy: Policy;
  readonly bundles: Bundles;
}

/**
 * Reads a policy with what lies beside it for public pages, and bundles the functions with both into `bundleDir`. `tell` gets a line for each finding
 * about those pages; they stop nothing, since a page is made of the rest. Errors: BuildError.
 */
export async function buildBundles(options: {
  readonly policyFile: string;
  readonly bundleDir: string;
  readonly tell: (line: string) => void;
}): Promise<Build> {
  const { policyFile } = options;
  const { policy } = readOrExplain(await readText(policyFile), policyFile);
  const catalog = await compileCatalog({ policy, directory: dirname(resolve(policyFile)) });
  for (const line of findingLines(policyFile, catalog.findings)) options.tell(line);
  return { policy, bundles: await bundleFunctions({ policy, outDir: resolve(options.bundleDir), catalog }) };
}

function readOrExplain(text: string, file: string): { readonly policy: Policy } {
  try {
    return readPolicy(text, file);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new BuildError(error.message, error);
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new BuildError(`cannot read the policy ${file}: ${error instanceof Error ? error.message : error}`, error);
  }
}
