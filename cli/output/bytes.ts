const UNITS = ["KiB", "MiB", "GiB", "TiB"] as const;

/** `512 B`, `1.5 MiB`. */
export function inBytes(count: number): string {
  let [amount, unit] = [count, "B"];
  for (const next of UNITS) {
    if (amount < 1024) break;
    [amount, unit] = [amount / 1024, next];
  }
  return `${unit === "B" ? amount : amount.toFixed(1)} ${unit}`;
}
