import { type BusNotice, type BusOptions, createBus, type DeliveryDetails } from "../../../../local/events/bus.ts";
import { createManualClock } from "../../../../local/events/clock.ts";
import type { LocalRule } from "../../../../local/template/local-template.ts";
import { account } from "./samples.ts";

export const JOBS = "arn:aws:sqs:us-west-2:123456789012:jobs";
export const DEAD = "arn:aws:sqs:us-west-2:123456789012:dead";

/** A bus with these rules, what it delivered and what it told. */
export function setUp(rules: readonly LocalRule[], options: Partial<BusOptions> = {}) {
  const clock = createManualClock();
  const delivered: { arn: string; body: string; rule: string; details: DeliveryDetails }[] = [];
  const notices: BusNotice[] = [];
  const bus = createBus({
    rules,
    account,
    clock,
    deliver: (arn, body, rule, details) => void delivered.push({ arn, body, rule, details }),
    onEvent: (notice) => notices.push(notice),
    ...options,
  });
  const ids = () => delivered.map(({ body }) => JSON.parse(body).id);
  return { bus, clock, delivered, notices, ids };
}
