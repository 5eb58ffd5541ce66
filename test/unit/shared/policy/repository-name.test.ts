import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkRepositoryName } from "#shared/policy/repository-name.ts";

describe("checkRepositoryName", () => {
  it.each(["ab", "team-a/api", "a1.b_c/d-e", "a__b", "a---b", "a/b", `a${"b".repeat(255)}`])(
    "accepts the private name %s",
    (name) => {
      expect(checkRepositoryName(name)).toBeUndefined();
    },
  );

  it.each([
    ["", '"" has 0 characters; ECR allows 2 to 256'],
    ["a", '"a" has 1 character; ECR allows 2 to 256'],
    ["a".repeat(257), `"${"a".repeat(257)}" has 257 characters; ECR allows 2 to 256`],
    ["Team/api", '"Team/api" contains "T"; ECR allows the characters a-z, 0-9, ".", "_", "-" and "/"'],
    ["team a", '"team a" contains " "; ECR allows the characters a-z, 0-9, ".", "_", "-" and "/"'],
    ["a\n", '"a\\n" contains "\\n"; ECR allows the characters a-z, 0-9, ".", "_", "-" and "/"'],
    ["a/😀", '"a/😀" contains "😀"; ECR allows the characters a-z, 0-9, ".", "_", "-" and "/"'],
    ["/a", '"/a" has an empty part; ECR allows "/" only between two parts of a name'],
    ["a/", '"a/" has an empty part; ECR allows "/" only between two parts of a name'],
    ["a//b", '"a//b" has an empty part; ECR allows "/" only between two parts of a name'],
    ["a/-b", '"a/-b" has the part "-b"; ECR wants each part to begin and end with a-z or 0-9'],
    ["a./b", '"a./b" has the part "a."; ECR wants each part to begin and end with a-z or 0-9'],
    [
      "a..b",
      '"a..b" has the part "a..b"; between two words of a part ECR allows one ".", one or two "_", or any number of "-"',
    ],
    [
      "a___b",
      '"a___b" has the part "a___b"; between two words of a part ECR allows one ".", one or two "_", or any number of "-"',
    ],
  ])("names the rule that %j breaks", (name, message) => {
    expect(checkRepositoryName(name)).toBe(message);
  });

  it("shortens a name of many characters", () => {
    expect(checkRepositoryName("a".repeat(5000))).toBe(
      `"${"a".repeat(300)}…" has 5000 characters; ECR allows 2 to 256`,
    );
  });

  it.each([
    ["team-a-api", undefined],
    ["a".repeat(205), undefined],
    ["a".repeat(206), `"${"a".repeat(206)}" has 206 characters; ECR Public allows 2 to 205`],
    ["a--b", '"a--b" has the part "a--b"; between two words of a part ECR Public allows one ".", "_" or "-"'],
    ["a__b", '"a__b" has the part "a__b"; between two words of a part ECR Public allows one ".", "_" or "-"'],
    ["-a", '"-a" has the part "-a"; ECR Public wants each part to begin and end with a-z or 0-9'],
  ])("judges the public name %s by the rules of ECR Public", (name, message) => {
    expect(checkRepositoryName(name, "public")).toBe(message);
  });

  it("accepts in private whatever it accepts in public", () => {
    const name = fc.string({ unit: fc.constantFrom("a", "1", ".", "_", "-", "/", "A"), maxLength: 8 });
    fc.assert(
      fc.property(name, (text) => {
        if (checkRepositoryName(text, "public") === undefined) expect(checkRepositoryName(text)).toBeUndefined();
      }),
    );
  });
});
