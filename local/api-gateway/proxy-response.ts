/**
 * What a function answered, as the HTTP answer that API Gateway makes of it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format
 */
import { validateHeaderName, validateHeaderValue } from "node:http";
import { isBinary } from "./binary-media.ts";
import { internal } from "./refusal.ts";

export interface ProxyResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

const members = new Set(["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"]);

/** Headers that API Gateway sets itself; the function's come under another name (developer guide, "Important notes"). */
const remapped = new Set(["connection", "content-length", "date", "server"]);

/**
 * Every member may be missing, and no other may be there (recorded: `{}` is 200 without a body). `accept`: the client's Accept header, which
 * decides whether a base64 body is sent as bytes. Error: GatewayRefusal 502 for any other form.
 */
export function toProxyResponse(
  payload: unknown,
  { binaryMediaTypes, accept }: { readonly binaryMediaTypes: readonly string[]; readonly accept: string | undefined },
): ProxyResponse {
  if (!isObject(payload) || Object.keys(payload).some((name) => !members.has(name))) throw internal(502);
  const { statusCode = 200, body = "", isBase64Encoded = false } = payload;
  const status = typeof statusCode === "string" && /^\d+$/.test(statusCode) ? Number(statusCode) : statusCode;
  if (typeof status !== "number" || !Number.isInteger(status) || status < 200 || status > 599) throw internal(502);
  if (body !== null && typeof body !== "string") throw internal(502);
  if (typeof isBase64Encoded !== "boolean") throw internal(502);
  const asBytes = isBase64Encoded && isBinary(binaryMediaTypes, accept);
  return {
    status,
    headers: headersOf(payload.headers, payload.multiValueHeaders),
    body: Buffer.from(body ?? "", asBytes ? "base64" : "utf8"),
  };
}

/** Where a name stands in both, the list holds both (developer guide); without a Content-Type it is JSON. */
function headersOf(single: unknown, lists: unknown): Record<string, string | string[]> {
  const found = new Map<string, { name: string; values: string[] }>();
  const add = (name: string, value: unknown): void => {
    const text = headerText(name, value);
    const key = name.toLowerCase();
    if (key === "transfer-encoding") return;
    const told = remapped.has(key) ? `x-amzn-Remapped-${name}` : name;
    const entry = found.get(key) ?? { name: told, values: [] };
    if (!entry.values.includes(text)) entry.values.push(text);
    found.set(key, entry);
  };
  for (const [name, values] of Object.entries(mapOf(lists))) {
    if (!Array.isArray(values)) throw internal(502);
    for (const value of values) add(name, value);
  }
  for (const [name, value] of Object.entries(mapOf(single))) add(name, value);
  if (!found.has("content-type")) found.set("content-type", { name: "Content-Type", values: ["application/json"] });
  return Object.fromEntries(
    [...found.values()].map(({ name, values }) => [name, values.length === 1 ? (values[0] ?? "") : values]),
  );
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw internal(502);
  return value;
}

/** What HTTP cannot carry is a wrong answer of the function, not a failure of ours. */
function headerText(name: string, value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") throw internal(502);
  try {
    validateHeaderName(name);
    validateHeaderValue(name, String(value));
  } catch {
    throw internal(502);
  }
  return String(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
