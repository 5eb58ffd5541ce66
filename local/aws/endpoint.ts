/** The AWS API of the local account over HTTP: one address for all services, told apart by X-Amz-Target. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type AccountContext, AwsError, type Call } from "./call.ts";
import { check } from "./constraints.ts";
import type { CredentialStore, Credentials } from "./credentials.ts";
import type { Operation, OperationCall, Service } from "./operation.ts";
import { type Signature, verifySignature } from "./sigv4.ts";
import { answer, errorBody, parseBody, readBody } from "./wire.ts";

export interface AwsEndpointOptions {
  readonly services: readonly Service[];
  readonly account: AccountContext;
  readonly credentials: Pick<CredentialStore, "find">;
  /** Told of every error that is ours and not the caller's; the caller gets ServerException. Default: standard error. */
  readonly onDefect?: (error: unknown) => void;
  /** Clock that signatures are held against; the clients' own, so not the account's. */
  readonly now?: () => Date;
}

/** SQS is the one service here that speaks 1.0 (its API model). */
const protocolVersion = { cloudtrail: "1.1", ecr: "1.1", "ecr-public": "1.1", events: "1.1", sqs: "1.0" } as const;

/** A request listener for node:http. It never rejects: every failure becomes a response, and defects are also told to `onDefect`. */
export function createAwsEndpoint(
  options: AwsEndpointOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const onDefect = options.onDefect ?? ((error: unknown) => console.error(error));
  const byPrefix = new Map(options.services.map((service) => [service.targetPrefix, service]));

  return async (request, response) => {
    const requestId = randomUUID();
    response.setHeader("x-amzn-requestid", requestId);
    const target = parseTarget(request);
    const service = byPrefix.get(target.prefix);
    const version = service === undefined ? "1.1" : protocolVersion[service.name];
    try {
      const body = await readBody(request);
      const signal = goneSignal(response);
      const call = { request, body, requestId, signal, ...authenticate(options, request, body, service) };
      const operation = findOperation(service, target, request);
      answer(response, { status: 200, body: await run(options.account, operation, call), version });
    } catch (error) {
      // The caller went away before its request was whole: nobody is left to answer.
      if (request.destroyed && !request.complete) return;
      if (!(error instanceof AwsError)) onDefect(error);
      const plain = error instanceof AwsError ? error : internalError();
      const { error: told, headers } = service?.tell?.(plain) ?? { error: plain, headers: {} };
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      // What was not read of a body that is too large would otherwise be taken for the next request.
      if (!request.complete) response.setHeader("connection", "close");
      answer(response, { status: told.status, body: errorBody(told), version });
    }
  };
}

interface Target {
  readonly prefix: string;
  readonly operation: string;
}

/** The last two parts: CloudTrail's has a namespace before them, which not every SDK sends. */
function parseTarget(request: IncomingMessage): Target {
  const [operation = "", prefix = ""] = String(request.headers["x-amz-target"] ?? "")
    .split(".")
    .reverse();
  return { prefix, operation };
}

function authenticate(
  options: AwsEndpointOptions,
  request: IncomingMessage,
  body: Buffer,
  service: Service | undefined,
) {
  const signature = verifySignature(
    { method: request.method ?? "", url: request.url ?? "/", headers: request.headers, body },
    (accessKeyId) => options.credentials.find(accessKeyId),
    {
      ...(options.now === undefined ? {} : { now: options.now }),
      ...(service === undefined ? {} : { service: service.name }),
      // ECR Public is one service for all Regions: where it does not answer it says so itself.
      ...(service === undefined || service.name === "ecr-public" ? {} : { regions: [options.account.region] }),
    },
  );
  const credentials = options.credentials.find(signature.accessKeyId);
  if (credentials === undefined) throw new Error("credentials vanished between signature and use");
  return { signature, credentials };
}

interface Found {
  readonly service: Service;
  readonly operation: Operation;
}

function findOperation(service: Service | undefined, target: Target, request: IncomingMessage): Found {
  const operation = service?.operations.get(target.operation);
  if (service !== undefined && operation !== undefined && request.method === "POST") return { service, operation };
  const asked = request.headers["x-amz-target"] ?? `${request.method} ${request.url} without X-Amz-Target`;
  const message =
    service === undefined
      ? `No service of the local account answers to '${asked}'.`
      : `The operation '${target.operation}' of ${service.name} is not provided by the local account.`;
  throw new AwsError("UnknownOperationException", message);
}

interface Received {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly requestId: string;
  readonly signal: AbortSignal;
  readonly signature: Signature;
  readonly credentials: Credentials;
}

/** Parse, check, permit, run; a refused input is on the trail too, though no permission was looked at yet. */
async function run(account: AccountContext, found: Found, received: Received): Promise<Record<string, unknown>> {
  const { operation, service } = found;
  const { signature, requestId } = received;
  const { identity } = received.credentials;
  const parameters = parseBody(received.body);
  const base: Call = {
    service: service.name,
    operation: operation.name,
    ...(operation.action === undefined ? {} : { action: operation.action }),
    parameters,
    resources: [],
    readOnly: operation.readOnly,
    identity,
    region: signature.region,
    via: "api",
    sourceIp: (received.request.socket.remoteAddress ?? "").replace(/^::ffff:/, ""),
    userAgent: received.request.headers["user-agent"] ?? "",
    requestId,
  };
  let input: Record<string, unknown>;
  try {
    regionOffers(service, operation, signature.region);
    input = check(operation.input, parameters);
  } catch (error) {
    return account.perform(base, () => Promise.reject(error));
  }
  const call: Call = {
    ...base,
    parameters: withoutBlobs(parameters, input),
    resources: operation.resources(input, account),
    ...(operation.conditions === undefined ? {} : { conditions: operation.conditions(input) }),
  };
  const about: OperationCall = { account, identity, requestId, region: signature.region, signal: received.signal };
  return account.perform(call, () => operation.run(input, about));
}

/** Aborted when the connection ends: after the answer, when nobody listens any more, or before it, when the caller has gone. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return gone.signal;
}

/** Texts seen in public reports; ECR Public has endpoints in two Regions and gives tokens in one of them. */
function regionOffers(service: Service, operation: Operation, region: string): void {
  if (service.name !== "ecr-public" || region === "us-east-1") return;
  if (region === "us-west-2" && operation.name !== "GetAuthorizationToken") return;
  throw new AwsError("UnsupportedCommandException", `${operation.name} command is only supported in us-east-1.`);
}

/** CloudTrail shows no blob members, and a trail that kept layer parts would keep the layers. */
function withoutBlobs(parameters: Record<string, unknown>, input: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !Buffer.isBuffer(input[name])));
}

function internalError(): AwsError {
  return new AwsError("ServerException", "An internal error occurred in the local account.", { status: 500 });
}
