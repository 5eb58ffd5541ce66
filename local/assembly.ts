import { spawn } from "node:child_process";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");

/** The stack could not be made; the message is what its program wrote, such as the list of a policy's errors. */
export class AssemblyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "AssemblyError";
  }
}

/**
 * Bundles the functions with a policy and synthesizes the stack into `directory`, in a process of its own as the CDK command
 * line does it. Gives the folder of the cloud assembly. `onNotice` is told what the program wrote although it succeeded, such as what is wrong
 * with the text of a public page. Errors: AssemblyError.
 */
export async function assemble(options: {
  policyFile: string;
  directory: string;
  onNotice?: (text: string) => void;
}): Promise<string> {
  const assemblyDir = join(options.directory, "cdk.out");
  const context = { policy: resolve(options.policyFile), bundles: join(options.directory, "dist") };
  const child = spawn(process.execPath, ["infra/app.ts"], {
    cwd: ROOT,
    env: { ...process.env, CDK_OUTDIR: assemblyDir, CDK_CONTEXT_JSON: JSON.stringify(context) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const code = await new Promise<number | null>((done, fail) => child.once("error", fail).once("close", done));
  if (code !== 0) throw new AssemblyError(complaint.trim() || `infra/app.ts ended with exit code ${code}`);
  if (complaint.trim() !== "") options.onNotice?.(complaint.trim());
  return assemblyDir;
}
