import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSameDocument } from "#shared/policy/is-same-document.ts";

interface Statement {
  Sid: string;
  Effect: string;
  Principal: { AWS: string[] };
  Action: string[];
  Condition?: { StringEquals: Record<string, string[]> };
}

const statement: fc.Arbitrary<Statement> = fc.record(
  {
    Sid: fc.constantFrom("A", "B", "C", "D", "E", "F"),
    Effect: fc.constantFrom("Allow", "Deny"),
    Principal: fc.record({
      AWS: fc.uniqueArray(fc.constantFrom("111122223333", "arn:aws:iam::111122223333:role/ci", "444455556666"), {
        minLength: 1,
      }),
    }),
    Action: fc.uniqueArray(fc.constantFrom("ecr:BatchGetImage", "ecr:PutImage", "ecr:ListImages"), { minLength: 1 }),
    Condition: fc.record({
      StringEquals: fc.dictionary(
        fc.constantFrom("aws:SourceVpc", "aws:PrincipalOrgID"),
        fc.uniqueArray(fc.constantFrom("x", "y"), { minLength: 1 }),
      ),
    }),
  },
  { requiredKeys: ["Sid", "Effect", "Principal", "Action"] },
);
const iamPolicy = fc.record({
  Version: fc.constant("2012-10-17"),
  // Each with another name: a statement given twice means the same as once.
  Statement: fc.uniqueArray(statement, { selector: ({ Sid }) => Sid, minLength: 1, maxLength: 4 }),
});

const lifecycleRule = fc.record({
  rulePriority: fc.integer({ min: 1, max: 99 }),
  selection: fc.record({
    tagStatus: fc.constant("tagged"),
    tagPatternList: fc.uniqueArray(fc.constantFrom("dev-*", "v*", "*-rc"), { minLength: 1 }),
    countType: fc.constant("imageCountMoreThan"),
    countNumber: fc.integer({ min: 1, max: 500 }),
  }),
  action: fc.constant({ type: "expire" }),
});
const lifecyclePolicy = fc.record({
  rules: fc.uniqueArray(lifecycleRule, { selector: ({ rulePriority }) => rulePriority, minLength: 1, maxLength: 4 }),
});
const document = fc.oneof(iamPolicy, lifecyclePolicy);

/** Keys and lists in another order, and single-element lists at times as their element; `next` gives numbers in [0, 1). */
function shuffled(value: unknown, next: () => number): unknown {
  if (Array.isArray(value)) {
    const elements = shuffle(
      value.map((element) => shuffled(element, next)),
      next,
    );
    return elements.length === 1 && next() < 0.5 ? elements[0] : elements;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    shuffle(
      Object.entries(value).map(([key, member]) => [key, shuffled(member, next)] as const),
      next,
    ),
  );
}

function shuffle<T>(elements: readonly T[], next: () => number): T[] {
  return elements
    .map((element) => ({ element, key: next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ element }) => element);
}

/** All values that come of `value` by one change: a scalar replaced, a member or an element taken away, an element added. */
function* changed(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    if (value.length > 1) yield value.slice(1);
    yield [...value, typeof value[0] === "string" ? "something-new" : { something: "new" }];
    for (const [index, element] of value.entries())
      for (const other of changed(element)) yield value.with(index, other);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      const rest = Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
      yield rest;
      for (const other of changed(member)) yield { ...rest, [key]: other };
    }
  } else {
    yield typeof value === "number" ? value + 1 : `${String(value)}x`;
  }
}

describe("isSameDocument", () => {
  it("is so for the same document in another order, spacing, or with lists of one as their element", () => {
    fc.assert(
      fc.property(
        document,
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 97, maxLength: 97 }),
        fc.integer({ min: 0, max: 4 }),
        (original, numbers, indent) => {
          let drawn = 0;
          const next = () => numbers[drawn++ % numbers.length] ?? 0;

          expect(isSameDocument(JSON.stringify(original), JSON.stringify(shuffled(original, next), null, indent))).toBe(
            true,
          );
        },
      ),
    );
  });

  it("is never so after a real change, however small, and in either direction", () => {
    fc.assert(
      fc.property(document, (original) => {
        const text = JSON.stringify(original);
        for (const other of changed(original)) {
          expect(isSameDocument(text, JSON.stringify(other)), JSON.stringify(other)).toBe(false);
          expect(isSameDocument(JSON.stringify(other), text)).toBe(false);
        }
      }),
    );
  });

  const allow = (parts: object) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "ecr:BatchGetImage", ...parts }] });

  it.each([
    [
      "an account id and the ARN of its root",
      { Principal: { AWS: "111122223333" } },
      { Principal: { AWS: ["arn:aws:iam::111122223333:root"] } },
      true,
    ],
    [
      "an account id twice",
      { Principal: { AWS: ["111122223333", "111122223333"] } },
      { Principal: { AWS: "111122223333" } },
      true,
    ],
    ["two accounts", { Principal: { AWS: "111122223333" } }, { Principal: { AWS: "444455556666" } }, false],
    [
      "an account and a role of it",
      { Principal: { AWS: "111122223333" } },
      { Principal: { AWS: "arn:aws:iam::111122223333:role/ci" } },
      false,
    ],
    ["* and AWS *", { Principal: "*" }, { Principal: { AWS: ["*"] } }, true],
    ["* and Service *", { Principal: "*" }, { Principal: { Service: "*" } }, false],
    ["an action in another case", { Action: "ECR:batchgetimage" }, { Action: "ecr:BatchGetImage" }, true],
    [
      "a principal in another case",
      { Principal: { AWS: "arn:aws:iam::111122223333:role/CI" } },
      { Principal: { AWS: "arn:aws:iam::111122223333:role/ci" } },
      false,
    ],
    [
      "true and the text true in a condition",
      { Condition: { Bool: { "aws:SecureTransport": true } } },
      { Condition: { Bool: { "aws:SecureTransport": "true" } } },
      true,
    ],
    [
      "an account id that is a condition's value",
      { Condition: { StringEquals: { AWS: "111122223333" } } },
      { Condition: { StringEquals: { AWS: "arn:aws:iam::111122223333:root" } } },
      false,
    ],
    ["Allow and Deny", { Effect: "Allow" }, { Effect: "Deny" }, false],
  ])("of %s", (_, a, b, expected) => {
    expect(isSameDocument(allow(a), allow(b))).toBe(expected);
  });

  it("takes a missing Version for IAM's default, 2008-10-17", () => {
    const policy = { Statement: [{ Effect: "Deny", Principal: "*", Action: "ecr:*" }] };

    expect(isSameDocument(JSON.stringify(policy), JSON.stringify({ Version: "2008-10-17", ...policy }))).toBe(true);
    expect(isSameDocument(JSON.stringify(policy), JSON.stringify({ Version: "2012-10-17", ...policy }))).toBe(false);
  });

  it("tells a number from its text outside of conditions", () => {
    expect(isSameDocument('{"rules":[{"rulePriority":1}]}', '{"rules":[{"rulePriority":"1"}]}')).toBe(false);
  });

  it("takes a text that is not JSON for the same as itself only", () => {
    expect(isSameDocument("{", "{")).toBe(true);
    expect(isSameDocument("{", "[")).toBe(false);
    expect(isSameDocument("", "{}")).toBe(false);
  });
});
