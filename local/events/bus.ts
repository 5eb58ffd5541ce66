/** The default event bus: events in, what the rules of the template make of them out. */
import type { LocalRule, LocalTarget } from "../template/local-template.ts";
import { LONGEST_CHAIN, traceHeader } from "./chains.ts";
import type { Clock } from "./clock.ts";
import { isReadOnlyName } from "./cloudtrail.ts";
import { createDisturbance, type Switches } from "./disturbance.ts";
import { type EventPlace, envelope } from "./envelope.ts";
import type { EventEnvelope } from "./event.ts";
import { compilePattern } from "./pattern.ts";
import { parseSchedule, type Schedule } from "./schedule.ts";
import { compileTargetInput, type TargetInput } from "./target-input.ts";

export interface DeliveryDetails {
  /** For the system attribute AWSTraceHeader: carries how many invocations led here. */
  readonly traceHeader: string;
  /** Message attributes; only a dead letter has them. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Puts a text into a queue, or invokes a function with it. Error: a target that is not there or refuses. */
export type Deliver = (
  targetArn: string,
  body: string,
  ruleName: string,
  details: DeliveryDetails,
) => void | Promise<void>;

/** What became of an event. `text` says why, in words for people. */
export type BusNotice =
  | { readonly kind: "event"; readonly event: EventEnvelope; readonly chain: number; readonly rules: readonly string[] }
  | { readonly kind: "not-delivered"; readonly event: EventEnvelope; readonly chain: number; readonly text: string }
  | { readonly kind: "delivery-failed"; readonly event: EventEnvelope; readonly rule: string; readonly text: string };

export interface BusOptions {
  readonly rules: readonly LocalRule[];
  readonly account: EventPlace;
  readonly clock: Clock;
  readonly deliver: Deliver;
  readonly onEvent?: (notice: BusNotice) => void;
  readonly switches?: Switches;
}

export interface Bus {
  /**
   * Hands the event to the targets of every rule that matches; done when all have it. `chain`: invocations that led to the event (chains.ts); one
   * that more than 16 led to is not delivered. Never rejects: a failed delivery is a notice, and goes to the target's dead-letter queue.
   */
  publish(event: EventEnvelope, options?: { chain?: number }): Promise<void>;
  /** Sends the targets of a scheduled rule what the schedule would send now. Errors: no such rule, no schedule, or disabled. */
  fireSchedule(ruleName: string): Promise<void>;
  /** Runs the enabled rate() rules by the clock, until `close`. Rules with cron() run by `fireSchedule` only. */
  startSchedules(): void;
  /** For tests: delays, loses, doubles or reorders events from now on. */
  setSwitches(switches: Switches): void;
  close(): void;
}

interface CompiledRule {
  readonly rule: LocalRule;
  readonly matches: (event: EventEnvelope) => boolean;
  readonly schedule: Schedule | undefined;
  readonly targets: readonly { readonly target: LocalTarget; readonly input: TargetInput }[];
}

/** Error: a rule with a pattern, schedule or input that EventBridge would refuse, before anything runs. */
export function createBus(options: BusOptions): Bus {
  const { account, clock, deliver, onEvent = () => {} } = options;
  const rules = options.rules.map(compileRule);
  const disturbance = createDisturbance(clock, options.switches);
  const running = new Set<() => void>();

  async function toTargets({ rule, targets }: CompiledRule, event: EventEnvelope, chain: number): Promise<void> {
    const header = traceHeader(chain, clock.now());
    for (const { target, input } of targets) {
      const body = input(event, clock.now());
      try {
        await deliver(target.arn, body, rule.name, { traceHeader: header, attributes: {} });
      } catch (error) {
        await deadLetter({ rule, target, event, body, header, error });
      }
    }
  }

  /** Retries are left out: what fails here fails again. Attributes: user guide, "Using dead-letter queues to process undelivered events". */
  async function deadLetter(failed: {
    rule: LocalRule;
    target: LocalTarget;
    event: EventEnvelope;
    body: string;
    header: string;
    error: unknown;
  }): Promise<void> {
    const { rule, target, event, body, header } = failed;
    const ERROR_MESSAGE = failed.error instanceof Error ? failed.error.message : String(failed.error);
    const ERROR_CODE = codeOf(failed.error);
    const told = `${target.arn}: ${ERROR_CODE}: ${ERROR_MESSAGE}`;
    const note = (text: string) => onEvent({ kind: "delivery-failed", event, rule: rule.name, text });
    if (target.deadLetterArn === undefined) return note(`${told}; the target has no dead-letter queue`);
    const attributes = { RULE_ARN: rule.arn, TARGET_ARN: target.arn, ERROR_CODE, ERROR_MESSAGE };
    try {
      await deliver(target.deadLetterArn, body, rule.name, { traceHeader: header, attributes });
      note(`${told}; sent to the dead-letter queue ${target.deadLetterArn}`);
    } catch (error) {
      note(`${told}; and its dead-letter queue refused it: ${error instanceof Error ? error.message : error}`);
    }
  }

  async function toRules(event: EventEnvelope, chain: number): Promise<void> {
    const matching = rules.filter(({ rule, matches }) => isOpenFor(rule, event) && matches(event));
    onEvent({ kind: "event", event, chain, rules: matching.map(({ rule }) => rule.name) });
    await Promise.all(matching.map((rule) => toTargets(rule, event, chain)));
  }

  async function fireSchedule(ruleName: string): Promise<void> {
    const found = rules.find(({ rule }) => rule.name === ruleName);
    if (found?.schedule === undefined) throw new Error(`there is no rule '${ruleName}' with a schedule`);
    if (found.rule.state === "DISABLED") throw new Error(`the rule '${ruleName}' is disabled`);
    const event = scheduledEvent(account, clock.now(), found.rule.arn);
    onEvent({ kind: "event", event, chain: 0, rules: [ruleName] });
    await toTargets(found, event, 0);
  }

  return {
    fireSchedule,
    setSwitches: disturbance.set,
    async publish(event, { chain = 0 } = {}) {
      const stop = (text: string) => onEvent({ kind: "not-delivered", event, chain, text });
      // Events reach the default bus of the Region where they happen, and rules of no other.
      if (event.region !== account.region)
        return stop(`it is an event of ${event.region}; the rules are in ${account.region}`);
      if (chain > LONGEST_CHAIN)
        return stop(`functions caused it in a chain of more than ${LONGEST_CHAIN} invocations`);
      await disturbance.pass(event, () => toRules(event, chain), stop);
    },
    startSchedules() {
      for (const { rule, schedule } of rules) {
        if (schedule?.type !== "rate" || rule.state === "DISABLED") continue;
        const { everyMs } = schedule;
        const arm = (): void => {
          const stop = clock.after(everyMs, () => {
            running.delete(stop);
            arm();
            void fireSchedule(rule.name);
          });
          running.add(stop);
        };
        arm();
      }
    },
    close() {
      for (const stop of running) stop();
      running.clear();
      disturbance.close();
    },
  };
}

function compileRule(rule: LocalRule): CompiledRule {
  try {
    return {
      rule,
      matches: rule.pattern === undefined ? () => false : compilePattern(rule.pattern),
      schedule: rule.schedule === undefined ? undefined : parseSchedule(rule.schedule),
      targets: rule.targets.map((target) => ({ target, input: compileTargetInput(rule, target) })),
    };
  } catch (error) {
    throw new Error(`rule '${rule.name}': ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

/** Read-only management events reach only rules in a state of their own (user guide, "Events from AWS services via CloudTrail"). */
function isOpenFor({ state }: LocalRule, { "detail-type": type, detail }: EventEnvelope): boolean {
  if (state === "DISABLED") return false;
  const isReadOnly = type === "AWS API Call via CloudTrail" && isReadOnlyName(String(detail.eventName));
  return !isReadOnly || state === "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";
}

/** As EventBridge sends it; user guide, "Scheduled events". */
function scheduledEvent(place: EventPlace, time: Date, ruleArn: string): EventEnvelope {
  return envelope(place, time, {
    source: "aws.events",
    "detail-type": "Scheduled Event",
    resources: [ruleArn],
    detail: {},
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "SDK_CLIENT_ERROR";
}
