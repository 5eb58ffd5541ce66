/** One registry host: OCI distribution 1.1 with ECR's manners. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AccountContext } from "../aws/call.ts";
import type { Side } from "../store/store.ts";
import { callerOf } from "./authorization.ts";
import { downloadPrefix, serveDownload } from "./downloads.ts";
import { toOciError } from "./errors.ts";
import { createFirstChunks } from "./first-chunks.ts";
import { OciError } from "./oci-error.ts";
import { respond, respondError, respondJson } from "./respond.ts";
import { serveRoute } from "./routes.ts";
import { bearerFor } from "./token-route.ts";

export interface RegistryHostOptions {
  readonly account: AccountContext;
  /** Which of the two hosts: `ACCOUNT.dkr.ecr.REGION.amazonaws.com` or `public.ecr.aws`. */
  readonly side: Side;
  /** Told of every error that is ours and not the client's; the client gets a 500. */
  readonly onDefect: (error: unknown) => void;
}

/** Only lets a bare path be read; nothing is fetched from it. */
const base = "http://registry";

/** A request listener for node:http. It never rejects: every failure becomes an answer, or ends the connection where one had begun. */
export function createRegistryHandler(
  options: RegistryHostOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { account, side, onDefect } = options;
  const firstChunks = createFirstChunks();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.url ?? "/";
    const url = URL.canParse(target, base) ? new URL(target, base) : new URL(base);
    const { pathname } = url;
    if (pathname.startsWith(downloadPrefix)) return serveDownload(options, request, response);
    response.setHeader("docker-distribution-api-version", "registry/2.0");
    if (side === "public" && (pathname === "/token" || pathname === "/token/")) {
      return respondJson(response, 200, bearerFor(account, request));
    }
    if (pathname === "/v2") url.pathname = "/v2/";
    else if (!pathname.startsWith("/v2/")) {
      return respond(response, 404, { "content-type": "text/plain; charset=utf-8" }, "404 page not found\n");
    }
    const caller = callerOf(options, request);
    await serveRoute({ account, side, request, response, url, requestId: randomUUID(), caller, firstChunks });
  }

  return async (request, response) => {
    try {
      await serve(request, response);
    } catch (error) {
      if (isDisconnect(error, request, response)) return;
      const told = toOciError(error, request.method);
      if (told === undefined) onDefect(error);
      respondError(response, told ?? new OciError(500, "UNKNOWN", "An internal error occurred."), side);
    }
  };
}

/** The client went away: nobody is left to answer, and nothing is wrong with us. */
function isDisconnect(error: unknown, request: IncomingMessage, response: ServerResponse): boolean {
  if (!request.destroyed && !response.destroyed) return false;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ECONNRESET" || code === "EPIPE" || code === "ERR_STREAM_PREMATURE_CLOSE";
}
