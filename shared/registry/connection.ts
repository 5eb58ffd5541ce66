import type { IncomingMessage } from "node:http";
import { isLayerHostOfEcr } from "./addresses.ts";
import { checkStatus, type Subject } from "./check-status.ts";
import { type HttpRequest, redacted, type Send } from "./http.ts";
import { checkRepository } from "./reference.ts";

/** Value of an Authorization header, undefined for none; `renew` passes over one that the registry has refused. */
export type Authorization = (options?: { renew?: boolean }) => Promise<string | undefined>;

/** One registry, with our credentials for it. */
export interface Connection {
  readonly base: URL;
  /** Whether a download may go on at this `host[:port]`, beside the registry's own. */
  mayRedirectTo(host: string): boolean;
  /** Address of something in a repository. Errors: permanent `reference-invalid`. */
  url(repository: string, path: string): URL;
  /**
   * Sends a request, and gives an answer whose status is among `allowed`; `subject` is what a 404 is about. Only for addresses of this
   * very registry, unless `anonymous`: without credentials. Errors: AutopilotError, see checkStatus; the signal's reason.
   */
  call(request: Call, subject: Subject, allowed: readonly number[]): Promise<IncomingMessage>;
}

export type Call = Omit<HttpRequest, "signal"> & { readonly anonymous?: boolean };

export function createConnection(options: {
  readonly baseUrl: string;
  readonly send: Send;
  readonly authorization: Authorization;
  readonly redirectHosts?: ((host: string) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}): Connection {
  const { send, authorization, redirectHosts = isLayerHostOfEcr, signal } = options;
  const base = new URL(options.baseUrl);
  let renewal: { readonly refused: string | undefined; readonly header: Promise<string | undefined> } | undefined;

  /** Requests that were refused with one header share one renewal: four layers at once make four refusals. */
  function renewed(refused: string | undefined): Promise<string | undefined> {
    if (renewal !== undefined && renewal.refused === refused) return renewal.header;
    const mine = { refused, header: authorization({ renew: true }) };
    renewal = mine;
    // A failed renewal is told to everybody who waits for it, and not kept.
    mine.header.catch(() => {
      if (renewal === mine) renewal = undefined;
    });
    return mine.header;
  }

  return {
    base,
    mayRedirectTo: redirectHosts,
    url: (repository, path) => new URL(`/v2/${checkRepository(repository)}/${path}`, base),
    async call({ anonymous = false, ...request }, subject, allowed) {
      const action = `${request.method} ${redacted(request.url)}`;
      const attempt = async (header: string | undefined) => {
        const headers = header === undefined ? request.headers : { ...request.headers, authorization: header };
        const response = await send({ ...request, headers, signal });
        return { response, refusal: await checkStatus(response, allowed, subject, action) };
      };
      const header = anonymous ? undefined : await authorization();
      let { response, refusal } = await attempt(header);
      // A body that was streamed is spent; its POST came a moment before, and with the same token.
      if (refusal?.isTokenRefused && !anonymous && typeof request.body !== "function") {
        ({ response, refusal } = await attempt(await renewed(header)));
      }
      if (refusal !== undefined) throw refusal.error;
      return response;
    },
  };
}
