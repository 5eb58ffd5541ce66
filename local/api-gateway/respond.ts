/** Answers of the gateway. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { GatewayRefusal } from "./refusal.ts";
import type { RequestIds } from "./request-ids.ts";

/** Sends the headers that are set, the ids and the body. */
export function answer(response: ServerResponse, status: number, ids: RequestIds, body: Buffer): void {
  response.setHeader("x-amzn-RequestId", ids.requestId);
  response.setHeader("x-amz-apigw-id", ids.extendedRequestId);
  response.writeHead(status, { "content-length": body.length });
  response.end(body);
}

export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  ids: RequestIds,
  refusal: GatewayRefusal,
): void {
  const { status, type, member, message } = refusal;
  // What was not read of a body that is too large would otherwise be taken for the next request.
  if (!request.complete) response.setHeader("connection", "close");
  response.setHeader("Content-Type", type === undefined ? "text; charset=utf-8" : "application/json");
  if (type !== undefined) response.setHeader("x-amzn-ErrorType", type);
  answer(response, status, ids, Buffer.from(type === undefined ? message : JSON.stringify({ [member]: message })));
}
