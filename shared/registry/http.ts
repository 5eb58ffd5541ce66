import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { finished, type Writable } from "node:stream";
import { AutopilotError, permanent, transient } from "../errors.ts";
import { createDivertingAgents } from "./diverting-agent.ts";

/** Writes a whole body with the back-pressure of `to`, without ending it. It must settle soon after `to` closes. */
export type BodyWriter = (to: Writable) => Promise<void>;

export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PATCH" | "PUT";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | BodyWriter;
  /** For large answers: on a connection of its own, whose answer can be diverted. */
  readonly divertible?: boolean;
  /** Ends the request, and the body of its response. */
  readonly signal?: AbortSignal | undefined;
}

/** Sends one request and gives its response, whose body the caller must read or destroy. */
export type Send = (request: HttpRequest) => Promise<IncomingMessage>;

/**
 * HTTP over connections that are kept and used again; `node:https` and not fetch, since the copy is bound by CPU and this takes
 * the least of it. A connection that the peer closed while it was idle (a frozen Lambda finds many) costs one more try on a fresh one.
 *
 * A peer that says nothing for `silenceMs` is taken for gone; on a write for four times that, since a registry checks the digest of a
 * large layer before it answers, and since an upload stands still while its download is opened again.
 *
 * Errors: the signal's reason; an AutopilotError of the body's writer as it is; otherwise transient `registry-unreachable`, with the
 * host and path and without the query, which may be signed.
 */
export function createSend({ silenceMs = 30_000 }: { silenceMs?: number } = {}): Send {
  const kept = { "http:": new HttpAgent({ keepAlive: true }), "https:": new HttpsAgent({ keepAlive: true }) };
  const diverting = createDivertingAgents();

  return async (request) => {
    const { method, url, body, signal } = request;
    signal?.throwIfAborted();
    const timeout = method === "GET" || method === "HEAD" ? silenceMs : 4 * silenceMs;
    const agents = request.divertible ? diverting : kept;
    const first = begin(request, url.protocol === "https:" ? agents["https:"] : agents["http:"], timeout);
    try {
      try {
        return await first.answer;
      } catch (error) {
        if (typeof body === "function" || signal?.aborted || !isStale(first.outgoing, error)) throw error;
        return await begin(request, false, timeout).answer;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof AutopilotError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw transient("registry-unreachable", `${method} ${redacted(url)}: ${reason}`, error);
    }
  };
}

/** `agent` false: a connection of its own. */
function begin(
  { method, url, headers, body, signal }: HttpRequest,
  agent: HttpAgent | HttpsAgent | false,
  timeout: number,
): { outgoing: ClientRequest; answer: Promise<IncomingMessage> } {
  const options = { method, headers, agent, timeout, ...(signal !== undefined && { signal }) };
  const outgoing = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, options);
  outgoing.on("timeout", () => outgoing.destroy(new Error(`silent for ${timeout / 1000} s`)));
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once("response", resolve).on("error", reject);
  });
  if (typeof body === "function") return { outgoing, answer: answerWhileWriting(outgoing, answered, body) };
  outgoing.end(body);
  return { outgoing, answer: answered };
}

/** A registry may answer, and refuse, before it has read everything; one that accepts is taken at its word only after the last byte. */
async function answerWhileWriting(
  outgoing: ClientRequest,
  answered: Promise<IncomingMessage>,
  write: BodyWriter,
): Promise<IncomingMessage> {
  const sent = write(outgoing).then(() => void outgoing.end());
  // A body that cannot be written to its end must not look whole: the connection is cut.
  sent.catch((error: Error) => outgoing.destroy(error));
  // Whichever loses the race fails for the same reason.
  answered.catch(() => {});
  const response = await Promise.race([answered, sent.then(() => answered)]);
  if ((response.statusCode ?? 0) < 300) await sent;
  else if (!outgoing.writableFinished) finished(response, () => outgoing.destroy());
  return response;
}

/** Whether the peer had closed a kept connection before this request reached it. */
function isStale(outgoing: ClientRequest, error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return outgoing.reusedSocket && (code === "ECONNRESET" || code === "EPIPE");
}

/** A URL without its query and credentials: signed download URLs carry secrets there. */
export function redacted(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/**
 * The body, at most `limit` bytes of it. Errors: permanent `registry-answer-too-long`; transient `registry-unreachable` for one that
 * breaks off. `what` is the subject of their sentence.
 */
export async function readBody(response: IncomingMessage, limit: number, what: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw permanent("registry-answer-too-long", `${what} has more than ${limit} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof AutopilotError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw transient("registry-unreachable", `${what} broke off after ${size} bytes: ${reason}`, error);
  }
  return Buffer.concat(chunks);
}

/**
 * Waits for the end of an answer whose body nobody needs: its connection is free then, and the next request need not open another. A body
 * that is longer than an answer should be is not waited for, and costs its connection.
 */
export async function drain(response: IncomingMessage): Promise<void> {
  await readBeginning(response, 64 * 1024);
}

/** The beginning of a body, at most about `limit` bytes, whole or not; the rest is not waited for. */
export async function readBeginning(response: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= limit) break;
    }
  } catch {
    // It only explains a status that is known already: what came is all there is.
  }
  return Buffer.concat(chunks).subarray(0, limit).toString("utf8");
}
