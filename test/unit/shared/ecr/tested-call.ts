import type { Answer, Clients } from "./scripted-ecr.ts";

/** A function of shared/ecr that sends a command, and what its call may be answered with besides a success. */
export interface TestedCall {
  /** The exported function. */
  readonly name: string;
  /** Of several rows for one function: which of its calls is answered. */
  readonly at?: string;
  readonly operation: string;
  readonly run: (clients: Clients) => Promise<unknown>;
  /** Errors that are normal outcomes of the call. */
  readonly normal: readonly string[];
  /** What the function gives for them. */
  readonly gives?: unknown;
  /** Answers to the requests before the one that is tested. */
  readonly before?: readonly Answer[];
}
