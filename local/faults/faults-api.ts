/** Faults over HTTP, for tests in another process: `/faults`. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { FaultError } from "./fault.ts";
import type { Faults } from "./faults.ts";
import { parseFault } from "./parse-fault.ts";

const LARGEST_BODY = 64 * 1024;

/**
 * True when the request is one of these, and it answers:
 * - GET /faults: `{"faults":[…]}` with the counts of each;
 * - POST /faults with a rule as JSON, or a JSON text in the form of `--fault`: 201 and the fault; 400 and `{"message"}` for a wrong one;
 * - DELETE /faults, or /faults/ID: 204; 404 for an id that is not there.
 * It asks for no credentials: the account is for this machine alone.
 */
export function createFaultsApi(faults: Faults): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const found = /^\/faults(?:\/([^/]*))?$/.exec((request.url ?? "").split("?")[0] ?? "");
    if (found === null) return false;
    const [, id = ""] = found;
    serve(faults, request, response, id).catch((error: unknown) => {
      // The client went away before its request was whole: nobody is left to answer.
      if (request.destroyed && !request.complete) return;
      if (!(error instanceof FaultError)) throw error;
      answer(response, 400, { message: error.message });
    });
    return true;
  };
}

/** `id`: empty for all faults. */
async function serve(faults: Faults, request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
  const { method } = request;
  if (method === "POST" && id === "") return answer(response, 201, faults.add(ruleOf(await bodyOf(request))));
  request.resume();
  if (method === "GET" && id === "") return answer(response, 200, { faults: faults.list() });
  if (method !== "DELETE") return answer(response, 405, { message: `${method} is not provided here` });
  if (id !== "" && !faults.clear(Number(id))) return answer(response, 404, { message: `there is no fault '${id}'` });
  if (id === "") faults.clear();
  response.writeHead(204).end();
}

function ruleOf(text: string) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FaultError("the body must be a fault as JSON, or a JSON text in the form of --fault");
  }
  // The rule is checked when it is added.
  return typeof value === "string" ? parseFault(value) : (value as Parameters<Faults["add"]>[0]);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new FaultError(`a fault has at most ${LARGEST_BODY} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function answer(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}
