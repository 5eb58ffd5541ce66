import { describe, expect, it } from "vitest";
import { startTestAccount } from "../support/account.ts";
import { sampleText } from "../support/events.ts";

describe("an event that is not as documented", () => {
  it.each([
    ["refused-image-pushed-without-repository", "mirror-image", /not an ECR Image Action: repository-name is missing/],
    ["refused-call-without-parameters", "enforce-mutability", /requestParameters is missing/],
    ["refused-no-envelope", "create-repository", /not an EventBridge event: id is missing/],
  ])("%s is refused on record by %s, and acknowledged", async (name, functionName, reason) => {
    await using test = await startTestAccount();

    const result = await test.account.invoke(functionName, [sampleText(name)]);

    expect(result).toEqual({ payload: { batchItemFailures: [] } });
    const refused = test.account.timeline.after(0).filter(({ what }) => what === "event-refused");
    expect(refused).toEqual([expect.objectContaining({ who: functionName, text: expect.stringMatching(reason) })]);
  });

  it("does not harm the others of its batch", async () => {
    await using test = await startTestAccount();

    const bodies = ["not json", sampleText("push-to-missing-repository"), "{}"];
    const result = await test.account.invoke("create-repository", bodies);

    expect(result).toEqual({ payload: { batchItemFailures: [] } });
    expect(test.decisions().filter((name) => name !== "creation-template-written")).toEqual(
      expect.arrayContaining(["event-refused", "repository-created", "event-refused"]),
    );
  });
});
