import { describe, expect, it } from "vitest";
import { batchOutcome } from "../../../../local/queues/batch-response.ts";

const outcome = (payload: unknown, report = true) => batchOutcome({ payload }, ["a", "b"], report);

describe("batchOutcome", () => {
  it.each([null, undefined, {}, { batchItemFailures: [] }, { batchItemFailures: null }])(
    "takes %j as success",
    (payload) => {
      expect(outcome(payload)).toEqual({ failed: [], reason: undefined });
    },
  );

  it("returns only what the function names, each once", () => {
    expect(outcome({ batchItemFailures: [{ itemIdentifier: "b" }, { itemIdentifier: "b" }] })).toEqual({
      failed: ["b"],
      reason: undefined,
    });
  });

  it.each([
    ["text", "the answer is not an object with batchItemFailures"],
    [{ batchItemFailures: "a" }, "batchItemFailures is not a list"],
    [{ batchItemFailures: [{ itemIdentifier: "" }] }, "batchItemFailures has an item without an itemIdentifier"],
    [{ batchItemFailures: [{ itemIdentifier: null }] }, "batchItemFailures has an item without an itemIdentifier"],
    [{ batchItemFailures: [{ messageId: "a" }] }, "batchItemFailures has an item without an itemIdentifier"],
    [{ batchItemFailures: ["a"] }, "batchItemFailures has an item without an itemIdentifier"],
    [{ batchItemFailures: [{ itemIdentifier: "z" }] }, "batchItemFailures names 'z', which is not in the batch"],
  ])("fails the whole batch for %j", (payload, reason) => {
    expect(outcome(payload)).toEqual({ failed: ["a", "b"], reason });
  });

  it("fails the whole batch for a function error", () => {
    const error = { errorType: "Error", errorMessage: "boom", trace: [] };

    expect(batchOutcome({ error }, ["a", "b"], true)).toEqual({ failed: ["a", "b"], reason: "Error: boom" });
  });

  it("does not look at the answer unless the mapping says so", () => {
    expect(outcome({ batchItemFailures: [{ itemIdentifier: "a" }] }, false).failed).toEqual([]);
  });
});
