/** API Gateway: HTTP in, Lambda proxy events out, and the function's answer back. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { AwsError, type Identity } from "../aws/call.ts";
import type { CredentialStore } from "../aws/credentials.ts";
import type { Decision } from "../aws/iam.ts";
import type { InvokeResult } from "../lambda/result.ts";
import { authenticate, INVOKE, methodArn, requireAllowed } from "./authenticate.ts";
import { matchResource } from "./match-resource.ts";
import { toProxyEvent } from "./proxy-event.ts";
import { type ProxyResponse, toProxyResponse } from "./proxy-response.ts";
import { forbidden, GatewayRefusal, internal, missingToken, timedOut, tooLong, tooLongForLambda } from "./refusal.ts";
import { newRequestIds, type RequestIds } from "./request-ids.ts";
import { answer, refuse } from "./respond.ts";
import type { RestApi, RestMethod, RestStage } from "./rest-api.ts";

export interface ApiGatewayOptions {
  readonly apis: readonly RestApi[];
  /** Runs a function. A rejection is an invocation that Lambda refused. */
  readonly invoke: (functionArn: string, event: unknown) => Promise<InvokeResult>;
  readonly credentials: Pick<CredentialStore, "find">;
  /** What the policies of the caller say of `execute-api:Invoke` on the ARN of a method. */
  readonly authorize: (identity: Identity, action: string, resource: string) => Decision | Promise<Decision>;
  /** Told of every error that is ours; the client gets a 500. */
  readonly onDefect: (error: unknown) => void;
  /** Clock that signatures are held against. */
  readonly now?: () => Date;
}

/** Quota of REST APIs, "Payload size". */
const LARGEST_BODY = 10 * 1024 * 1024;

/**
 * A request listener for paths `/STAGE/...`; APIs are told apart by their stages. It never rejects: every failure becomes an answer.
 * Error: two APIs with a stage of the same name.
 */
export function createApiGateway(
  options: ApiGatewayOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const stages = stagesByName(options.apis);

  async function serve(request: IncomingMessage, ids: RequestIds): Promise<ProxyResponse> {
    const target = request.url ?? "/";
    const [, stageName = "", path = ""] = /^\/([^/?]*)([^?]*)/.exec(target) ?? [];
    const place = stages.get(stageName);
    if (place === undefined) throw forbidden();
    const method = request.method ?? "";
    const match = matchResource(place.api.resources, path);
    const found = match?.resource.methods[method] ?? match?.resource.methods.ANY;
    if (match === undefined || found === undefined) throw missingToken();

    const body = await bodyOf(request);
    const identity = await identityOf({ request, body, place, found, path });
    const received = {
      method,
      url: target,
      rawHeaders: request.rawHeaders,
      body,
      sourceIp: (request.socket.remoteAddress ?? "").replace(/^::ffff:/, ""),
      httpVersion: request.httpVersion,
    };
    const time = new Date();
    const event = toProxyEvent({
      ...place,
      ...match,
      ...ids,
      path: path === "" ? "/" : path,
      identity,
      received,
      time,
    });
    const payload = await invoked(options, found, event);
    const { binaryMediaTypes } = place.api;
    return toProxyResponse(payload, { binaryMediaTypes, accept: request.headers.accept });
  }

  /** Undefined for a method that asks nobody who they are. */
  async function identityOf(call: Arrived): Promise<Identity | undefined> {
    const { request, body, place, found, path } = call;
    if (found.authorization === "NONE") return undefined;
    const { method = "", url = "/", headers } = request;
    const identity = authenticate({ method, url, headers, body }, place.api, options);
    const resource = methodArn(place.api, place.stage.name, method, path);
    requireAllowed(await options.authorize(identity, INVOKE, resource), identity, resource);
    return identity;
  }

  return async (request, response) => {
    const ids = newRequestIds();
    try {
      const { status, headers, body } = await serve(request, ids);
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      answer(response, status, ids, body);
    } catch (error) {
      // The client went away before its request was whole: nobody is left to answer.
      if (request.destroyed && !request.complete) return;
      if (!(error instanceof GatewayRefusal)) options.onDefect(error);
      refuse(request, response, ids, error instanceof GatewayRefusal ? error : internal(500));
    }
  };
}

interface Place {
  readonly api: RestApi;
  readonly stage: RestStage;
}

interface Arrived {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly place: Place;
  readonly found: RestMethod;
  readonly path: string;
}

function stagesByName(apis: readonly RestApi[]): Map<string, Place> {
  const stages = new Map<string, Place>();
  for (const api of apis) {
    for (const stage of api.stages) {
      const other = stages.get(stage.name)?.api;
      if (other !== undefined) {
        throw new Error(
          `the APIs '${other.name}' and '${api.name}' both have a stage '${stage.name}': give one another name`,
        );
      }
      stages.set(stage.name, { api, stage });
    }
  }
  return stages;
}

/** The function's payload. Errors: GatewayRefusal, 502 for a function that failed, 500 for one that could not be invoked, 504, 413. */
async function invoked(
  { invoke, onDefect }: ApiGatewayOptions,
  { functionArn, timeoutMs }: RestMethod,
  event: unknown,
): Promise<unknown> {
  const over = Symbol("over");
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<typeof over>((resolve) => {
    timer = setTimeout(() => resolve(over), timeoutMs);
  });
  // Whoever comes too late is not listened to, and must not count as an error that nobody handles.
  const running = invoke(functionArn, event).catch((error: unknown) => {
    if (!(error instanceof AwsError)) onDefect(error);
    throw error instanceof AwsError && error.code === "RequestTooLargeException" ? tooLongForLambda() : internal(500);
  });
  running.catch(() => {});
  try {
    const result = await Promise.race([running, timeout]);
    if (result === over) throw timedOut();
    if ("error" in result) throw internal(502);
    return result.payload;
  } finally {
    clearTimeout(timer);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw tooLong(LARGEST_BODY);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
