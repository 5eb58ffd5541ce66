import { describe, expect, it } from "vitest";
import type { Answer } from "./signed-request.ts";
import { startGateway } from "./start-gateway.ts";

const json = ({ body }: Answer) => JSON.parse(body.toString());

describe("a signed request", () => {
  it("reaches the function as a proxy event of version 1.0", async () => {
    const gateway = await startGateway();

    const answer = await gateway.signed(
      {
        method: "POST",
        path: "/v1/repositories",
        query: { dryRun: "true", tag: ["a", "b"] },
        headers: { "content-type": "application/json", "User-Agent": "ci/1.0", "X-Trace": "one" },
        body: '{"name":"team-a/web"}',
      },
      { keys: gateway.role },
    );

    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ "content-type": "application/json" });
    expect(json(answer)).toEqual({ ok: true });
    expect(gateway.asked).toEqual([
      `execute-api:Invoke arn:aws:execute-api:eu-west-1:123456789012:${gateway.rest.id}/v1/POST/repositories`,
    ]);
    const principal = expect.stringMatching(/^AROA[0-9A-F]{17}:build-7$/);
    expect(gateway.events).toEqual([
      {
        resource: "/repositories",
        path: "/repositories",
        httpMethod: "POST",
        headers: expect.objectContaining({
          "content-type": "application/json",
          "X-Trace": "one",
          "X-Forwarded-For": "127.0.0.1",
          "X-Forwarded-Port": "443",
          "X-Forwarded-Proto": "https",
          "X-Amzn-Trace-Id": expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
        }),
        multiValueHeaders: expect.objectContaining({ "X-Trace": ["one"] }),
        queryStringParameters: { dryRun: "true", tag: "b" },
        multiValueQueryStringParameters: { dryRun: ["true"], tag: ["a", "b"] },
        pathParameters: null,
        stageVariables: { colour: "blue" },
        requestContext: {
          resourceId: gateway.rest.resources.find(({ path }) => path === "/repositories")?.id,
          resourcePath: "/repositories",
          httpMethod: "POST",
          extendedRequestId: answer.headers["x-amz-apigw-id"],
          requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
          path: "/v1/repositories",
          accountId: "123456789012",
          protocol: "HTTP/1.1",
          stage: "v1",
          domainPrefix: gateway.rest.id,
          requestTimeEpoch: expect.any(Number),
          requestId: answer.headers["x-amzn-requestid"],
          identity: {
            cognitoIdentityPoolId: null,
            accountId: "123456789012",
            cognitoIdentityId: null,
            caller: principal,
            sourceIp: "127.0.0.1",
            principalOrgId: null,
            accessKey: gateway.role.accessKeyId,
            cognitoAuthenticationType: null,
            cognitoAuthenticationProvider: null,
            userArn: "arn:aws:sts::123456789012:assumed-role/ci/build-7",
            userAgent: "ci/1.0",
            user: principal,
          },
          domainName: "127.0.0.1",
          deploymentId: gateway.rest.stages[0]?.deploymentId,
          apiId: gateway.rest.id,
        },
        body: '{"name":"team-a/web"}',
        isBase64Encoded: false,
      },
    ]);
  });

  it("does not carry its signature or token to the function", async () => {
    const gateway = await startGateway();

    await gateway.signed({ path: "/v1" }, { keys: gateway.role });

    const names = Object.keys(gateway.events[0]?.headers ?? {}).map((name) => name.toLowerCase());
    expect(names).toContain("x-amz-date");
    expect(names).not.toContain("authorization");
    expect(names).not.toContain("x-amz-security-token");
    expect(names).not.toContain("connection");
    expect(gateway.events[0]).toMatchObject({ path: "/", body: null, queryStringParameters: null });
  });

  it("leaves the path as it is and decodes the query", async () => {
    const gateway = await startGateway();

    await gateway.signed({
      path: "/v1/images/team-a/web%2Bx/",
      query: { email: "a+b@c.d", space: "foo bar", url: "https://x.y/" },
    });

    expect(gateway.events[0]).toMatchObject({
      path: "/images/team-a/web%2Bx/",
      pathParameters: { name: "team-a/web%2Bx" },
      queryStringParameters: { email: "a+b@c.d", space: "foo bar", url: "https://x.y/" },
    });
    expect(gateway.asked[0]).toMatch(/\/v1\/GET\/images\/team-a\/web%2Bx$/);
  });

  it("gives the body in base64 when its type is binary", async () => {
    const gateway = await startGateway();
    const body = Buffer.from([0x89, 0x50, 0xff]);
    const put = (type: string) =>
      gateway.signed({ method: "PUT", path: "/v1/images/x", headers: { "content-type": type }, body });

    await put("image/png; x=y");
    await put("application/octet-stream");

    expect(gateway.events).toMatchObject([
      { body: body.toString("base64"), isBase64Encoded: true },
      { isBase64Encoded: false },
    ]);
  });
});
