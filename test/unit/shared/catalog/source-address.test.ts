import { describe, expect, it } from "vitest";
import { absoluteAddress, sourceAddress } from "#shared/catalog/source-address.ts";

function resolved(source: string, relative: string, kind: "page" | "image" = "page"): string | undefined {
  const address = sourceAddress(source);
  return address === undefined ? undefined : absoluteAddress(address, relative, kind)?.href;
}

describe("a relative address", () => {
  it.each([
    ["https://github.com/o/r", "docs/a.md", "https://github.com/o/r/blob/HEAD/docs/a.md"],
    ["https://github.com/o/r.git", "docs/a.md?plain=1#x", "https://github.com/o/r/blob/HEAD/docs/a.md?plain=1#x"],
    ["git+https://user:secret@github.com/o/r/#readme", "a.md", "https://github.com/o/r/blob/HEAD/a.md"],
    ["git@github.com:o/r.git", "a.md", "https://github.com/o/r/blob/HEAD/a.md"],
    ["ssh://git@github.com/o/r.git", "a.md", "https://github.com/o/r/blob/HEAD/a.md"],
    ["https://github.com/o/r/tree/v1/services/api", "../a.md", "https://github.com/o/r/blob/v1/services/a.md"],
    ["https://github.com/o/r/blob/main/api/README.md", "a.md", "https://github.com/o/r/blob/main/api/a.md"],
    ["https://github.com/o/r/tree/main/api", "/a.md", "https://github.com/o/r/blob/main/a.md"],
    ["https://github.com/o/r", "../../issues", "https://github.com/o/r/issues"],
    ["https://gitlab.com/g/s/r", "a.md", "https://gitlab.com/g/s/r/-/blob/HEAD/a.md"],
    ["https://gitlab.example.org/g/r/-/tree/main/x", "a.md", "https://gitlab.example.org/g/r/-/blob/main/x/a.md"],
    ["https://bitbucket.org/o/r", "a.md", "https://bitbucket.org/o/r/src/HEAD/a.md"],
    ["https://example.org/projects/api", "a.md", "https://example.org/projects/api/a.md"],
  ])("of %s: %s leads to %s", (source, relative, expected) => {
    expect(resolved(source, relative)).toBe(expected);
  });

  it.each([
    ["https://github.com/o/r", "https://github.com/o/r/raw/HEAD/i.png"],
    ["https://gitlab.com/g/r", "https://gitlab.com/g/r/-/raw/HEAD/i.png"],
    ["https://bitbucket.org/o/r", "https://bitbucket.org/o/r/raw/HEAD/i.png"],
    ["https://example.org/api/", "https://example.org/api/i.png"],
  ])("of an image of %s leads to its bytes", (source, expected) => {
    expect(resolved(source, "i.png", "image")).toBe(expected);
  });

  it.each(["", "orders", "ftp://example.org/x", "javascript:alert(1)", "https://", "file:///etc"])(
    "has no place where the source is %j",
    (source) => {
      expect(resolved(source, "a.md")).toBeUndefined();
    },
  );
});
