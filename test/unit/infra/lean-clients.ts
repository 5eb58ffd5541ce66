import { createRequire } from "node:module";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { type BuildResult, build } from "esbuild";
import { onTestFinished, vi } from "vitest";
import { BUNDLING } from "../../../infra/bundle.ts";
import { type Cut, leanSdk } from "../../../infra/lean-sdk.ts";
import { listen } from "../../../local/servers.ts";

/** All that the functions use of the packages that are cut. */
const ENTRY = `
  export { CloudTrailClient, GetTrailStatusCommand } from "@aws-sdk/client-cloudtrail";
  export { CreateRepositoryCommand, DescribeImageScanFindingsCommand, DescribeRepositoriesCommand, ECRClient, PutImageTagMutabilityCommand } from "@aws-sdk/client-ecr";
  export { DescribeImagesCommand as DescribePublicImagesCommand, ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
  export { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
  export { InvokeCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
  export { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
  export { Logger } from "@aws-lambda-powertools/logger";
`;

/** What of ENTRY is used in tests. */
export interface Sdk
  extends Pick<
      typeof import("@aws-sdk/client-ecr"),
      | "CreateRepositoryCommand"
      | "DescribeImageScanFindingsCommand"
      | "DescribeRepositoriesCommand"
      | "ECRClient"
      | "PutImageTagMutabilityCommand"
    >,
    Pick<typeof import("@aws-sdk/client-cloudtrail"), "CloudTrailClient" | "GetTrailStatusCommand">,
    Pick<typeof import("@aws-sdk/client-ecr-public"), "ECRPUBLICClient">,
    Pick<typeof import("@aws-sdk/client-eventbridge"), "EventBridgeClient" | "PutEventsCommand">,
    Pick<typeof import("@aws-sdk/client-lambda"), "InvokeCommand" | "LambdaClient" | "ListFunctionsCommand">,
    Pick<typeof import("@aws-sdk/client-sqs"), "SQSClient" | "SendMessageCommand">,
    Pick<typeof import("@aws-lambda-powertools/logger"), "Logger"> {
  readonly DescribePublicImagesCommand: typeof import("@aws-sdk/client-ecr-public").DescribeImagesCommand;
}

/** Bundles the clients as a function's bundle has them. `cuts`: the project's own unless given. */
export function bundleClients(directory: string, cuts?: readonly Cut[]): Promise<BuildResult> {
  return build({
    ...BUNDLING,
    logLevel: "silent",
    stdin: { contents: ENTRY, resolveDir: join(import.meta.dirname, "../../..") },
    outfile: join(directory, "clients.cjs"),
    outExtension: {},
    plugins: [leanSdk(cuts)],
  });
}

/** The bundle as Lambda would load it. */
export function loadClients(directory: string): Sdk {
  return createRequire(import.meta.url)(join(directory, "clients.cjs"));
}

/** Lambda's variables, for this test alone. */
export function lambdaEnvironment(variables: Readonly<Record<string, string | undefined>> = {}): void {
  const all = {
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "ASIAEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_SESSION_TOKEN: "token-of-the-session",
    AWS_PROFILE: undefined,
    ...variables,
  };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | object;
}

/** A service that gives these answers one after the other, the last of them for ever. */
export async function startService(...answers: readonly Answer[]) {
  const requests: { path: string | undefined; headers: Readonly<Record<string, unknown>>; body: unknown }[] = [];
  const service = await listen(async (request, response) => {
    const text = (await buffer(request)).toString();
    requests.push({ path: request.url, headers: request.headers, body: JSON.parse(text) });
    const { status = 200, headers, body } = answers[Math.min(requests.length, answers.length) - 1] ?? { body: {} };
    response.writeHead(status, {
      "content-type": "application/x-amz-json-1.1",
      "x-amzn-requestid": "id-1",
      ...headers,
    });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  }, 0);
  onTestFinished(() => service.close());
  return { url: service.url, requests };
}

/** The error that this raises. */
export async function raised(call: Promise<unknown>): Promise<Error & { $metadata?: object; $fault?: string }> {
  const error: unknown = await call.then(
    () => new Error("no error was raised"),
    (reason: unknown) => reason,
  );
  if (error instanceof Error) return error;
  throw new TypeError("not an Error");
}
