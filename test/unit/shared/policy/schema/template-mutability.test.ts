import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPolicy } from "#shared/policy/read-policy.ts";
import { withSignatureTags } from "#shared/policy/schema/template-mutability.ts";
import { problemsOfTemplate } from "../support.ts";

function compiled(mutability: string): unknown {
  const text = `{ version: 1, templates: [{ prefix: team-a, mutability: ${mutability} }] }`;
  return readPolicy(text, "p.yaml").policy.templates[0]?.mutability;
}

describe("signatureTags", () => {
  it.each([
    ["{ mode: IMMUTABLE, signatureTags: true }", "IMMUTABLE_WITH_EXCLUSION", ["sha256-*"]],
    ["{ mode: IMMUTABLE, exclude: [], signatureTags: true }", "IMMUTABLE_WITH_EXCLUSION", ["sha256-*"]],
    [
      '{ mode: IMMUTABLE_WITH_EXCLUSION, exclude: ["dev-*"], signatureTags: true }',
      "IMMUTABLE_WITH_EXCLUSION",
      ["dev-*", "sha256-*"],
    ],
    ["{ mode: IMMUTABLE_WITH_EXCLUSION, signatureTags: true }", "IMMUTABLE_WITH_EXCLUSION", ["sha256-*"]],
    [
      '{ mode: IMMUTABLE_WITH_EXCLUSION, exclude: ["sha256-*", a, b, c, d], signatureTags: true }',
      "IMMUTABLE_WITH_EXCLUSION",
      ["sha256-*", "a", "b", "c", "d"],
    ],
    ["{ mode: IMMUTABLE, signatureTags: false }", "IMMUTABLE", []],
    ["{ mode: MUTABLE, signatureTags: false }", "MUTABLE", []],
  ])("of %s are folded into the exclusions", (mutability, mode, exclude) => {
    expect(compiled(mutability)).toEqual({ mode, exclude });
  });

  it.each([
    [
      "{ mode: MUTABLE, signatureTags: true }",
      "4:49  templates[0].mutability.signatureTags: is refused with MUTABLE, where every tag may be moved; remove it, or write `mode: IMMUTABLE` instead",
    ],
    [
      '{ mode: MUTABLE_WITH_EXCLUSION, exclude: ["v*"], signatureTags: true }',
      "4:81  templates[0].mutability.signatureTags: is refused with MUTABLE_WITH_EXCLUSION, whose exclude names the tags that may not be moved; remove it, or write `mode: IMMUTABLE_WITH_EXCLUSION` instead",
    ],
    [
      "{ mode: IMMUTABLE_WITH_EXCLUSION, exclude: [a, b, c, d, e], signatureTags: true }",
      "4:60  templates[0].mutability.exclude: has five patterns, and signatureTags adds sha256-*, which makes six; ECR takes five; write fewer or wider ones",
    ],
    [
      "{ mode: IMMUTABLE, exclude: [a], signatureTags: true }",
      "4:45  templates[0].mutability.exclude: is refused with IMMUTABLE; write `mode: IMMUTABLE_WITH_EXCLUSION` instead, or remove it",
    ],
    [
      "{ mode: IMMUTABLE, signatureTags: yes }",
      '4:51  templates[0].mutability.signatureTags: is "yes", not true or false; write true or false instead',
    ],
    [
      "{ mode: IMMUTABLE, signatureTag: true }",
      '4:36  templates[0].mutability: unknown key "signatureTag"; write signatureTags instead',
    ],
  ])("are refused in %s", (mutability, problem) => {
    expect(problemsOfTemplate(`mutability: ${mutability}`)).toEqual([problem]);
  });

  it("are folded in once, however often", () => {
    const mutabilities = fc.record({
      mode: fc.constantFrom("IMMUTABLE" as const, "IMMUTABLE_WITH_EXCLUSION" as const),
      exclude: fc.array(fc.constantFrom("dev-*", "sha256-*", "latest"), { maxLength: 4 }),
    });

    fc.assert(
      fc.property(mutabilities, (mutability) => {
        const once = withSignatureTags(mutability);
        expect(once.exclude).toContain("sha256-*");
        expect(withSignatureTags(once)).toEqual(once);
      }),
    );
  });
});
