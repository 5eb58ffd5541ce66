import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { PolicyError, readPolicy } from "#shared/policy/read-policy.ts";
import { newSigner } from "../../../support/cosign.ts";

/** `value` with what stands at one place replaced; `choose` gives numbers in [0, 1). */
function withReplaced(value: unknown, replacement: unknown, choose: () => number): unknown {
  const children = typeof value === "object" && value !== null ? Object.keys(value) : [];
  const key = children[Math.floor(choose() * (children.length + 1))];
  if (key === undefined) return replacement;
  if (Array.isArray(value)) return value.with(Number(key), withReplaced(value[Number(key)], replacement, choose));
  return { ...(value as object), [key]: withReplaced((value as Record<string, unknown>)[key], replacement, choose) };
}

function expectPolicyOrPolicyError(text: string): void {
  try {
    expect(readPolicy(text, "p.yaml").policy.version).toBe(1);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    for (const line of error.message.split("\n")) expect(line).toMatch(/^p\.yaml:[1-9][0-9]*:[1-9][0-9]* {2}.+: .+/);
  }
}

describe("readPolicy, given anything", () => {
  const { templates, ...others } = parse(readFileSync("policies/example.yaml", "utf8"));
  const example: unknown = {
    ...others,
    naming: { allow: ["**"], deny: ["**/tmp*"], pattern: "[a-z/-]+", nearNames: { except: ["team-a/*"] } },
    mutability: {
      enforcement: "report",
      exceptions: [{ repository: "team-a/x", reason: "moves", expires: "2026-12-31" }],
    },
    templates: [
      ...templates,
      { prefix: "y", mutability: { mode: "IMMUTABLE", signatureTags: true }, ownerTags: { o: "{role}" } },
    ],
    mirror: [
      {
        source: "team-a/*",
        tags: { include: ["v*"], pattern: "v[0-9.]+", semver: "1.x", latest: 5, exclude: ["*-rc*"] },
        destination: "team-a-{name}",
        platforms: ["linux/amd64", "linux/arm/v7"],
        immutable: ["v*"],
        verify: true,
        gates: {
          minimumAgeHours: 24,
          scan: { severity: "HIGH", ignore: [{ id: "CVE-1", reason: "x", expires: "2027-01-31" }], maxAgeDays: 30 },
          signature: { keys: [{ name: "release", pem: newSigner().pem }] },
        },
        repository: { description: "x", tags: { team: "a" } },
        retention: [
          { tags: "v*", newest: 20 },
          { tags: "*", days: 90 },
        ],
        deletion: { graceHours: 72, atMost: 10 },
      },
      { source: "team-a/*", tags: { semver: ">2" }, destination: "b-{name}" },
      { source: "team-a/*", tags: { semver: "0.x", exclude: ["0.1*"] }, destination: "b-{name}" },
    ],
  };
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>(
      null,
      "*",
      "",
      "(",
      "{x}",
      0,
      -1,
      [],
      {},
      [null],
      { rules: [null, 5] },
      { Statement: ["x", null] },
      { range: "1.x", alternatives: [null] },
      "1.x",
      ">2",
    ),
  );

  it("gives a policy for the good one", () => {
    expect(readPolicy(JSON.stringify(example), "p.yaml").policy.mirror).toHaveLength(3);
  });

  it("gives a policy or a list of problems when one value of a good policy is replaced by another", () => {
    fc.assert(
      fc.property(odd, fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), (replacement, numbers) => {
        const choose = () => Number(numbers.next().value);
        expectPolicyOrPolicyError(JSON.stringify(withReplaced(example, replacement, choose), null, 1));
      }),
      { numRuns: 500 },
    );
  });

  it("gives a policy or a list of problems for any text", () => {
    const text = fc.string({
      unit: fc.constantFrom(
        "a",
        ":",
        " ",
        "\n",
        "-",
        "*",
        "&",
        "[",
        "]",
        "{",
        "}",
        '"',
        "!",
        "#",
        "|",
        "%",
        "\t",
        "version: 1\n",
      ),
      maxLength: 30,
    });
    fc.assert(fc.property(text, expectPolicyOrPolicyError), { numRuns: 500 });
  });
});
