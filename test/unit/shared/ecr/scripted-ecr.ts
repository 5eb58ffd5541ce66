/** ECR and ECR Public at one address, which answer as the test says, and the SDK's own clients for them. */
import { ECRClient } from "@aws-sdk/client-ecr";
import { ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import { onTestFinished } from "vitest";
import { listen } from "../../../../local/servers.ts";

/** An answer with a JSON body, one with a text as a proxy gives it, or none: the connection is reset. */
export type Answer =
  | { readonly status: number; readonly json: Readonly<Record<string, unknown>> }
  | { readonly status: number; readonly text: string }
  | "reset";

/** An error of the API (AWS JSON 1.1). */
export function awsError(name: string, status = 400): Answer {
  return { status, json: { __type: name, message: "told by the test" } };
}

export function success(json: Readonly<Record<string, unknown>>): Answer {
  return { status: 200, json };
}

export interface Clients {
  readonly ecr: ECRClient;
  readonly ecrPublic: ECRPUBLICClient;
}

/** `answers`: one for each request, in order; the last one stands for all that come after it. `operations`: those that were asked for. */
export async function startScriptedEcr(...answers: [Answer, ...Answer[]]): Promise<Clients & { operations: string[] }> {
  const operations: string[] = [];
  const { url, close } = await listen((request, response) => {
    const answer = answers[Math.min(operations.length, answers.length - 1)] ?? answers[0];
    operations.push(String(request.headers["x-amz-target"]).split(".")[1] ?? "");
    request.resume();
    request.on("end", () => {
      if (answer === "reset") return void request.socket.resetAndDestroy();
      const isText = "text" in answer;
      response.writeHead(answer.status, { "content-type": isText ? "text/html" : "application/x-amz-json-1.1" });
      response.end(isText ? answer.text : JSON.stringify(answer.json));
    });
  }, 0);
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
  const ecr = new ECRClient({ endpoint: url, region: "eu-west-1", credentials });
  const ecrPublic = new ECRPUBLICClient({ endpoint: url, region: "us-east-1", credentials });
  for (const client of [ecr, ecrPublic]) await withoutPauses(client);
  onTestFinished(async () => {
    ecr.destroy();
    ecrPublic.destroy();
    await close();
  });
  return { ecr, ecrPublic, operations };
}

/** Leaves the client its own decision on what is tried again and how often, and takes away the waiting between. */
async function withoutPauses({ config }: Pick<ECRClient, "config">): Promise<void> {
  const retryBackoffStrategy = { setDelayBase: () => {}, computeNextBackoffDelay: () => 0 };
  Object.assign(await config.retryStrategy(), { retryBackoffStrategy });
}
