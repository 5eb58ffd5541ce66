import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { AssemblyError } from "../../../local/assembly.ts";
import { assembleWarm } from "../../support/assembler.ts";
import { type Assemblies, testAssemblies } from "../../support/policies.ts";

/** Every file of an assembly, without what tells one evaluation of infra/app.ts from another in the stack traces of its manifest. */
async function filesOf(assemblyDir: string): Promise<Record<string, string>> {
  const entries = await readdir(assemblyDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const texts = files.map(async (file) => {
    const text = await readFile(file, "utf8");
    return [file.slice(assemblyDir.length), text.replaceAll(/infra\/app\.ts\?assembly=\d+/g, "infra/app.ts")];
  });
  return Object.fromEntries((await Promise.all(texts)).sort());
}

describe("the assembler", () => {
  let assemblies: Assemblies;
  beforeAll(async () => {
    assemblies = await testAssemblies();
  });
  afterAll(() => assemblies[Symbol.asyncDispose]());

  it("makes what a process of its own makes, whatever it has made before", async () => {
    await assemblies.of("version: 1");

    const directory = join(assemblies.directory, "example");
    const made = await filesOf(await assembleWarm({ policyFile: "policies/example.yaml", directory }));

    const expected = await filesOf(inject("assemblyDir"));
    expect(Object.keys(made)).toEqual(Object.keys(expected));
    expect(made).toEqual(expected);
  });

  it("tells a policy's errors, and makes the next one", async () => {
    const complaint = await assemblies.of("version: 2").catch((error: unknown) => error);

    expect(complaint).toBeInstanceOf(AssemblyError);
    expect(String(complaint)).toContain("version");
    expect(await readdir(await assemblies.of("version: 1"))).toContain("EcrAutopilot.template.json");
  });
});
