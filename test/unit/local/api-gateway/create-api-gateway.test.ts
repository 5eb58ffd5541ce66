import { describe, expect, it } from "vitest";
import { createApiGateway } from "../../../../local/api-gateway/create-api-gateway.ts";
import { AwsError } from "../../../../local/aws/call.ts";
import type { Answer } from "./signed-request.ts";
import { startGateway } from "./start-gateway.ts";

const json = ({ body }: Answer) => JSON.parse(body.toString());
/** Status, type and body of a refusal. */
const told = (answer: Answer) => [answer.status, answer.headers["x-amzn-errortype"], json(answer)];

describe("a request without authorization", () => {
  it("reaches an open method without an identity", async () => {
    const gateway = await startGateway();

    const answer = await gateway.unsigned({
      path: "/v1/health",
      query: { ["__proto__"]: "x" },
      headers: { authorization: "Bearer secret", ["__proto__"]: "y" },
    });

    expect(answer.status).toBe(200);
    expect(gateway.events[0]?.requestContext.identity).toMatchObject({ userArn: null, accessKey: null, caller: null });
    expect(gateway.events[0]?.headers.authorization).toBe("Bearer secret");
    expect(gateway.asked).toEqual([]);
    expect(gateway.defects).toEqual([]);
  });

  it.each([
    ["GET", "/v1/repositories/x/plan"],
    ["GET", "/v1/nothing/here"],
    ["DELETE", "/v1/repositories"],
    ["OPTIONS", "/v1/health"],
    ["GET", "/v1/people"],
  ])("%s %s is told that its token is missing", async (method, path) => {
    const gateway = await startGateway();

    expect(told(await gateway.unsigned({ method, path }))).toEqual([
      403,
      "MissingAuthenticationTokenException",
      { message: "Missing Authentication Token" },
    ]);
    expect(gateway.events).toEqual([]);
  });

  it.each(["/", "/v2/repositories", "/v1x"])("is forbidden at %s, where there is no stage", async (path) => {
    const gateway = await startGateway();

    expect(told(await gateway.unsigned({ path }))).toEqual([403, "ForbiddenException", { message: "Forbidden" }]);
  });
});

describe("a badly signed request", () => {
  it("is shown what should have been signed", async () => {
    const gateway = await startGateway();
    const keys = { ...gateway.user, secretAccessKey: "wrong" };

    const [status, type, { message }] = told(await gateway.signed({ path: "/v1" }, { keys }));

    expect([status, type]).toEqual([403, "InvalidSignatureException"]);
    expect(message).toMatch(
      /^The request signature we calculated does not match the signature you provided\. .*\n\nThe Canonical String for this request should have been\n'GET\n\/v1\n\nhost:127\.0\.0\.1:\d+\n[\s\S]*'\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n\d{8}T\d{6}Z\n\d{8}\/eu-west-1\/execute-api\/aws4_request\n[0-9a-f]{64}'\n$/,
    );
    expect(gateway.events).toEqual([]);
  });

  it("is refused for an unknown key, another service and another Region", async () => {
    const gateway = await startGateway();
    const unknown = { accessKeyId: "AKIAUNKNOWN", secretAccessKey: "x" };

    const answers = [
      await gateway.signed({ path: "/v1" }, { keys: unknown }),
      await gateway.signed({ path: "/v1" }, { service: "ecr" }),
      await gateway.signed({ path: "/v1" }, { region: "us-east-1" }),
      await gateway.unsigned({ path: "/v1", headers: { authorization: "Bearer x" } }),
    ];

    expect(answers.map((answer) => [answer.status, json(answer).message])).toEqual([
      [403, "The security token included in the request is invalid."],
      [403, "Credential should be scoped to correct service: 'execute-api'."],
      [403, "Credential should be scoped to a valid region, not 'us-east-1'."],
      [
        403,
        "Authorization header requires 'Credential' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires 'Signature' parameter.",
      ],
    ]);
  });

  it("is refused when its body was changed on the way", async () => {
    const gateway = await startGateway();
    const sent = { method: "POST", path: "/v1/repositories", headers: { "x-amz-content-sha256": "0".repeat(64) } };

    expect((await gateway.signed({ ...sent, body: "{}" })).status).toBe(403);
  });
});

