import { describe, expect, it, vi } from "vitest";
import { AwsError } from "../../../../local/aws/call.ts";
import { startInvokeApi } from "./start-invoke-api.ts";

const arn = "arn:aws:lambda:eu-west-1:123456789012:function:work";

describe("Invoke", () => {
  it.each(["work", arn, "work:$LATEST"])("gives what the function %s answers", async (name) => {
    const api = await startInvokeApi({ answer: { payload: { plan: [] } } });

    const { status, headers, body } = await api.invoke(name, { mode: "plan" });

    expect([status, body]).toEqual([200, { plan: [] }]);
    expect(headers).toMatchObject({ "content-type": "application/json", "x-amz-executed-version": "$LATEST" });
    expect(headers["x-amz-function-error"]).toBeUndefined();
    expect(api.invoked).toEqual([
      { functionArn: name.startsWith("arn:") ? arn : `${arn.slice(0, -4)}${name}`, event: { mode: "plan" } },
    ]);
    expect(api.trail).toMatchObject([
      { call: { service: "lambda", operation: "Invoke", parameters: { functionName: name } } },
    ]);
  });

  it("tells the function's error with status 200 and a header", async () => {
    const error = { errorType: "Error", errorMessage: "no", trace: ["Error: no"] };
    const api = await startInvokeApi({ answer: { error } });

    const { status, headers, body } = await api.invoke("work", {});

    expect([status, headers["x-amz-function-error"], body]).toEqual([200, "Unhandled", error]);
  });

  it("answers an Event at once", async () => {
    const pending = Promise.withResolvers<never>();
    const api = await startInvokeApi({ answer: pending.promise });

    const { status, text } = await api.invoke("work", {}, { "x-amz-invocation-type": "Event" });
    const failure = new Error("it came later");
    pending.reject(failure);

    expect([status, text]).toEqual([202, ""]);
    await vi.waitFor(() => expect(api.defects).toEqual([failure]));
  });

  it.each([
    [
      "a function that there is not",
      { answer: new AwsError("ResourceNotFoundException", `Function not found: ${arn}`, { status: 404 }) },
      [404, "ResourceNotFoundException", { Type: "User", Message: `Function not found: ${arn}` }],
    ],
    [
      "a role without the permission",
      { as: "role" as const },
      [
        403,
        "AccessDeniedException",
        {
          Type: "User",
          Message: `User: arn:aws:sts::123456789012:assumed-role/worker/session is not authorized to perform: lambda:InvokeFunction on resource: ${arn} because no identity-based policy allows the lambda:InvokeFunction action`,
        },
      ],
    ],
    [
      "a signature for another service",
      { service: "ecr" },
      [
        400,
        "InvalidSignatureException",
        { Type: "User", Message: "Credential should be scoped to correct service: 'lambda'." },
      ],
    ],
    [
      "a defect",
      { answer: new Error("broken") },
      [500, "ServiceException", { Type: "Service", Message: "An internal error occurred." }],
    ],
  ])("refuses %s", async (_, options, refusal) => {
    const api = await startInvokeApi(options);

    const { status, headers, body } = await api.invoke("work", {});

    expect([status, headers["x-amzn-errortype"], body]).toEqual(refusal);
    expect(api.defects).toEqual(status === 500 ? [new Error("broken")] : []);
  });

  it("refuses a payload that is no JSON object, and runs nothing", async () => {
    const api = await startInvokeApi();

    const { status, headers } = await api.invoke("work", "not JSON");

    expect([status, headers["x-amzn-errortype"]]).toEqual([400, "SerializationException"]);
    expect(api.invoked).toEqual([]);
  });

  it("takes a role with the permission on the function", async () => {
    const statements = [{ Effect: "Allow" as const, Action: "lambda:InvokeFunction", Resource: arn }];
    const api = await startInvokeApi({ as: "role", statements });

    expect((await api.invoke("work", {})).status).toBe(200);
    expect((await api.invoke("play", {})).status).toBe(403);
  });

  it.each([
    ["GET", "/2015-03-31/functions/work/invocations"],
    ["POST", "/2015-03-31/functions/work"],
    ["POST", "/2015-03-31/functions/%zz/invocations"],
    ["POST", "/"],
  ])("leaves %s %s to others", async (method, path) => {
    const api = await startInvokeApi();

    expect((await fetch(`${api.url}${path}`, { method })).status).toBe(418);
  });
});
