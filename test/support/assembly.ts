import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { assemble } from "../../local/assembly.ts";
import { collectPermissionUses } from "./permissions.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Folder of the cloud assembly made with policies/example.yaml. */
    assemblyDir: string;
  }
}

/** Bundles and synthesizes once for the whole run: what is tested is what would be deployed. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-test-"));
  collectPermissionUses(directory);
  project.provide("assemblyDir", await assemble({ policyFile: "policies/example.yaml", directory }));
  return () => rm(directory, { recursive: true, force: true });
}