describe("a caller without permission", () => {
  it("is refused by the ARN of the method", async () => {
    const gateway = await startGateway({
      statements: [
        { Effect: "Allow", Action: "execute-api:Invoke", Resource: "arn:aws:execute-api:*:*:*/v1/GET/repositories/*" },
        { Effect: "Deny", Action: "execute-api:Invoke", Resource: "*/v1/GET/repositories/secret/*" },
      ],
    });
    const get = (path: string) => gateway.signed({ path }, { keys: gateway.role });
    const who = "User: arn:aws:sts::123456789012:assumed-role/ci/build-7 is not authorized to perform";
    const on = `execute-api:Invoke on resource: arn:aws:execute-api:eu-west-1:********9012:${gateway.rest.id}/v1/GET`;

    expect((await get("/v1/repositories/web/plan")).status).toBe(200);
    expect(told(await get("/v1/images/web"))).toEqual([
      403,
      "AccessDeniedException",
      { Message: `${who}: ${on}/images/web because no identity-based policy allows the execute-api:Invoke action` },
    ]);
    expect(told(await get("/v1/repositories/secret/plan"))).toEqual([
      403,
      "AccessDeniedException",
      { Message: `${who}: ${on}/repositories/secret/plan with an explicit deny in an identity-based policy` },
    ]);
  });
});

describe("a function that", () => {
  const failed = { error: { errorType: "Error", errorMessage: "no", trace: [] } };
  const refusal = (code: string) => () => Promise.reject(new AwsError(code, "no"));

  it.each([
    ["fails is 502", async () => failed, 502, "InternalServerErrorException", "Internal server error"],
    [
      "answers in the wrong form is 502",
      async () => ({ payload: "hello" }),
      502,
      "InternalServerErrorException",
      "Internal server error",
    ],
    [
      "cannot be invoked is 500",
      refusal("TooManyRequestsException"),
      500,
      "InternalServerErrorException",
      "Internal server error",
    ],
    [
      "takes longer than its integration is 504",
      () => new Promise<never>(() => {}),
      504,
      "InternalServerErrorException",
      "Endpoint request timed out",
    ],
    ["is sent too much is 413", refusal("RequestTooLargeException"), 413, "BadRequestException", "Request Too Long"],
  ])("%s", async (_, invoke, status, type, message) => {
    const gateway = await startGateway({ invoke, timeoutMs: 50 });

    expect(told(await gateway.signed({ path: "/v1" }))).toEqual([status, type, { message }]);
    expect(gateway.defects).toEqual([]);
  });

  it("breaks in our hands is 500, and told", async () => {
    const defect = new TypeError("broken");
    const gateway = await startGateway({ invoke: () => Promise.reject(defect) });

    expect((await gateway.signed({ path: "/v1" })).status).toBe(500);
    expect(gateway.defects).toEqual([defect]);
  });

  it("answers with bytes, headers and a status has them sent", async () => {
    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
    const gateway = await startGateway({
      invoke: async () => ({
        payload: {
          statusCode: 201,
          headers: { "Content-Type": "image/png" },
          multiValueHeaders: { "X-Many": ["a", "b"] },
          isBase64Encoded: true,
          body: png.toString("base64"),
        },
      }),
    });

    const answer = await gateway.signed({ path: "/v1/images/logo", headers: { accept: "image/png" } });

    expect(answer.status).toBe(201);
    expect(answer.headers).toMatchObject({ "content-type": "image/png", "x-many": "a, b", "content-length": "4" });
    expect(answer.body).toEqual(png);
  });
});

describe("the gateway", () => {
  it("reads no more than 10 MB", async () => {
    const gateway = await startGateway();
    const post = (bytes: number) =>
      gateway.signed({ method: "POST", path: "/v1/repositories", body: Buffer.alloc(bytes, "x") });

    const refused = await post(10 * 1024 * 1024 + 1);

    expect(refused.status).toBe(413);
    expect(refused.headers).toMatchObject({ "content-type": "text; charset=utf-8" });
    expect(refused.body.toString()).toBe("HTTP content length exceeded 10485760 bytes.");
    expect((await post(10 * 1024 * 1024)).status).toBe(200);
  });

  it("refuses two APIs whose stages have the same name", async () => {
    const { rest } = await startGateway();
    const options = {
      invoke: async () => ({ payload: {} }),
      credentials: { find: () => undefined },
      authorize: () => "denied" as const,
      onDefect: () => {},
    };

    expect(() => createApiGateway({ ...options, apis: [rest, { ...rest, name: "Other" }] })).toThrow(
      "the APIs 'Api' and 'Other' both have a stage 'v1': give one another name",
    );
  });
});
