/**
 * How events that functions cause are told from those that come from outside, and how long such a chain is.
 *
 * The count travels as on AWS, in the `Lineage` of the X-Ray trace header (Lambda developer guide, "Recursive loop detection"): the bus
 * writes it to the message (system attribute AWSTraceHeader), the poller hands it to the invocation. On the way back the caller's
 * access key tells the invocation: each sandbox has a session of its own and does one thing at a time.
 */
import { randomBytes } from "node:crypto";

/** Lambda stops a loop after about 16 invocations of one chain. */
export const LONGEST_CHAIN = 16;

/** A trace header for an event that `chain` invocations led to. */
export function traceHeader(chain: number, time: Date): string {
  const hex = (bytes: number): string => randomBytes(bytes).toString("hex");
  const seconds = Math.floor(time.getTime() / 1000)
    .toString(16)
    .padStart(8, "0");
  return `Root=1-${seconds}-${hex(12)};Parent=${hex(8)};Sampled=0;Lineage=1:${hex(4)}:${chain}`;
}

/** The count in a trace header; 0 without one. */
export function chainOf(header: string | undefined): number {
  return Number(/(?:^|;)Lineage=(?:\d+:)?[0-9a-f]+:(\d+)/.exec(header ?? "")?.[1] ?? 0);
}

export interface Chains {
  /** An invocation with this trace header now runs under these credentials. */
  began(accessKeyId: string, header: string | undefined): void;
  /**
   * The chain of an event that a call under these credentials leads to: 0 for credentials that no function has. What a function
   * does after its answer counts to its last invocation.
   */
  causedBy(accessKeyId: string): number;
}

export function createChains(): Chains {
  const running = new Map<string, number>();
  return {
    began: (accessKeyId, header) => running.set(accessKeyId, chainOf(header)),
    causedBy(accessKeyId) {
      const chain = running.get(accessKeyId);
      return chain === undefined ? 0 : chain + 1;
    },
  };
}
