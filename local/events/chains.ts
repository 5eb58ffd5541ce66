/**
 * How events and messages that functions cause are told from those that come from outside, and how long such a chain is.
 *
 * The count travels as on AWS, in the `Lineage` of the X-Ray trace header (Lambda developer guide, "Recursive loop detection"): the bus, or
 * the queue that a function sends to, writes it to the message (system attribute AWSTraceHeader), the poller hands it to the invocation. On the
 * way back the caller's access key tells the invocation: each sandbox has a session of its own and does one thing at a time.
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
  /** An invocation with this trace header now runs under these credentials. `allowsLoops`: of a function whose loops Lambda is told to let be. */
  began(accessKeyId: string, header: string | undefined, options?: { readonly allowsLoops?: boolean }): void;
  /**
   * The chain of an event that a call under these credentials leads to: 0 for credentials that no function has. What a function
   * does after its answer counts to its last invocation.
   */
  causedBy(accessKeyId: string): number;
  /**
   * The chain of a message that is sent under these credentials; undefined for credentials that no function has. A function that is allowed to
   * loop does not make the chain longer by a message, only by an event.
   */
  sentBy(accessKeyId: string): number | undefined;
}

export function createChains(): Chains {
  const running = new Map<string, { readonly chain: number; readonly allowsLoops: boolean }>();
  return {
    began(accessKeyId, header, { allowsLoops = false } = {}) {
      running.set(accessKeyId, { chain: chainOf(header), allowsLoops });
    },
    causedBy(accessKeyId) {
      const invocation = running.get(accessKeyId);
      return invocation === undefined ? 0 : invocation.chain + 1;
    },
    sentBy(accessKeyId) {
      const invocation = running.get(accessKeyId);
      return invocation && invocation.chain + (invocation.allowsLoops ? 0 : 1);
    },
  };
}
