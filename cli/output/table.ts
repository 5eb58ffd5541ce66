import { visible } from "./visible.ts";

/** Between two columns. */
const GAP = "  ";
/** No column is made narrower than this, however narrow the terminal is. */
const NARROWEST = 8;

export interface TableOptions {
  /** Columns of the terminal; as wide as it comes without it. */
  readonly width?: number | undefined;
  /** Applied to a cell's text after it was measured. */
  readonly style?: (text: string, column: number) => string;
}

/**
 * A table for a person. Nothing of it is cut: what does not fit goes on in the next line of its column, and the widest columns give way first.
 * Columns that are empty in all rows are left out.
 */
export function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  options: TableOptions = {},
): string {
  const used = titles.map((_, column) => column).filter((column) => rows.some((row) => (row[column] ?? "") !== ""));
  const head = used.map((column) => titles[column] ?? "");
  const body = rows.map((row) => used.map((column) => visible(row[column] ?? "")));
  const widths = widthsFor([head, ...body], options.width);
  const style = (text: string, index: number) => options.style?.(text, used[index] ?? 0) ?? text;
  const lines = [linesOf(head, widths, (text) => text), ...body.map((row) => linesOf(row, widths, style))];
  return lines.flat().join("\n");
}

function widthsFor(rows: readonly (readonly string[])[], width = Number.POSITIVE_INFINITY): number[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => Math.max(...(row[column] ?? "").split("\n").map(({ length }) => length)))),
  );
  const room = Math.max(width - GAP.length * (widths.length - 1), NARROWEST * widths.length);
  for (let over = sum(widths) - room; over > 0; over -= 1)
    widths[widths.indexOf(Math.max(...widths))] = Math.max(...widths) - 1;
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function linesOf(row: readonly string[], widths: readonly number[], style: (text: string, index: number) => string) {
  const cells = row.map((text, index) => wrap(text, widths[index] ?? 0));
  const height = Math.max(...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((cell, index) => {
        const text = cell[line] ?? "";
        const padding = " ".repeat(Math.max(0, (widths[index] ?? 0) - text.length));
        return (text === "" ? "" : style(text, index)) + padding;
      })
      .join(GAP)
      .trimEnd(),
  );
}

/** Text in lines of at most `width`, broken at spaces, and within a word that is longer. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (let word of paragraph.split(" ")) {
      if (line !== "" && line.length + 1 + word.length > width) {
        lines.push(line);
        line = "";
      }
      for (; word.length > width; word = word.slice(width)) lines.push(word.slice(0, width));
      line = line === "" ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines;
}
