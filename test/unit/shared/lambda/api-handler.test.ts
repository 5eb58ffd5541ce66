import type { Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { ApiError } from "#shared/api/problem.ts";
import { permanent, transient } from "#shared/errors.ts";
import { LARGEST_BODY } from "#shared/lambda/api-call.ts";
import { type ApiRoute, apiHandler } from "#shared/lambda/api-handler.ts";
import { recordingObserver } from "../../../support/recording-observer.ts";
import { type ApiRequest, CALLER, eventOf } from "../../functions/repository-api/start-api.ts";

function handling(answer: ApiRoute["answer"], remainingMs = 29_000, event: object = {}) {
  const observed = recordingObserver();
  const routes: ApiRoute[] = [
    { method: "GET", path: "/things", answer },
    { method: "POST", path: "/things", answer },
    { method: "PUT", path: "/things/{proxy+}", answer },
    { method: "POST", path: "/things/{id}/replay", answer },
  ];
  const handler = apiHandler({ observer: observed.observer, routes });
  const context = { awsRequestId: "l1", functionName: "f", getRemainingTimeInMillis: () => remainingMs } as Context;
  return {
    ...observed,
    async request(made: ApiRequest) {
      const { statusCode, headers, body } = await handler({ ...eventOf(made), ...event }, context);
      return { status: statusCode, headers, body: JSON.parse(body) };
    },
  };
}

const echo: ApiRoute["answer"] = async ({ parameters, query, body, caller }) => ({
  status: 200,
  body: { parameters, query, body, caller },
});

describe("a request", () => {
  it("is told its route's parameters, its query, its body and its caller", async () => {
    const { request } = handling(echo);

    const put = await request({ method: "PUT", path: "/things/a%2Fb/c", query: { q: "1" }, body: { x: 1 } });
    const replay = await request({ method: "POST", path: "/things/id-1/replay" });

    expect(put.body).toEqual({
      parameters: { proxy: "a%2Fb/c" },
      query: { q: "1" },
      body: { x: 1 },
      caller: { arn: CALLER, accountId: "123456789012" },
    });
    expect(replay.body.parameters).toEqual({ id: "id-1" });
    expect(put.headers).toEqual({ "Content-Type": "application/json", "Cache-Control": "no-store" });
  });

  it.each<[string, ApiRequest, number, string]>([
    ["to nowhere", { path: "/nothing" }, 404, "route-unknown"],
    ["to the root", { path: "/" }, 404, "route-unknown"],
    ["by another method", { method: "DELETE", path: "/things" }, 405, "method-not-allowed"],
    ["with a body that is no JSON", { method: "POST", path: "/things", body: "{" }, 400, "body-malformed"],
    ["with a forbidden key", { method: "POST", path: "/things", body: '{"__proto__":{}}' }, 400, "body-malformed"],
    [
      "with a body of another type",
      { method: "POST", path: "/things", body: "{}", headers: { "content-type": "text/plain" } },
      415,
      "content-type-unsupported",
    ],
    [
      "with a body that is too large",
      { method: "POST", path: "/things", body: `"${"x".repeat(LARGEST_BODY - 1)}"` },
      413,
      "body-too-large",
    ],
  ])("%s is refused on record", async (_, made, status, code) => {
    const { request, decisions, failures } = handling(echo);

    const answer = await request(made);

    expect(answer).toMatchObject({ status, body: { status, code, requestId: "req-1" } });
    expect(answer.headers?.["Content-Type"]).toBe("application/problem+json");
    expect(decisions).toMatchObject([{ decision: "request-refused", code, apiRequestId: "req-1", caller: CALLER }]);
    expect(failures).toEqual([]);
  });

  it("by another method learns which there are", async () => {
    const { request } = handling(echo);

    expect((await request({ method: "DELETE", path: "/things" })).headers).toMatchObject({ Allow: "GET, POST" });
  });

  it("may have 64 KiB, whatever the letters take", async () => {
    const { request } = handling(echo);

    const fits = await request({ method: "POST", path: "/things", body: `"${"x".repeat(LARGEST_BODY - 2)}"` });
    const letters = await request({ method: "POST", path: "/things", body: `"${"é".repeat(LARGEST_BODY / 2)}"` });

    expect([fits.status, letters.status]).toEqual([200, 413]);
  });

  it("with a field of the query twice is refused", async () => {
    const twice = { multiValueQueryStringParameters: { limit: ["1", "2"] } };
    const { request } = handling(echo, 29_000, twice);

    expect(await request({ path: "/things" })).toMatchObject({
      status: 422,
      body: { code: "request-invalid", detail: "query.limit is given 2 times; give it once" },
    });
  });

  it("takes a body in base64", async () => {
    const encoded = { body: Buffer.from('{"x":1}').toString("base64"), isBase64Encoded: true };
    const { request } = handling(echo, 29_000, encoded);

    expect((await request({ method: "POST", path: "/things", body: {} })).body.body).toEqual({ x: 1 });
  });
});

describe("an error", () => {
  it.each<[string, unknown, number, string]>([
    ["of the caller", new ApiError("image-unknown", "no such image"), 404, "image-unknown"],
    ["that passes", transient("ecr-throttled", "secret"), 503, "unavailable"],
    ["of a missing permission", transient("ecr-denied", "secret"), 500, "internal-error"],
    ["that stays", permanent("ecr-invalid", "secret"), 500, "internal-error"],
    ["that nobody knows", new TypeError("secret"), 500, "internal-error"],
    ["that is none", "secret", 500, "internal-error"],
    [
      "that only looks like one of HTTP",
      Object.assign(new Error("secret"), { statusCode: 404 }),
      500,
      "internal-error",
    ],
  ])("%s is told as %s %s", async (_, error, status, code) => {
    const { request, failures } = handling(async () => {
      throw error;
    });

    const { body, ...answer } = await request({ path: "/things" });

    expect([answer.status, body.code]).toEqual([status, code]);
    expect(JSON.stringify(body)).not.toContain("secret");
    expect(failures.map((failure) => failure.error)).toEqual(status >= 500 ? [error] : []);
  });

  it("is the answer when the time runs out", async () => {
    const stopped: boolean[] = [];
    const { request, failures } = handling(async (_, { signal }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      stopped.push(true);
      return { status: 200, body: {} };
    }, 1_005);

    expect(await request({ path: "/things" })).toMatchObject({ status: 503, body: { code: "unavailable" } });
    expect(stopped).toEqual([true]);
    expect(failures).toHaveLength(1);
  });
});
