import type { APIGatewayProxyEvent } from "aws-lambda";
import { ApiError } from "../api/problem.ts";

/** Who calls, as API Gateway has found by the signature. */
export interface Caller {
  readonly arn: string;
  readonly accountId: string | undefined;
}

/** One call of the REST API, out of its proxy event. */
export interface ApiCall {
  /** Of the path, as they stand in it: percent-encoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed; undefined without one. */
  readonly body: unknown;
  /** By name in any case. */
  readonly header: (name: string) => string | undefined;
  /** Undefined where nobody signed, which the stack's API does not let through. */
  readonly caller: Caller | undefined;
}

/** Bytes of a body. API Gateway itself takes 10 MB (quotas of REST APIs). */
export const LARGEST_BODY = 64 * 1024;

export function largerThanAllowed({ body, isBase64Encoded }: Pick<APIGatewayProxyEvent, "body" | "isBase64Encoded">) {
  return body !== null && Buffer.byteLength(body, isBase64Encoded ? "base64" : "utf8") > LARGEST_BODY;
}

/** Reads the event, whose body is parsed by now. Errors: ApiError `request-invalid` for a query field that is given twice. */
export function callOf(event: APIGatewayProxyEvent): ApiCall {
  const { userArn, accountId } = event.requestContext.identity;
  const headers = Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  const parameters = Object.entries(event.pathParameters ?? {}).map(([name, value]) => [name, value ?? ""] as const);
  return {
    parameters: Object.fromEntries(parameters),
    query: queryOf(event),
    body: event.body === null || event.body === "" ? undefined : event.body,
    header: (name) => headers.find(([known]) => known === name.toLowerCase())?.[1],
    caller: userArn === null ? undefined : { arn: userArn, accountId: accountId ?? undefined },
  };
}

function queryOf({ queryStringParameters, multiValueQueryStringParameters }: APIGatewayProxyEvent) {
  for (const [name, values] of Object.entries(multiValueQueryStringParameters ?? {})) {
    if ((values?.length ?? 0) < 2) continue;
    const detail = `query.${name.slice(0, 100)} is given ${values?.length} times; give it once`;
    throw new ApiError("request-invalid", detail, { rule: "schema" });
  }
  const fields = Object.entries(queryStringParameters ?? {}).map(([name, value]) => [name, value ?? ""] as const);
  return Object.fromEntries(fields);
}
