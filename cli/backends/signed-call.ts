import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { SignatureV4 } from "@smithy/signature-v4";
import { transient } from "#shared/errors.ts";
import { isLoopback } from "#shared/registry/endpoint.ts";
import { readBody } from "#shared/registry/http.ts";
import { UsageError } from "../usage-error.ts";
import { RestError, restErrorOf } from "./rest-error.ts";

export interface Request {
  readonly method: "GET" | "PUT" | "POST";
  /** Percent-encoded, as it goes on the wire; behind the endpoint's own path. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: object;
}

export interface SignedCallOptions {
  readonly endpoint: string;
  readonly signer: Pick<ConstructorParameters<typeof SignatureV4>[0], "credentials" | "sha256" | "region">;
  readonly signal: AbortSignal;
  /** Milliseconds before the second try, doubled before the next. */
  readonly backoffMs?: number;
}

/** API Gateway ends a request after 29 seconds, and its answer has 10 MB. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const SILENCE_MS = 40_000;
const LONGEST_ANSWER = 10 * 1024 * 1024;
const TRIES = 4;
/** What the function did not take, or has not done: the same request may be sent again. */
const AGAIN: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * Calls of the REST API, signed with SigV4 for `execute-api`, JSON both ways. Every request of it is safe to repeat, so one that is throttled, or meets an
 * API or a network that is away for a moment, is sent again, three times.
 *
 * Errors: RestError for an answer of 400 and above; transient `api-unreachable`; UsageError for an endpoint that is none; the signal's reason.
 */
export function signedCalls({ endpoint, signer, signal, backoffMs = 500 }: SignedCallOptions) {
  const base = endpointUrl(endpoint);
  const signature = new SignatureV4({ ...signer, service: "execute-api" });
  return async (request: Request): Promise<unknown> => {
    for (let tried = 1; ; tried += 1) {
      try {
        return await callOnce(base, signature, request, signal);
      } catch (error) {
        signal.throwIfAborted();
        const isPassing = error instanceof RestError ? AGAIN.has(error.status) : isUnreachable(error);
        if (!isPassing || tried === TRIES) throw error;
      }
      await pause(backoffMs * 2 ** (tried - 1), undefined, { signal });
    }
  };
}

/** The endpoint as it is called. Errors: UsageError. What is signed is no secret, but answers are, so plain HTTP is for this machine alone. */
export function endpointUrl(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`'${endpoint}' is no endpoint; write https://<id>.execute-api.<region>.amazonaws.com/<stage>`);
  }
  if (url.protocol === "http:" && !isLoopback(url.host)) throw new UsageError(`'${endpoint}' is not https`);
  return url;
}

/** The Region in an endpoint's host, that of a VPC endpoint too; undefined for a host of one's own. */
export function regionOfEndpoint(endpoint: string): string | undefined {
  return /\.execute-api\.([a-z]{2,}-[a-z-]+-\d)\.(?:vpce\.)?amazonaws\.com/.exec(endpoint)?.[1];
}

async function callOnce(base: URL, signature: SignatureV4, request: Request, signal: AbortSignal): Promise<unknown> {
  const { method } = request;
  const path = `${base.pathname.replace(/\/+$/, "")}${request.path}`;
  const query = Object.fromEntries(
    Object.entries(request.query ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  );
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const { headers } = await signature.sign({
    ...{ method, path, query, body },
    protocol: base.protocol,
    hostname: base.hostname,
    ...(base.port !== "" && { port: Number(base.port) }),
    headers: {
      host: base.host,
      accept: "application/json",
      ...(body !== undefined && { "content-type": "application/json" }),
    },
  });
  const search = Object.entries(query).map((pair) => pair.map(escaped).join("="));
  const target = search.length === 0 ? path : `${path}?${search.join("&")}`;
  const name = `${method} ${base.host}${path}`;
  const response = await send(base, { method, target, headers, body }, signal).catch((cause: Error) => {
    signal.throwIfAborted();
    throw transient("api-unreachable", `${name}: ${cause.message || String(Reflect.get(cause, "code"))}`, cause);
  });
  const text = (await readBody(response, LONGEST_ANSWER, name)).toString("utf8");
  const { statusCode = 0 } = response;
  if (statusCode < 200 || statusCode > 299) {
    throw restErrorOf(name, statusCode, (key) => [response.headers[key]].flat()[0], text);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw transient(
      "api-answer-strange",
      `${name}: the answer is no JSON; is this the endpoint of ecr-autopilot?`,
      cause,
    );
  }
}

function send(
  base: URL,
  {
    target,
    body,
    ...request
  }: { method: string; target: string; headers: Record<string, string>; body: string | undefined },
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = base.protocol === "https:" ? httpsRequest : httpRequest;
    const hostname = base.hostname.replace(/^\[|\]$/g, "");
    // Not as a URL, which would take the dots out of a path.
    const outgoing = send({ ...request, hostname, port: base.port, path: target, timeout: SILENCE_MS, signal });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`silent for ${SILENCE_MS / 1_000} s`)));
    outgoing.on("response", resolve).on("error", reject);
    outgoing.end(body);
  });
}

/** As SigV4 wants it: all but A-Z, a-z, 0-9, "-", ".", "_" and "~". */
export function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

function isUnreachable(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "api-unreachable";
}
