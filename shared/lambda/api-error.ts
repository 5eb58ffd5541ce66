import type middy from "@middy/core";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { ApiError, PROBLEM_TYPE, PROBLEMS, problemOf } from "../api/problem.ts";
import { AutopilotError } from "../errors.ts";
import type { Observer } from "../observability/observer.ts";

type Request = middy.Request<APIGatewayProxyEvent, APIGatewayProxyResult, Error, Context>;

/**
 * Puts the error of a request on record, and turns it into what middy's error handler answers with: problem details. What the caller did
 * wrong is the decision `request-refused`, everything else a failure with its cause, of which the caller learns nothing.
 */
export function toldError(observer: Observer, request: Request): void {
  const { event, error } = request;
  const { httpMethod, path, requestContext } = event;
  const told = apiErrorOf(error);
  const problem = problemOf(told, requestContext?.requestId ?? "");
  const { status: statusCode, code, rule, detail, requestId } = problem;
  const facts = {
    request: `${httpMethod} ${path}`.slice(0, 500),
    apiRequestId: requestId,
    caller: requestContext?.identity?.userArn ?? undefined,
  };
  if (statusCode >= 500) observer.failed(error, facts);
  else observer.decided({ decision: "request-refused", ...facts, code, rule, reason: detail });
  const headers = { ...told.headers, "Content-Type": PROBLEM_TYPE, "Cache-Control": "no-store" };
  const answer = { statusCode, expose: true, message: JSON.stringify(problem), headers };
  request.error = answer as unknown as Error;
}

/** Seconds after which a request may find what is missing now: a throttled service, a function that is busy. */
const RETRY_AFTER = { "Retry-After": "5" };

function apiErrorOf(error: unknown): ApiError {
  if (error instanceof ApiError) {
    return PROBLEMS[error.code].status === 503
      ? new ApiError(error.code, error.message, { headers: RETRY_AFTER })
      : error;
  }
  if (error instanceof AutopilotError) {
    // A denial is ours to mend, and no retry mends it.
    const isPassing = !error.permanent && error.code !== "ecr-denied";
    return isPassing
      ? new ApiError("unavailable", error.message, { headers: RETRY_AFTER })
      : new ApiError("internal-error", error.message);
  }
  // Those of middy's body parser: 415 for another media type, 422 for what is no JSON or holds a forbidden key.
  const { statusCode, message = "" } = (error ?? {}) as { statusCode?: number; message?: string };
  if (statusCode === 415) return new ApiError("content-type-unsupported", "send Content-Type: application/json");
  if (statusCode === 422) return new ApiError("body-malformed", message, { rule: "json" });
  return new ApiError("internal-error", message);
}
