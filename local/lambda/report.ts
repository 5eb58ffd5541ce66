/** What Lambda tells of an invocation when it is over. */
export interface Report {
  readonly requestId: string;
  readonly durationMs: number;
  /** Whole milliseconds, the start included: since August 2025 it is billed. */
  readonly billedMs: number;
  /** Only when the sandbox was started for it. */
  readonly initMs: number | undefined;
  readonly memoryMb: number;
  /** Largest resident set of the process so far; undefined when it was killed before it could tell. */
  readonly maxMemoryMb: number | undefined;
}

/** `REPORT RequestId: …`, as it stands in the function's log. */
export function reportLine(report: Report): string {
  const { requestId, durationMs, billedMs, initMs, memoryMb, maxMemoryMb } = report;
  return [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billedMs} ms`,
    `Memory Size: ${memoryMb} MB`,
    ...(maxMemoryMb === undefined ? [] : [`Max Memory Used: ${maxMemoryMb} MB`]),
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
  ].join("\t");
}
