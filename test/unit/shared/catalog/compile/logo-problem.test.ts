import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { logoProblem } from "#shared/catalog/compile/logo-problem.ts";
import { chunk, png } from "./png.ts";

describe("logoProblem", () => {
  it.each([
    [60, 60],
    [2_048, 60],
    [60, 2_048],
  ])("accepts %i x %i pixels", (width, height) => {
    expect(logoProblem(png(width, height))).toBeUndefined();
  });

  it("accepts the example's logo", async () => {
    expect(logoProblem(await readFile("policies/catalog/team-a-api/logo.png"))).toBeUndefined();
  });

  it.each([
    [59, 60],
    [60, 2_049],
  ])("refuses %i x %i pixels", (width, height) => {
    expect(logoProblem(png(width, height))).toEqual({
      rule: "logo-size",
      message: `is ${width} x ${height} pixels; ECR Public takes 60 to 2048 a side`,
    });
  });

  it("refuses a byte more than ECR Public takes, and accepts that many", () => {
    const rest = 512_000 - png(60, 60).length - 12;
    const padded = (size: number) => png(60, 60, { chunks: [chunk("tEXt", Buffer.alloc(size, 32))] });

    expect(logoProblem(padded(rest))).toBeUndefined();
    expect(logoProblem(padded(rest + 1))).toEqual({
      rule: "logo-bytes",
      message: "has 512001 bytes; ECR Public takes 512000 at most",
    });
  });

  it.each([
    ["\xff\xd8\xff\xe0 and more", "is no PNG image but JPEG; save it as PNG"],
    ["GIF89a and more", "is no PNG image but GIF; save it as PNG"],
    ["RIFF\x01\x02\x03\x04WEBP", "is no PNG image but WebP; save it as PNG"],
    ["\n<svg></svg>", "is no PNG image but SVG or other text; save it as PNG"],
    ["", "is no PNG image; save it as PNG"],
  ])("names what %j is instead", (bytes, message) => {
    expect(logoProblem(Buffer.from(bytes, "latin1"))).toEqual({ rule: "logo-format", message });
  });

  it("refuses a picture that is cut off anywhere, or whose header does not fit its checksum", () => {
    const whole = png(60, 60);

    for (let length = 8; length < whole.length; length++) {
      expect(logoProblem(whole.subarray(0, length))?.rule, `${length} bytes`).toBe("logo-format");
    }
    const changed = Buffer.from(whole);
    changed[19] = 61;
    expect(logoProblem(changed)?.message).toBe("is a PNG image without a sound header; save it anew");
  });
});
