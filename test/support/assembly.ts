import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { assemble } from "../../local/assembly.ts";
import { startAssembler } from "./assembler.ts";
import { collectPermissionUses } from "./permissions.ts";
import { setAside } from "./rules-aside.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Folder of the cloud assembly made with policies/example.yaml; and the same without what most tests are not about. */
    assemblyDir: string;
    assemblyAsideDir: string;
  }
}

/**
 * Bundles and synthesizes once for the whole run, as a deployment does: what is tested is what would be deployed. The assembler is for the
 * policies that tests write themselves.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-test-"));
  collectPermissionUses(directory);
  const [assemblyDir, assembler] = await Promise.all([
    assemble({ policyFile: "policies/example.yaml", directory }),
    startAssembler(),
  ]);
  const asideDir = join(directory, "aside");
  await cp(assemblyDir, asideDir, { recursive: true });
  await setAside(asideDir);
  project.provide("assemblyDir", assemblyDir);
  project.provide("assemblyAsideDir", asideDir);
  project.provide("assemblerPort", assembler.port);
  return async () => {
    await assembler.stop();
    await rm(directory, { recursive: true, force: true });
  };
}
