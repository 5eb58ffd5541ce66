import { describe, expect, it } from "vitest";
import { isDigest, sha256 } from "#shared/registry/digest.ts";

describe("a digest", () => {
  it("is sha256 of the bytes, in lower-case hex", () => {
    // The digest of no bytes, as FIPS 180-4 and every registry know it.
    expect(sha256(Buffer.alloc(0))).toBe("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it.each([
    [`sha256:${"a".repeat(64)}`, true],
    [`sha256:${"a".repeat(63)}`, false],
    [`sha256:${"A".repeat(64)}`, false],
    [`sha512:${"a".repeat(128)}`, false],
    [`x sha256:${"a".repeat(64)}`, false],
    ["v1", false],
  ])("is told from a tag: %s is one: %s", (reference, expected) => {
    expect(isDigest(reference)).toBe(expected);
  });
});
