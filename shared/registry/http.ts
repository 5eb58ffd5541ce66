import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { transient } from "../errors.ts";

export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PATCH" | "PUT";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** A stream is piped with its own back-pressure. */
  readonly body?: Buffer | Readable;
  readonly signal: AbortSignal;
}

/** Sends one request and gives its response, whose body the caller must read or destroy. */
export type Send = (request: HttpRequest) => Promise<IncomingMessage>;

/** A peer that says nothing for this long is taken for gone. */
const SILENCE_MS = 60_000;

/**
 * HTTP over connections that are kept and used again; `node:https` and not fetch, since the copy is bound by CPU and this takes
 * the least of it. Errors: transient `registry-unreachable`, with the host and path and without the query, which may be signed.
 */
export function createSend(): Send {
  const agents = {
    "http:": new HttpAgent({ keepAlive: true }),
    "https:": new HttpsAgent({ keepAlive: true }),
  } as const;

  return async ({ method, url, headers, body, signal }) => {
    const secure = url.protocol === "https:";
    const agent = secure ? agents["https:"] : agents["http:"];
    const outgoing = (secure ? httpsRequest : httpRequest)(url, {
      method,
      headers,
      agent,
      signal,
      timeout: SILENCE_MS,
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer for ${SILENCE_MS / 1000} s`)));
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once("response", resolve).once("error", reject);
    });
    try {
      if (body === undefined || Buffer.isBuffer(body)) {
        outgoing.end(body);
        return await answered;
      }
      // A registry may answer, and refuse, before it has read everything: whichever comes first. The loser's failure is the same one.
      const sent = pipeline(body, outgoing);
      for (const either of [answered, sent]) either.catch(() => {});
      return await Promise.race([answered, sent.then(() => answered)]);
    } catch (error) {
      signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      throw transient("registry-unreachable", `${method} ${redacted(url)}: ${reason}`, error);
    }
  };
}

/** A URL without its query and credentials: signed download URLs carry secrets there. */
export function redacted(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** The body, at most `limit` bytes of it. Errors: transient `registry-answer-too-long`, or the stream's own. */
export async function readBody(response: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      response.destroy();
      throw transient("registry-answer-too-long", `an answer of more than ${limit} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
