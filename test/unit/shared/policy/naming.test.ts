import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkNaming } from "#shared/policy/naming.ts";
import { policyWith } from "./support.ts";

const house = policyWith({
  naming: {
    allow: ["team-*/**", "shared"],
    deny: ["**/tmp*", "team-x/**"],
    pattern: "[a-z]+|team-[a-z]/[a-z-]+",
  },
});

describe("checkNaming", () => {
  it("takes every name that ECR takes when the policy has no rules", () => {
    for (const name of ["ab", "team-a/api", "a/b/c", "x".repeat(256)])
      expect(checkNaming(policyWith({}), name)).toBeUndefined();
  });

  it.each(["team-a/api", "team-b/pay-ments", "shared"])("takes %s, which keeps all rules", (name) => {
    expect(checkNaming(house, name)).toBeUndefined();
  });

  it.each([
    ["Team-a/api", "service", '"Team-a/api" contains "T"; ECR allows the characters a-z, 0-9, ".", "_", "-" and "/"'],
    ["a", "service", '"a" has 1 character; ECR allows 2 to 256'],
    ["team-a/tmp-1", "deny", "'team-a/tmp-1' matches **/tmp*, which naming.deny refuses"],
    ["team-x/api", "deny", "'team-x/api' matches team-x/**, which naming.deny refuses"],
    ["other/api", "allow", "'other/api' matches nothing that naming.allow names: team-*/**, shared"],
    ["shared/api", "allow", "'shared/api' matches nothing that naming.allow names: team-*/**, shared"],
    ["team-a/api/v2", "pattern", "'team-a/api/v2' does not match naming.pattern as a whole: [a-z]+|team-[a-z]/[a-z-]+"],
    ["team-ab/api", "pattern", "'team-ab/api' does not match naming.pattern as a whole: [a-z]+|team-[a-z]/[a-z-]+"],
  ])("refuses %s by the rule %s", (name, rule, reason) => {
    expect(checkNaming(house, name)).toEqual({ rule, reason });
  });

  it("tells of the rules in one order: service, deny, allow, pattern", () => {
    const all = policyWith({ naming: { allow: ["ok"], deny: ["tmp*", "Tmp"], pattern: "ok" } });

    expect(["Tmp", "tmp", "other"].map((name) => checkNaming(all, name)?.rule)).toEqual(["service", "deny", "allow"]);
    expect(checkNaming(policyWith({ naming: { pattern: "ok" } }), "other")?.rule).toBe("pattern");
  });

  it("lets no part of a name stand for the whole, whatever the alternatives", () => {
    const policy = policyWith({ naming: { pattern: "aa|bb" } });

    expect(["aa", "bb", "aac", "cbb"].map((name) => checkNaming(policy, name)?.rule)).toEqual([
      undefined,
      undefined,
      "pattern",
      "pattern",
    ]);
  });

  it("answers for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."abt-/._ A*é\u0000"), maxLength: 300 }), (name) => {
        const breach = checkNaming(house, name);
        if (breach !== undefined) expect(breach.reason).not.toBe("");
      }),
    );
  });
});
