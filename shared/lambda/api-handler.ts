import middy from "@middy/core";
import errorHandler from "@middy/http-error-handler";
import jsonBodyParser from "@middy/http-json-body-parser";
import router from "@middy/http-router";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context, Handler } from "aws-lambda";
import { ApiError, OURS } from "../api/problem.ts";
import type { LambdaObserver } from "../observability/powertools-observer.ts";
import { type ApiCall, callOf, largerThanAllowed } from "./api-call.ts";
import { toldError } from "./api-error.ts";
import type { Invocation } from "./queue-handler.ts";

/** One route: an answer to a call. `path` as middy's router has it: `{proxy+}` at its end takes the rest, `{id}` one segment. */
export interface ApiRoute {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  /** Errors: ApiError is told as it is, all others as a 5xx without a reason. */
  readonly answer: (call: ApiCall, invocation: Invocation) => Promise<ApiAnswer>;
}

export interface ApiAnswer {
  readonly status: number;
  /** Sent as JSON; a text is JSON already. */
  readonly body: object | string;
}

export interface ApiHandlerOptions {
  readonly observer: LambdaObserver;
  readonly routes: readonly ApiRoute[];
  /** How long before the Lambda deadline a request is given up, so that the answer still gets out. */
  readonly reserveMs?: number;
}

/**
 * A Lambda handler for the proxy events of a REST API: routes, checks of size and type, and problem details for every error.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format
 */
export function apiHandler({ observer, routes, reserveMs = 1_000 }: ApiHandlerOptions) {
  const parser = jsonBodyParser();
  const route = router<APIGatewayProxyEvent, APIGatewayProxyResult>({
    routes: routes.map(({ method, path, answer }) => {
      const handler = async (event: APIGatewayProxyEvent, context: Context, { signal }: { signal: AbortSignal }) => {
        const remainingMs = () => context.getRemainingTimeInMillis() - reserveMs;
        const { status, body } = await answer(callOf(event), { signal, remainingMs });
        const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
        return { statusCode: status, headers, body: typeof body === "string" ? body : JSON.stringify(body) };
      };
      // middy hands on its signal where the types have Lambda's old callback.
      return { method, path, handler: handler as unknown as Handler<APIGatewayProxyEvent, APIGatewayProxyResult> };
    }),
    notFoundResponse: ({ method, path }) => {
      throw unrouted(routes, method, path);
    },
  });

  return (
    middy<APIGatewayProxyEvent, APIGatewayProxyResult, Error, Context>(route, {
      timeoutEarlyInMillis: reserveMs,
      timeoutEarlyResponse: () => {
        throw new ApiError("unavailable", "the request took longer than an answer may");
      },
    })
      .use({
        before: ({ event, context }) => {
          observer.begin(context);
          // API Gateway's own are those of its one resource; the router finds those of the route.
          event.pathParameters = null;
        },
        after: () => end(observer),
        onError: () => end(observer),
      })
      // It makes an answer of the error below; what it writes to the log by itself would lack the request.
      .use(errorHandler({ logger: false, fallbackMessage: OURS }))
      .use({ onError: (request) => toldError(observer, request) })
      .use({
        before: (request) => {
          if (request.event.body === null || request.event.body === "") return;
          if (largerThanAllowed(request.event)) throw new ApiError("body-too-large", "a body has 64 KiB at most");
          parser.before?.(request as Parameters<NonNullable<typeof parser.before>>[0]);
        },
      })
  );
}

/** The work is done: what fails in telling of it must not change the answer. */
async function end(observer: LambdaObserver): Promise<void> {
  try {
    await observer.end();
  } catch (error) {
    observer.failed(error, {});
  }
}

/** Why no route has the request: there is none, or none with this method. */
function unrouted(routes: readonly ApiRoute[], method: string, path: string): ApiError {
  const allowed = routes.filter((route) => patternOf(route.path).test(path)).map((route) => route.method);
  const shown = JSON.stringify(path.slice(0, 300));
  if (allowed.length === 0)
    return new ApiError("route-unknown", `there is no ${shown}; GET /openapi.json lists what there is`);
  const Allow = allowed.join(", ");
  return new ApiError("method-not-allowed", `${shown} takes ${Allow}, not ${method}`, { headers: { Allow } });
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{proxy\+\}/, ".+").replace(/\{\w+\}/g, "[^/]+")}/?$`);
}
