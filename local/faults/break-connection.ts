/** Answers that never come, or not whole. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** The client sees its connection reset (ECONNRESET), whatever it has sent. */
export function resetConnection(request: IncomingMessage): void {
  request.socket.resetAndDestroy();
}

/** Lets the handler do all its work, and breaks the connection at the first byte that it would answer. */
export function resetInsteadOfAnswer(request: IncomingMessage, response: ServerResponse): void {
  const broken = (): void => {
    if (!response.destroyed) resetConnection(request);
    response.destroy();
  };
  response.writeHead = () => response;
  response.flushHeaders = broken;
  response.write = () => {
    broken();
    return false;
  };
  response.end = () => {
    broken();
    return response;
  };
}

/** Sends the head and half of the first bytes of the body, and then breaks off: the length that was told is never reached. */
export function truncateAnswer(response: ServerResponse): void {
  const write = response.write.bind(response);
  const end = response.end.bind(response);
  const cut = (chunk: unknown): void => {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : Buffer.from(chunk as Uint8Array);
    write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
  };
  let isCut = false;
  const once = (chunk: unknown): void => {
    if (!isCut) cut(chunk);
    isCut = true;
  };
  response.write = (chunk: unknown) => {
    once(chunk);
    return false;
  };
  response.end = (chunk?: unknown) => {
    if (isBytes(chunk)) once(chunk);
    // An answer without a body has nothing to cut.
    else if (!isCut) end();
    return response;
  };
}

function isBytes(chunk: unknown): chunk is string | Uint8Array {
  return (typeof chunk === "string" || chunk instanceof Uint8Array) && chunk.length > 0;
}
