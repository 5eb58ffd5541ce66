import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { table } from "../../../../cli/output/table.ts";

describe("a table", () => {
  it("is as wide as it comes where there is no terminal", () => {
    const rows = [
      ["team-a/api", "mirrored", "x".repeat(100)],
      ["b", "pending", ""],
    ];

    expect(table(["REPOSITORY", "STATE", "WHY"], rows)).toBe(
      `REPOSITORY  STATE     WHY\nteam-a/api  mirrored  ${"x".repeat(100)}\nb           pending`,
    );
  });

  it("breaks the widest column at spaces where the terminal is narrow", () => {
    const rows = [["a/b", "write", "mutability is MUTABLE, wanted IMMUTABLE except dev-*"]];

    expect(table(["REPOSITORY", "ACTION", "WHAT"], rows, { width: 46 })).toBe(
      [
        "REPOSITORY  ACTION  WHAT",
        "a/b         write   mutability is MUTABLE,",
        "                    wanted IMMUTABLE except",
        "                    dev-*",
      ].join("\n"),
    );
  });

  it("leaves out a column that nothing stands in", () => {
    expect(table(["A", "B", "C"], [["1", "", "3"]])).toBe("A  C\n1  3");
  });

  it("fits into the terminal's width, and loses no character, whatever stands in it", () => {
    const text = fc.string({ maxLength: 60 }).map((one) => one.replace(/[^\x21-\x7e]/g, "y"));
    const rows = fc.array(fc.tuple(text, text, text), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 30, max: 100 }), (cells, width) => {
        const lines = table(["A", "B", "C"], cells, { width }).split("\n");
        expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(width);
        const count = (texts: readonly string[]) => texts.join("").replace(/\s/g, "").length;
        const used = ["A", "B", "C"].filter((_, column) => cells.some((row) => row[column] !== ""));
        expect(count(lines)).toBe(count([...cells.flat(), ...used]));
      }),
      { numRuns: 200 },
    );
  });

  it("shows control characters, which a terminal would obey", () => {
    expect(table(["A"], [["red\u001b[31m\u0007"]])).toBe("A\nred\\u001b[31m\\u0007");
  });

  it("measures a cell without its colour", () => {
    const style = (text: string, column: number) => (column === 0 ? `<${text}>` : text);

    expect(table(["STATE", "WHY"], [["ok", "x"]], { style })).toBe("STATE  WHY\n<ok>     x");
  });
});
