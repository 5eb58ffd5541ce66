/** The contract as data: cases that any endpoint can be held against. */
import type { ContractContext } from "./contract-context.ts";
import { type ContractTarget, type Side, sides } from "./contract-target.ts";

/**
 * Left out on an endpoint that is not the local account, unless CONTRACT_ALL=1. `own-account`: changes settings that all
 * repositories of the account share. `money`: switches on what is billed.
 */
export type Need = "own-account" | "money";

export interface ContractCase {
  /** A fact, in the present tense. */
  readonly name: string;
  /** Which of the two services it is about. */
  readonly on: Side;
  readonly needs?: Need;
  run(context: ContractContext): Promise<void>;
}

export interface Topic {
  readonly title: string;
  readonly cases: readonly ContractCase[];
}

/** The same case for both services. */
export function onBoth(name: string, run: (context: ContractContext, side: Side) => Promise<void>): ContractCase[] {
  return sides.map((on) => ({ name, on, run: (context) => run(context, on) }));
}

/** The cases of a topic that a target runs. */
export function casesFor(target: Pick<ContractTarget, "sides" | "runsAll">, topic: Topic): ContractCase[] {
  return topic.cases.filter(({ on, needs }) => target.sides.includes(on) && (target.runsAll || needs === undefined));
}
