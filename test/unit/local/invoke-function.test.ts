import { describe, expect, it } from "vitest";
import { invokeFunction } from "../../../local/invoke-function.ts";
import type { InvokeResult } from "../../../local/lambda/result.ts";
import { createTimeline } from "../../../local/timeline.ts";

/** An account whose function `work` tells one decision and then ends so; `asked` holds what came to it, and which way. */
function accountThatAnswers(result: InvokeResult) {
  const timeline = createTimeline(() => new Date());
  const asked: unknown[] = [];
  const at = { repository: "team-a/web", text: "it ran", facts: { level: "INFO", template: "team-a" } };
  const answer = async (...how: unknown[]): Promise<InvokeResult> => {
    asked.push(how);
    timeline.add({ kind: "decision", who: "work", what: "ran", ...at });
    timeline.add({ kind: "decision", who: "other", what: "ran", ...at });
    return result;
  };
  const account = {
    timeline,
    invoke: (name: string, bodies: readonly string[]) => answer("batch", name, bodies),
    invokeDirect: (name: string, payload: unknown) => answer("direct", name, payload),
  };
  return { account, asked };
}

async function invoke(text: string, result: InvokeResult) {
  const { account, asked } = accountThatAnswers(result);
  const lines = { out: [] as string[], err: [] as string[] };
  const code = await invokeFunction(
    account,
    { functionName: "work", text },
    { out: (line) => lines.out.push(line), err: (line) => lines.err.push(line) },
  );
  return { code, asked, ...lines };
}

const told = ["decision ran: it ran", '  {"template":"team-a"}'];

describe("npm run invoke", () => {
  it.each([['{"detail-type":"ECR Image Action"}'], ["not JSON"], ["[]"], ["7"], ["null"]])(
    "gives %s to the function in a batch, and tells all on standard output",
    async (text) => {
      const { code, asked, out, err } = await invoke(text, { payload: { batchItemFailures: [] } });

      expect(asked).toEqual([["batch", "work", [text]]]);
      expect(out).toEqual([...told, 'answer: {"payload":{"batchItemFailures":[]}}']);
      expect([code, err]).toEqual([0, []]);
    },
  );

  it("calls the function with any other object, and leaves standard output to its answer", async () => {
    const { code, asked, out, err } = await invoke('{"mode":"plan"}', { payload: { repositories: [] } });

    expect(asked).toEqual([["direct", "work", { mode: "plan" }]]);
    expect(out).toEqual(['{\n  "repositories": []\n}']);
    expect([code, err]).toEqual([0, told]);
  });

  it.each<[string, string, InvokeResult]>([
    [
      "gives a message back",
      '{"detail-type":"x"}',
      { payload: { batchItemFailures: [{ itemIdentifier: "direct-1" }] } },
    ],
    ["answers a batch with nothing", '{"detail-type":"x"}', { payload: null }],
    ["fails on a batch", '{"detail-type":"x"}', { error: { errorType: "Error", errorMessage: "no", trace: [] } }],
    ["fails on a direct call", "{}", { error: { errorType: "Error", errorMessage: "no", trace: [] } }],
  ])("ends with 1 when the function %s", async (_, text, result) => {
    expect((await invoke(text, result)).code).toBe(1);
  });

  it("prints the error of a direct call as Lambda tells it", async () => {
    const { out } = await invoke("{}", { error: { errorType: "Error", errorMessage: "no", trace: [] } });

    expect(JSON.parse(out.join("\n"))).toEqual({ errorType: "Error", errorMessage: "no" });
  });
});
