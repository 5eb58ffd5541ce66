import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assembleWarm } from "./assembler.ts";
import { setAside } from "./rules-aside.ts";

/** Cloud assemblies of policies that a test writes itself; all end with it. */
export interface Assemblies extends AsyncDisposable {
  /** The stack with this policy, as YAML text; `everything` as of a test account. Gives the folder of its assembly. */
  of(policy: string, options?: { readonly everything?: boolean }): Promise<string>;
  /** A folder for whatever else the test keeps. */
  readonly directory: string;
}

export async function testAssemblies(): Promise<Assemblies> {
  const directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-policies-"));
  let made = 0;
  return {
    directory,
    async of(policy, { everything = false } = {}) {
      made += 1;
      const policyFile = join(directory, `policy-${made}.yaml`);
      await writeFile(policyFile, policy);
      const assemblyDir = await assembleWarm({ policyFile, directory: join(directory, `assembly-${made}`) });
      if (!everything) await setAside(assemblyDir);
      return assemblyDir;
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** policies/example.yaml as text, for a test that changes a line of it. */
export function examplePolicy(): Promise<string> {
  return readFile("policies/example.yaml", "utf8");
}

/** Sets the timeout of the functions whose logical id begins so, in an assembly that was made for the test. */
export async function setTimeoutSeconds(assemblyDir: string, functionPrefix: string, seconds: number): Promise<void> {
  const file = join(assemblyDir, "EcrAutopilot.template.json");
  const template = JSON.parse(await readFile(file, "utf8"));
  const found = Object.entries<{ Type: string; Properties: { Timeout?: number } }>(template.Resources).filter(
    ([id, { Type }]) => Type === "AWS::Lambda::Function" && id.startsWith(functionPrefix),
  );
  if (found.length !== 1) throw new Error(`${found.length} functions begin with ${functionPrefix}`);
  for (const [, resource] of found) resource.Properties.Timeout = seconds;
  await writeFile(file, JSON.stringify(template));
}
