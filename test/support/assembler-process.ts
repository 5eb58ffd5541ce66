/**
 * Makes one cloud assembly after the other in one process, by the very program that `npm run synth` runs: infra/app.ts is evaluated anew for
 * each, what it imports is not. To load the CDK, and the rules that it holds templates against, takes three seconds; an assembly takes half a one.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { format } from "node:util";
import type { AssemblyOrder } from "./assembler.ts";

// Every App listens for the end of the process.
process.setMaxListeners(0);

const complaints: string[] = [];
console.error = (...values: unknown[]) => void complaints.push(format(...values));

let made = 0;

/** The order's complaint, or nothing when its assembly is there. One at a time: the program takes its orders from the environment. */
async function make({ policyFile, directory }: AssemblyOrder): Promise<string | undefined> {
  made += 1;
  complaints.length = 0;
  process.exitCode = 0;
  process.env.CDK_OUTDIR = join(directory, "cdk.out");
  process.env.CDK_CONTEXT_JSON = JSON.stringify({ policy: resolve(policyFile), bundles: join(directory, "dist") });
  try {
    await import(`../../infra/app.ts?assembly=${made}`);
  } catch (error) {
    return format(error);
  }
  return process.exitCode === 0 ? undefined : complaints.join("\n") || `infra/app.ts set exit code ${process.exitCode}`;
}

let last: Promise<unknown> = Promise.resolve();

const server = createServer(async (request, response) => {
  const order: AssemblyOrder = JSON.parse(await text(request));
  const making = last.then(() => make(order));
  last = making;
  const complaint = await making;
  response.writeHead(complaint === undefined ? 204 : 500).end(complaint);
});
await once(server.listen(0, "127.0.0.1"), "listening");
process.send?.((server.address() as AddressInfo).port);
// Whoever has started it is gone.
process.once("disconnect", () => process.exit());
