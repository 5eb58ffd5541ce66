import { describe, expect, it } from "vitest";
import { checked } from "#shared/api/check.ts";
import { ApiError } from "#shared/api/problem.ts";
import { BODIES, QUERIES } from "#shared/api/requests.ts";

function refusal(check: () => unknown): { detail: string; rule: string | undefined } {
  try {
    check();
  } catch (error) {
    if (error instanceof ApiError) return { detail: error.message, rule: error.rule };
  }
  throw new Error("was not refused");
}

describe("a request", () => {
  it("gives its fields", () => {
    expect(checked(BODIES.mirror, { repository: "a/b", tag: "v1" }, "body")).toEqual({ repository: "a/b", tag: "v1" });
  });

  it.each<[unknown, string, string]>([
    [
      { repo: "a/b" },
      "unknown-field",
      'unknown field "repo" in the body; known are repository, tag, digest, everything',
    ],
    [{ reposotory: "a/b" }, "unknown-field", 'unknown field "reposotory" in the body; write repository instead'],
    [{ tag: 1 }, "schema", "body.tag must be of type string"],
    [{ everything: "yes" }, "schema", "body.everything must be true"],
    [{ tag: "" }, "schema", "body.tag must match /^[a-zA-Z0-9_][a-zA-Z0-9._-]*$/"],
    [{ tag: "-x" }, "schema", "body.tag must match /^[a-zA-Z0-9_][a-zA-Z0-9._-]*$/"],
    [{ tag: "x".repeat(301) }, "schema", "body.tag must have at most 300 characters"],
    [{ repository: "A" }, "schema", 'body.repository is no name: "A" has 1 character; ECR allows 2 to 256'],
    [undefined, "schema", "the body is missing"],
    [[], "schema", "the body must be of type object"],
    [null, "schema", "the body must be of type object"],
    ["x", "schema", "the body must be of type object"],
  ])("%j is refused by %s: %s", (body, rule, detail) => {
    expect(refusal(() => checked(BODIES.mirror, body, "body"))).toEqual({ rule, detail });
  });

  it("says what is missing, and every breach up to five", () => {
    expect(refusal(() => checked(QUERIES.showMirrors, {}, "query")).detail).toBe("query.repository is missing");
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`field${index}`, "x"]));
    expect(refusal(() => checked(QUERIES.none, many, "query")).detail).toMatch(
      /^unknown field "field0" in the query; the query of this request has no fields; .*; and 4 more$/,
    );
  });

  it("that has nothing to say names what may be said", () => {
    expect(refusal(() => checked(BODIES.sweep, { of: "all" }, "body")).detail).toBe(
      'body.of must be "standards" or "mirrors" or "catalog"',
    );
  });
});
