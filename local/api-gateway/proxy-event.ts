/**
 * The event of a Lambda proxy integration, version 1.0, as recordings of REST APIs have it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format
 */
import type { Identity } from "../aws/call.ts";
import { traceHeader } from "../events/chains.ts";
import { principalIdOf } from "../events/principal-id.ts";
import { isBinary } from "./binary-media.ts";
import type { Match } from "./match-resource.ts";
import type { RequestIds } from "./request-ids.ts";
import type { RestApi, RestStage } from "./rest-api.ts";

export interface Received {
  readonly method: string;
  /** As it stands in the request line. */
  readonly url: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly httpVersion: string;
}

export interface ProxyRequest extends Match, RequestIds {
  readonly api: RestApi;
  readonly stage: RestStage;
  /** Below the stage, as it stands in the request line, with the slash at its end. */
  readonly path: string;
  /** Undefined for a method without authorization. */
  readonly identity: Identity | undefined;
  readonly received: Received;
  readonly time: Date;
}

type Lists = ReadonlyMap<string, string[]>;

/** The event. An empty map, list or body is null, as recorded. */
export function toProxyEvent(request: ProxyRequest): Record<string, unknown> {
  const { api, stage, resource, path, received, pathParameters } = request;
  const headers = headersOf(request);
  const query = queryOf(received.url);
  const isBase64Encoded =
    received.body.length > 0 && isBinary(api.binaryMediaTypes, headers.get("content-type")?.values.at(-1));
  const lists = new Map([...headers.values()].map(({ name, values }) => [name, values]));
  return {
    resource: resource.path,
    path,
    httpMethod: received.method,
    headers: lastOf(lists),
    multiValueHeaders: Object.fromEntries(lists),
    queryStringParameters: lastOf(query),
    multiValueQueryStringParameters: orNull(Object.fromEntries(query)),
    pathParameters: orNull(pathParameters),
    stageVariables: orNull(stage.variables),
    requestContext: contextOf(request, headers),
    body: received.body.length === 0 ? null : received.body.toString(isBase64Encoded ? "base64" : "utf8"),
    isBase64Encoded,
  };
}

type Headers = ReadonlyMap<string, { readonly name: string; readonly values: string[] }>;

function contextOf(request: ProxyRequest, headers: Headers): Record<string, unknown> {
  const { api, stage, resource, path, received, time } = request;
  const host = (headers.get("host")?.values[0] ?? "").replace(/:\d+$/, "");
  return {
    resourceId: resource.id,
    resourcePath: resource.path,
    httpMethod: received.method,
    extendedRequestId: request.extendedRequestId,
    requestTime: commonLogTime(time),
    path: `/${stage.name}${path}`,
    accountId: api.accountId,
    protocol: `HTTP/${received.httpVersion}`,
    stage: stage.name,
    domainPrefix: api.id,
    requestTimeEpoch: time.getTime(),
    requestId: request.requestId,
    identity: {
      cognitoIdentityPoolId: null,
      accountId: request.identity?.accountId ?? null,
      cognitoIdentityId: null,
      caller: principalOf(request.identity),
      sourceIp: received.sourceIp,
      principalOrgId: null,
      accessKey: request.identity?.accessKeyId ?? null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: request.identity?.arn ?? null,
      userAgent: headers.get("user-agent")?.values.at(-1) ?? null,
      user: principalOf(request.identity),
    },
    domainName: host,
    deploymentId: stage.deploymentId,
    apiId: api.id,
  };
}

function principalOf(identity: Identity | undefined): string | null {
  return identity === undefined ? null : principalIdOf(identity);
}

/**
 * Headers that do not reach an integration (developer guide, "Important notes"), and what carries credentials: a signature is API
 * Gateway's to check, and no function's to see (assumed for the latter).
 */
const dropped = new Set([
  "connection",
  "content-length",
  "content-md5",
  "expect",
  "max-forwards",
  "proxy-authenticate",
  "server",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "www-authenticate",
]);
const credentials = new Set(["authorization", "x-amz-security-token"]);

/** By name in lower case; the name is as the client wrote it first. AWS has TLS only, so the forwarded ones say so. */
function headersOf({ received, identity, time }: ProxyRequest): Headers {
  const found = new Map<string, { name: string; values: string[] }>();
  const add = (name: string, value: string): void => {
    const entry = found.get(name.toLowerCase()) ?? { name, values: [] };
    entry.values.push(value);
    found.set(name.toLowerCase(), entry);
  };
  for (let index = 0; index + 1 < received.rawHeaders.length; index += 2) {
    const name = received.rawHeaders[index] ?? "";
    const isHidden = identity !== undefined && credentials.has(name.toLowerCase());
    if (!dropped.has(name.toLowerCase()) && !isHidden) add(name, received.rawHeaders[index + 1] ?? "");
  }
  const [root = ""] = traceHeader(0, time).split(";");
  add("X-Amzn-Trace-Id", root);
  add("X-Forwarded-For", received.sourceIp);
  add("X-Forwarded-Port", "443");
  add("X-Forwarded-Proto", "https");
  return found;
}

/** Decoded, with `+` as a space (recorded). */
function queryOf(url: string): Lists {
  const at = url.indexOf("?");
  const lists = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(at < 0 ? "" : url.slice(at + 1))) {
    lists.set(name, [...(lists.get(name) ?? []), value]);
  }
  return lists;
}

/** The last value of each counts (recorded for the query). */
function lastOf(lists: Lists): Record<string, string> | null {
  return orNull(Object.fromEntries([...lists].map(([name, values]) => [name, values.at(-1) ?? ""])));
}

function orNull<T extends object>(value: T): T | null {
  return Object.keys(value).length === 0 ? null : value;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `04/Jul/2023:10:36:30 +0000`. */
function commonLogTime(time: Date): string {
  const [day = "", clock = ""] = time.toISOString().slice(0, 19).split("T");
  const [year, month, date] = day.split("-");
  return `${date}/${MONTHS[Number(month) - 1]}/${year}:${clock} +0000`;
}
