import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { inject } from "vitest";
import { AssemblyError } from "../../local/assembly.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Port of the run's assembler on 127.0.0.1. */
    assemblerPort: number;
  }
}

export interface AssemblyOrder {
  readonly policyFile: string;
  readonly directory: string;
}

/** The process that makes the assemblies of a run; `stop` ends it. */
export async function startAssembler(): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  const child = fork(join(import.meta.dirname, "assembler-process.ts"), { execArgv: [] });
  const gone = once(child, "exit");
  const [port] = await Promise.race([
    once(child, "message"),
    gone.then(([code]) => {
      throw new Error(`the assembler ended with exit code ${code}`);
    }),
  ]);
  return {
    port,
    async stop() {
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}

/**
 * What `assemble` of local/assembly.ts does, byte for byte, without a process of its own for each: folder of the cloud assembly. Errors:
 * AssemblyError.
 */
export async function assembleWarm(order: AssemblyOrder): Promise<string> {
  const url = `http://127.0.0.1:${inject("assemblerPort")}/`;
  const response = await fetch(url, { method: "POST", body: JSON.stringify(order) });
  if (response.status !== 204) throw new AssemblyError(await response.text());
  return join(order.directory, "cdk.out");
}
