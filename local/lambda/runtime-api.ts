/** The Lambda Runtime API of one sandbox, on 127.0.0.1. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Invocation {
  readonly requestId: string;
  /** JSON text. */
  readonly event: string;
  /** Milliseconds since the epoch. */
  readonly deadlineMs: number;
  readonly functionArn: string;
  readonly traceHeader: string;
}

export interface RuntimeApiOptions {
  /** The runtime asks for an event: its start is over, or its last invocation. */
  readonly onNext: () => void;
  readonly onResponse: (requestId: string, body: string, maxRssKib: number | undefined) => void;
  readonly onError: (requestId: string, body: string, maxRssKib: number | undefined) => void;
  readonly onInitError: (body: string) => void;
  /** The answer is larger than Lambda takes. */
  readonly onTooLarge: (requestId: string) => void;
}

export interface RuntimeApi {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  /** Answers the request for the next event, now or when it comes. */
  send(invocation: Invocation): void;
  close(): Promise<void>;
}

/** "Maximum allowed payload size (6291556 bytes)" in Lambda's own message. */
export const LARGEST_RESPONSE = 6_291_556;

export async function startRuntimeApi(options: RuntimeApiOptions): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined;
  let pending: Invocation | undefined;

  function answerNext(): void {
    if (waiting === undefined || pending === undefined) return;
    const { requestId, event, deadlineMs, functionArn, traceHeader } = pending;
    waiting.writeHead(200, {
      "content-type": "application/json",
      "Lambda-Runtime-Aws-Request-Id": requestId,
      "Lambda-Runtime-Deadline-Ms": String(deadlineMs),
      "Lambda-Runtime-Invoked-Function-Arn": functionArn,
      "Lambda-Runtime-Trace-Id": traceHeader,
    });
    waiting.end(event);
    waiting = undefined;
    pending = undefined;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, resource = ""] = /^\/2018-06-01\/runtime\/(.+)$/.exec(request.url ?? "") ?? [];
    if (request.method === "GET" && resource === "invocation/next") {
      waiting = response;
      options.onNext();
      return answerNext();
    }
    const [, requestId = "", kind] = /^invocation\/([^/]+)\/(response|error)$/.exec(resource) ?? [];
    if (request.method !== "POST" || (kind === undefined && resource !== "init/error")) return reply(response, 404);
    const body = await readBody(request);
    if (body === undefined) {
      options.onTooLarge(requestId);
      return reply(response, 413);
    }
    const rss = Number(request.headers["local-max-rss-kib"]);
    const maxRssKib = Number.isFinite(rss) ? rss : undefined;
    if (kind === "response") options.onResponse(requestId, body, maxRssKib);
    else if (kind === "error") options.onError(requestId, body, maxRssKib);
    else options.onInitError(body);
    reply(response, 202);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => {
      // A process that is killed in the middle of its request has nobody to answer.
      if (!request.destroyed) throw error;
    });
  });
  // An invocation may take 15 minutes, and a warm sandbox waits for hours.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    address: `127.0.0.1:${port}`,
    send(invocation) {
      pending = invocation;
      answerNext();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Undefined when it is larger than Lambda takes; what is above is read and let go, so that the answer can go out. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= LARGEST_RESPONSE) chunks.push(chunk);
  }
  return bytes > LARGEST_RESPONSE ? undefined : Buffer.concat(chunks).toString("utf8");
}

function reply(response: ServerResponse, status: number): void {
  const body = JSON.stringify(
    status === 202 ? { status: "OK" } : { errorType: status === 413 ? "RequestEntityTooLarge" : "NotFound" },
  );
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}
