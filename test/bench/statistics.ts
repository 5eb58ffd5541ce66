/** Median of numbers; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** `median (min-max)`, rounded for a table. */
export function spread(values: readonly number[], digits = 0): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(digits)} (${low.toFixed(digits)}-${high.toFixed(digits)})`;
}

/** One row of a table of figures: what was measured, what came out, the bound, and whether it holds. */
export interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly bound: string;
  readonly holds: boolean;
}

export function printFigures(figures: readonly Figure[]): void {
  for (const { what, measured, bound, holds } of figures) {
    console.log(`${holds ? "ok  " : "MISS"} ${what.padEnd(58)} ${measured.padEnd(24)} bound ${bound}`);
  }
}
