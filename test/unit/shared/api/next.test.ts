import { describe, expect, it } from "vitest";
import { fromNext, toNext } from "#shared/api/next.ts";

describe("next", () => {
  it("comes back as it went", () => {
    const position = { from: "a+b/c=", counts: { repositories: 1 } };

    expect(toNext(position)).toMatch(/^[\w-]+$/);
    expect(fromNext(toNext(position))).toEqual(position);
  });

  it.each(["", "x", "%%%", Buffer.from("[1]").toString("base64url"), Buffer.from("null").toString("base64url")])(
    "that was never given is refused: %j",
    (next) => {
      expect(() => fromNext(next)).toThrow(expect.objectContaining({ code: "next-refused", rule: "next" }));
    },
  );
});
