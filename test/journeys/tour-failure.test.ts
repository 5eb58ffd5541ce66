import { describe, expect, it } from "vitest";
import { playTour } from "../../local/tour/tour.ts";
import { startTestAccount } from "../support/account.ts";

describe("a tour step that does not come out", () => {
  it("is told with its number and what was seen instead", async () => {
    await using test = await startTestAccount({ createOnPush: true });
    const shown: number[] = [];

    const tour = playTour({ ...test.account, createOnPush: false }, { done: (step) => shown.push(step) });

    await expect(tour).rejects.toMatchObject({
      name: "StepFailed",
      step: 1,
      message: "the push went through, although nothing creates repositories on push",
    });
    expect(shown).toEqual([]);
  });
});
