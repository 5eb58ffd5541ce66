import { Agent as HttpAgent, IncomingMessage } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { OnReadOpts, Socket } from "node:net";
import { Duplex } from "node:stream";

/** Takes the bytes of a body where they are received. */
export interface Sink {
  /** Memory for the next bytes, one at least. */
  space(): Uint8Array;
  /** So many bytes are in what `space` gave last. False asks for a pause; what has been received already still comes. */
  took(bytes: number): boolean;
}

export interface Diversion {
  /** What had come before, in order; the sink gets the rest. */
  readonly early: readonly Buffer[];
  /** How many bytes of the body are still to come to the sink; whatever follows them is none of the body's. */
  readonly rest: number;
  /** Ends a pause. */
  resume(): void;
}

/** node:net's sockets give at most 64 KiB at once, TLS 16 KiB. */
const HEAD_BYTES = 64 * 1024;

/**
 * Agents for large downloads: the answers to their requests can be diverted. node:http reads the head, and so every check of it is
 * Node.js's own; it would then copy and wrap each 16 KiB of the body twice, which is a third of all that a copy costs (`npm run
 * bench:mirror`). Connections are not kept: one whose body was diverted is spent.
 */
export function createDivertingAgents(): { readonly "http:": HttpAgent; readonly "https:": HttpsAgent } {
  return { "http:": diverting(new HttpAgent()), "https:": diverting(new HttpsAgent()) };
}

/**
 * Sends the rest of a response's body to `sink`, and no more to the response, which still tells when the connection breaks, and still
 * must be destroyed. Undefined when it cannot be: no connection of these agents, a length that is not told, or a body that has come.
 */
export function divert(response: unknown, sink: Sink): Diversion | undefined {
  if (!(response instanceof IncomingMessage) || response.complete) return undefined;
  const { socket, headers } = response;
  const length = headers["content-length"];
  if (!(socket instanceof DivertibleSocket) || length === undefined || "transfer-encoding" in headers) return undefined;
  // What the socket holds goes through the parser first, and so into the response.
  while (socket.read() !== null);
  const early: Buffer[] = [];
  for (let chunk = response.read(); chunk !== null; chunk = response.read()) early.push(chunk);
  const rest = Number(length) - early.reduce((sum, chunk) => sum + chunk.length, 0);
  socket.divertTo(sink);
  return { early, rest, resume: () => socket.go() };
}

function diverting<A extends HttpAgent>(agent: A): A {
  // Without a callback it gives the socket.
  const connect = agent.createConnection.bind(agent) as (options: object) => Socket;
  agent.createConnection = (options) => new DivertibleSocket((onread) => connect({ ...options, onread }));
  return agent;
}

/** A connection as node:http takes it (any Duplex: http.Agent, createConnection), until its bytes are diverted. */
class DivertibleSocket extends Duplex {
  readonly #inner: Socket;
  readonly #head = Buffer.allocUnsafeSlow(HEAD_BYTES);
  #sink: Sink | undefined;
  /** Whether the memory that is being read into is the sink's. */
  #isSinks = false;

  constructor(connect: (onread: OnReadOpts) => Socket) {
    super();
    const buffer = (): Uint8Array => {
      this.#isSinks = this.#sink !== undefined;
      return this.#sink?.space() ?? this.#head;
    };
    this.#inner = connect({ buffer, callback: (bytes) => this.#received(bytes) })
      .on("error", (error) => this.destroy(error))
      .on("end", () => this.push(null))
      .on("timeout", () => this.emit("timeout"))
      .on("close", () => this.destroy());
  }

  divertTo(sink: Sink): void {
    this.#sink = sink;
    // It may have been paused while nobody read, and the end of the connection must be seen.
    this.resume();
    this.#inner.resume();
  }

  go(): void {
    this.#inner.resume();
  }

  /** For node:http's option `timeout`. */
  setTimeout(ms: number): this {
    this.#inner.setTimeout(ms);
    return this;
  }

  /** How node:http ends a connection that it does not keep. */
  destroySoon(): void {
    this.end(() => this.destroy());
  }

  override _read(): void {
    if (this.#sink === undefined) this.#inner.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#inner.write(chunk, encoding, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#inner.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#inner.destroy();
    done(error);
  }

  #received(bytes: number): boolean {
    if (this.#sink === undefined) return this.push(Buffer.from(this.#head.subarray(0, bytes)));
    if (this.#isSinks) return this.#sink.took(bytes);
    // The first bytes after the diversion: they were received where the head was.
    let goesOn = true;
    for (let at = 0; at < bytes; ) {
      const space = this.#sink.space();
      const part = this.#head.subarray(at, Math.min(bytes, at + space.length));
      space.set(part);
      goesOn = this.#sink.took(part.length);
      at += part.length;
    }
    return goesOn;
  }
}
