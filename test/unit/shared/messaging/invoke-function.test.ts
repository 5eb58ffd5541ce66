import type { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { invokeFunction } from "#shared/messaging/invoke-function.ts";

function client(answer: { FunctionError?: string; body?: unknown } | Error) {
  const sent: unknown[] = [];
  const send = async ({ input }: InvokeCommand) => {
    sent.push([input.FunctionName, JSON.parse(String(input.Payload))]);
    if (answer instanceof Error) throw answer;
    return { FunctionError: answer.FunctionError, Payload: Buffer.from(JSON.stringify(answer.body ?? null)) };
  };
  return { lambda: { send } as unknown as LambdaClient, sent };
}

describe("a call of another function", () => {
  it("gives its answer", async () => {
    const { lambda, sent } = client({ body: { words: "é" } });

    expect(await invokeFunction(lambda, "plan", { mode: "plan", from: undefined })).toEqual({ words: "é" });
    expect(sent).toEqual([["plan", { mode: "plan" }]]);
  });

  it.each<[string, { FunctionError?: string; body?: unknown } | Error, string, boolean, string]>([
    [
      "a function that does not take it",
      {
        FunctionError: "Unhandled",
        body: { errorType: "AutopilotError", errorMessage: "not a sweep by hand: x is missing" },
      },
      "call-refused",
      true,
      "plan does not take the call: not a sweep by hand: x is missing",
    ],
    [
      "a function that failed",
      { FunctionError: "Unhandled", body: { errorType: "TypeError", errorMessage: "no" } },
      "call-failed",
      false,
      "plan failed: TypeError: no",
    ],
    ["a function that timed out", { FunctionError: "Unhandled" }, "call-failed", false, "plan failed: Unhandled: "],
    ["a call that Lambda refused", new Error("denied"), "call-failed", false, "could not call plan: Error: denied"],
  ])("raises %s", async (_, answer, code, permanent, message) => {
    const { lambda } = client(answer);

    await expect(invokeFunction(lambda, "plan", {})).rejects.toMatchObject({ code, permanent, message });
  });
});
