/** The AWS JSON protocol: bodies in, bodies out. https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
import type { IncomingMessage, ServerResponse } from "node:http";
import { AwsError } from "./call.ts";
import { serialization } from "./refusals.ts";

/** Above the 20 MiB that a layer part may have, in base64. */
export const largestBody = 32 * 1024 * 1024;

/** The whole body. Error: RequestEntityTooLargeException (413) past `largestBody`; the rest is then left unread. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Not destroyed on leaving the loop: the refusal still has to go out on the same connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) {
      throw new AwsError("RequestEntityTooLargeException", `The request body is larger than ${largestBody} bytes.`, {
        status: 413,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body as a JSON object; an empty body is `{}`. Error: SerializationException. */
export function parseBody(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw serialization("The request body is not valid JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw serialization("Start of structure or map was expected");
  }
  return value as Record<string, unknown>;
}

/** JSON with Dates as epoch seconds (with milliseconds as a fraction) and Buffers in base64. */
export function encodeBody(value: Record<string, unknown>): string {
  return JSON.stringify(encodeValue(value));
}

function encodeValue(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Buffer.isBuffer(value)) return value.toString("base64");
  if (Array.isArray(value)) return value.map(encodeValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, encodeValue(member)]));
}

/** `version`: of the AWS JSON protocol; `status` 200 or the error's. */
export function answer(
  response: ServerResponse,
  reply: { status: number; body: Record<string, unknown>; version: "1.0" | "1.1" },
): void {
  const text = encodeBody(reply.body);
  response.writeHead(reply.status, {
    "content-type": `application/x-amz-json-${reply.version}`,
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

/** The body of an error: the SDK reads `__type`, `message` and the members that the model gives the error. */
export function errorBody(error: AwsError): Record<string, unknown> {
  return { ...error.fields, __type: error.code, message: error.message };
}
