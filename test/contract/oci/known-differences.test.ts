import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { knownDifferences } from "./known-differences.ts";

const folder = new URL("./", import.meta.url);
const suites = readdirSync(folder)
  .filter((name) => name.endsWith(".test.ts") && name !== "known-differences.test.ts")
  .map((name) => readFileSync(new URL(name, folder), "utf8"))
  .join("\n");

describe("known differences from the specification", () => {
  it.each(Object.keys(knownDifferences))("%s is held to by a case", (id) => {
    expect(suites).toContain(`differs("${id}", side)`);
  });

  it.each(Object.entries(knownDifferences))("%s has its words and its source", (_id, difference) => {
    for (const text of [difference.section, difference.specification, difference.ecr, difference.source]) {
      expect(text.length).toBeGreaterThan(2);
    }
    expect(difference.on.length).toBeGreaterThan(0);
  });
});
