/** The faults that a connection may have, around a handler that knows nothing of them. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { resetConnection, resetInsteadOfAnswer, truncateAnswer } from "./break-connection.ts";
import type { Described, DescribeRequest } from "./describe-request.ts";
import { DOWNLOAD, type Fault } from "./fault.ts";
import { type Faults, isServiceError } from "./faults.ts";

type Listener = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/**
 * The listener, with the faults of the connection: slow, unavailable, reset-before, reset-after, truncate-blob. Slowness may come with
 * another fault; of the others, one strikes. Without a fault a request passes untouched. Errors of the service are raised by `faults.observe`,
 * except where no call comes of a request: those of the public host's reads and of blob downloads are answered here.
 */
export function withFaults(faults: Faults, listener: Listener, describe: DescribeRequest): Listener {
  return async (request, response) => {
    if (faults.list().length === 0) return listener(request, response);
    const described = await describe(request);
    if (described === undefined) return listener(request, response);

    const slow = faults.strike(described, (fault) => typeof fault === "object");
    if (typeof slow === "object") await delay(slow.slowMs, undefined, { ref: false });
    if (request.destroyed && !request.complete) return;

    const fault = faults.strike(described, (kind) => strikesHere(kind, described));
    if (fault === "reset-before") return resetConnection(request);
    if (fault === "unavailable") return answerUnavailable(request, response);
    if (fault === "throttle" || fault === "server-error") return answerError(request, response, fault);
    if (fault === "reset-after") resetInsteadOfAnswer(request, response);
    if (fault === "truncate-blob") truncateAnswer(response);
    return listener(request, response);
  };
}

function strikesHere(fault: Fault, { operation, isCall }: Described): boolean {
  if (typeof fault === "object") return false;
  if (isServiceError(fault)) return !isCall;
  return fault !== "truncate-blob" || operation === DOWNLOAD;
}

/** As a load balancer in front of a service answers: HTML that no SDK can read as an error. */
function answerUnavailable(request: IncomingMessage, response: ServerResponse): void {
  refuse(request, response, 503, "text/html", "<html><body><b>Http/1.1 Service Unavailable</b></body></html>");
}

/** As the registry hosts tell the errors of the service. */
function answerError(request: IncomingMessage, response: ServerResponse, fault: "throttle" | "server-error"): void {
  const [status, code, message] =
    fault === "throttle" ? [429, "TOOMANYREQUESTS", "Rate exceeded"] : [500, "UNKNOWN", "The service has failed."];
  const body = JSON.stringify({ errors: [{ code, message }] });
  refuse(request, response, Number(status), "application/json; charset=utf-8", `${body}\n`);
}

/** The body that the client is still sending is thrown away, so that it comes to read the answer. */
function refuse(request: IncomingMessage, response: ServerResponse, status: number, type: string, body: string): void {
  request.resume();
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body), connection: "close" });
  response.end(body);
}
