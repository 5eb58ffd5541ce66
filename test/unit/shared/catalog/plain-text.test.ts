import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainText, shorten } from "#shared/catalog/plain-text.ts";

function clusters(text: string): string[] {
  return [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)].map(({ segment }) => segment);
}

describe("a plain text", () => {
  it("that fits stays", () => {
    const text = "a".repeat(1_024);

    expect(plainText(text)).toBe(text);
  });

  it("is one line, without what nobody sees", () => {
    expect(plainText(" Two\r\n lines\tand\u0007 \u202ea bell\u0085 ")).toBe("Two lines and a bell");
  });

  it("is cut after the last sentence that fits", () => {
    expect(shorten("One is here. Two is here. Three is here.", 30)).toBe("One is here. Two is here. …");
  });

  it("is cut after a word where the last sentence would leave less than half", () => {
    expect(shorten("One. Then a long sentence that goes on", 30)).toBe("One. Then a long sentence…");
  });

  it("is cut after a character where there are no words", () => {
    expect(shorten("x".repeat(50), 30)).toBe(`${"x".repeat(29)}…`);
  });

  it.each([
    ["a family", "👩‍👩‍👧‍👦"],
    ["a flag", "🇩🇪"],
    ["an accent", "e\u0301"],
    ["a Devanagari syllable", "क्षि"],
    ["a hand with its colour", "👍🏽"],
    ["a letter that goes before what follows", "\u0d4e👍"],
  ])("is never cut within %s", (_, cluster) => {
    for (let limit = 8; limit < 60; limit += 1) {
      const text = shorten(`Start ${cluster.repeat(40)}`, limit);

      expect(text.length).toBeLessThanOrEqual(limit);
      expect(text.endsWith("…")).toBe(true);
      expect(["S", "t", "a", "r", " ", "…", cluster]).toEqual(expect.arrayContaining(clusters(text)));
    }
  });

  it("leaves nothing of a character that alone is too long", () => {
    expect(shorten(`e${"\u0301".repeat(5_000)}`, 1_024)).toBe("…");
  });

  it("is right for any text: within the limit, whole characters, the same when made again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), fc.integer({ min: 2, max: 300 }), (text, limit) => {
        const short = plainText(text, limit);
        const kept = short.replace(/ ?…$/, "");

        expect(short.length).toBeLessThanOrEqual(limit);
        expect(short.isWellFormed()).toBe(true);
        expect(plainText(short, limit)).toBe(short);
        if (plainText(text, 10_000).length > limit) {
          expect(short.endsWith("…")).toBe(true);
          expect(clusters(plainText(text, 10_000)).slice(0, clusters(kept).length)).toEqual(clusters(kept));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("takes a megabyte in no time", () => {
    expect(plainText("A sentence of a README. ".repeat(43_000)).length).toBeLessThanOrEqual(1_024);
  });
});
