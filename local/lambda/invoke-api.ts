/** Invoke of Lambda's API, for `aws lambda invoke`. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type AccountContext, AwsError, type Call } from "../aws/call.ts";
import type { CredentialStore } from "../aws/credentials.ts";
import { verifySignature } from "../aws/sigv4.ts";
import { parseBody, readBody } from "../aws/wire.ts";
import type { InvokeResult } from "./result.ts";

export interface InvokeApiOptions {
  readonly account: Pick<AccountContext, "accountId" | "region" | "perform">;
  readonly credentials: Pick<CredentialStore, "find">;
  /** Runs a function by ARN. Errors: AwsError, ResourceNotFoundException among them. */
  readonly invoke: (functionArn: string, event: unknown) => Promise<InvokeResult>;
  /** Told of errors that are the account's own; the caller gets ServiceException. */
  readonly onDefect: (error: unknown) => void;
}

type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown };

const PATH = /^\/2015-03-31\/functions\/((?:[\w:$-]|%3[Aa]|%24)+)\/invocations$/;

/**
 * True when the request is an Invoke, and it answers: RequestResponse with what the function answers or raises, Event with 202 before it has run
 * (once; Lambda would try again). Needs lambda:InvokeFunction on the function.
 */
export function createInvokeApi(options: InvokeApiOptions) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const [, name] = PATH.exec(request.url?.split("?")[0] ?? "") ?? [];
    if (name === undefined || request.method !== "POST") return false;
    const requestId = randomUUID();
    serve(options, request, { name, requestId })
      .catch((error: unknown) => refusal(error, options.onDefect))
      .then(({ status, headers, body }) => {
        // What was not read of a body that is too large would otherwise be taken for the next request.
        if (!request.complete) response.setHeader("connection", "close");
        response.writeHead(status, { "content-type": "application/json", "x-amzn-requestid": requestId, ...headers });
        response.end(status === 202 ? "" : JSON.stringify(body ?? null));
      });
    return true;
  };
}

async function serve(
  { account, credentials, invoke, onDefect }: InvokeApiOptions,
  request: IncomingMessage,
  { name, requestId }: { readonly name: string; readonly requestId: string },
): Promise<Answer> {
  const { method = "", url = "", headers, socket } = request;
  const { accountId, region } = account;
  const body = await readBody(request);
  const expected = { service: "lambda", regions: [region] };
  const { accessKeyId } = verifySignature({ method, url, headers, body }, (id) => credentials.find(id), expected);
  const identity = credentials.find(accessKeyId)?.identity;
  if (identity === undefined) throw new Error("credentials vanished between signature and use");
  const given = decodeURIComponent(name);
  const functionArn = given.startsWith("arn:") ? given : `arn:aws:lambda:${region}:${accountId}:function:${given}`;
  const invocationType = String(headers["x-amz-invocation-type"] ?? "RequestResponse");
  const call: Call = {
    service: "lambda",
    operation: "Invoke",
    action: "lambda:InvokeFunction",
    parameters: { functionName: given, invocationType },
    resources: [functionArn],
    readOnly: false,
    identity,
    region,
    via: "api",
    sourceIp: (socket.remoteAddress ?? "").replace(/^::ffff:/, ""),
    userAgent: headers["user-agent"] ?? "",
    requestId,
  };
  return account.perform<Answer>(call, async () => {
    const running = invoke(functionArn, parseBody(body));
    if (invocationType !== "Event") return told(await running);
    running.catch(onDefect);
    return { status: 202 };
  });
}

function told(result: InvokeResult): Answer {
  const headers = { "x-amz-executed-version": "$LATEST" };
  if ("payload" in result) return { status: 200, headers, body: result.payload };
  return { status: 200, headers: { ...headers, "x-amz-function-error": "Unhandled" }, body: result.error };
}

/** In Lambda's form; its denials have another status than ECR's. */
function refusal(error: unknown, onDefect: (error: unknown) => void): Answer {
  if (!(error instanceof AwsError)) onDefect(error);
  const { code, message, status } =
    error instanceof AwsError
      ? error
      : new AwsError("ServiceException", "An internal error occurred.", { status: 500 });
  return {
    status: code === "AccessDeniedException" ? 403 : status,
    headers: { "x-amzn-errortype": code },
    body: { Type: status < 500 ? "User" : "Service", Message: message },
  };
}
