import { describe, expect, it } from "vitest";
import { counted, dateAndTime, shortDigest, sizeInWords, timeOfDay } from "../../../../local/gallery/format.ts";

describe("a size", () => {
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1.0 KiB"],
    [1024 * 1024 - 1, "1.0 MiB"],
    [5_245_992, "5.0 MiB"],
    [3 * 1024 ** 3, "3.0 GiB"],
    [2048 * 1024 ** 4, "2048.0 TiB"],
  ])("of %i bytes is %s", (bytes, words) => {
    expect(sizeInWords(bytes)).toBe(words.replace(" ", "\u00a0"));
  });
});

describe("a time", () => {
  it("is told in the time zone of the process", () => {
    const date = new Date(2026, 2, 2, 8, 5, 9);

    expect(dateAndTime(date)).toBe("2026-03-02 08:05");
    expect(timeOfDay(date)).toBe("08:05:09");
  });
});

describe("a digest", () => {
  it("is cut after twelve digits, and any other text is not", () => {
    expect(shortDigest(`sha256:${"0123456789abcdef".repeat(4)}`)).toBe("sha256:0123456789ab");
    expect(shortDigest("none")).toBe("none");
  });
});

describe("a count", () => {
  it("has its noun in the right number", () => {
    expect([counted(0, "image"), counted(1, "image"), counted(2, "repository", "repositories")]).toEqual([
      "0 images",
      "1 image",
      "2 repositories",
    ]);
  });
});
