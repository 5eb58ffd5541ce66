import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { policyReference } from "../../../infra/policy-reference.ts";

describe("docs/policy.md", () => {
  it("is what the schema says now: `npm run docs` writes it", async () => {
    expect(await readFile("docs/policy.md", "utf8")).toBe(policyReference());
  });

  it("gives each key a description, its values, its default and an example", () => {
    const rows = policyReference()
      .split("\n")
      .filter((line) => line.startsWith("| `"))
      .map((line) => line.split(/(?<!\\\\) \| |^\| | \|$/).slice(1, -1));

    expect(rows.length).toBeGreaterThan(70);
    expect(rows.filter((cells) => cells.length !== 5 || cells.some((cell) => cell.trim() === ""))).toEqual([]);
  });

  it("tells of a key what a list holds, between which bounds, and what is required", () => {
    const page = policyReference({
      properties: {
        rules: {
          type: "array",
          description: "All of them.",
          items: {
            type: "object",
            required: ["id"],
            properties: {
              id: { type: "string", maxLength: 2_000, description: "A|B", examples: ["x"] },
              modes: { type: "array", minItems: 1, items: { enum: ["a", "b"] }, default: [], description: "Modes" },
            },
          },
        },
      },
    });

    expect(page).toContain("| `rules[].id` | A\\|B | text, at most 2,000 characters | required | `x` |");
    expect(page).toContain("| `rules[].modes` | Modes | list, at least 1 elements of `a`, `b` | `[]` |  |");
  });
});
