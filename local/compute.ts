/** The moving parts of the account: rules, queues and functions of the template, wired as the template says. */

import { AwsError } from "./aws/call.ts";
import type { CredentialStore } from "./aws/credentials.ts";
import type { Service } from "./aws/operation.ts";
import { createBus } from "./events/bus.ts";
import { chainOf, createChains, LONGEST_CHAIN, traceHeader as toTraceHeader } from "./events/chains.ts";
import type { Clock } from "./events/clock.ts";
import type { Switches } from "./events/disturbance.ts";
import type { EventPlace } from "./events/envelope.ts";
import type { EventEnvelope } from "./events/event.ts";
import { createEventsService } from "./events/service.ts";
import type { InvokeResult } from "./lambda/result.ts";
import { createSandboxes } from "./lambda/sandboxes.ts";
import { tellEvent, tellLogLine } from "./narrate.ts";
import { createPoller } from "./queues/poller.ts";
import { createQueues } from "./queues/queues.ts";
import { createSqsService } from "./queues/service.ts";
import { batchEvent, folderOf, functionOf } from "./stack-functions.ts";
import type { LocalTemplate } from "./template/local-template.ts";
import type { Timeline } from "./timeline.ts";

export interface ComputeOptions {
  readonly template: LocalTemplate;
  readonly place: EventPlace;
  readonly clock: Clock;
  readonly credentials: CredentialStore;
  readonly timeline: Timeline;
  /** Base URL of the AWS API; asked when a function starts. */
  readonly apiUrl: () => string;
}

export interface Compute {
  /** `accessKeyId`: whose call led to the event, so that a chain of functions that wake each other is counted and ends. */
  publish(event: EventEnvelope, accessKeyId?: string): void;
  /** Runs a function on message bodies, past its queue. Errors: no such function. */
  invoke(folder: string, bodies: readonly string[]): Promise<InvokeResult>;
  /** Runs a function, by its folder's name, on any event. Errors: no such function. */
  invokeDirect(folder: string, payload: unknown): Promise<InvokeResult>;
  /** Runs a function, by ARN, on any event. */
  invokeFunction(functionArn: string, event: unknown): Promise<InvokeResult>;
  /** SQS and EventBridge over the wire. */
  readonly services: readonly Service[];
  /** Delays, loses, doubles or reorders events from now on. */
  disturb(switches: Switches): void;
  /** Sends the targets of a scheduled rule what its schedule would send. `rule`: its logical id, or the beginning of it. Errors: no such rule. */
  fireSchedule(rule: string): Promise<void>;
  /** Resolves when nothing is under way, nor put off for less than a minute. Errors: what is still under way after a minute. */
  idle(): Promise<void>;
  deadLetters(): number;
  close(): Promise<void>;
}

const IDLE_PATIENCE_MS = 60_000;

/** Nobody here wants to watch a batch being collected for longer; what comes at once is one batch all the same. */
const WINDOW_SECONDS = 0.25;

export function startCompute({ template, place, clock, credentials, timeline, apiUrl }: ComputeOptions): Compute {
  const chains = createChains();
  let publishing = 0;
  let calledDirectly = 0;
  const waiters = new Set<() => void>();
  const changed = (): void => {
    for (const waiter of waiters) waiter();
  };

  const sandboxes = createSandboxes({
    functions: template.functions,
    credentialsFor({ roleArn, name }) {
      const { accessKeyId, secretAccessKey, sessionToken = "" } = credentials.addRoleSession(roleArn, name);
      return { accessKeyId, secretAccessKey, sessionToken };
    },
    environment: () => {
      const url = apiUrl();
      return {
        AWS_ENDPOINT_URL_CLOUDTRAIL: url,
        AWS_ENDPOINT_URL_ECR: url,
        AWS_ENDPOINT_URL_ECR_PUBLIC: url,
        AWS_ENDPOINT_URL_EVENTBRIDGE: url,
        AWS_ENDPOINT_URL_LAMBDA: url,
        AWS_ENDPOINT_URL_SQS: url,
      };
    },
    onStart: (fn, { accessKeyId, traceHeader }) => chains.began(accessKeyId, traceHeader, fn),
    onLog(fn, line) {
      const told = tellLogLine(folderOf(fn), line);
      if (told !== undefined) timeline.add(told);
    },
    onEnd(fn, _report, result) {
      if (!("error" in result)) return;
      const { errorType, errorMessage, trace } = result.error;
      const who = folderOf(fn);
      timeline.add({
        kind: "failure",
        who,
        what: errorType,
        repository: undefined,
        text: errorMessage,
        facts: { trace },
      });
    },
  });
  const queues = createQueues({ queues: template.queues, clock, onChange: changed });
  const deadLetterArns = new Set(template.queues.flatMap(({ redrive }) => redrive?.deadLetterArn ?? []));
  const bus = createBus({
    rules: template.rules,
    account: place,
    clock,
    deliver(targetArn, body, _rule, { traceHeader, attributes }) {
      const messageAttributes = Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
      );
      queues.get(targetArn).send({ body, traceHeader, messageAttributes });
    },
    onEvent(notice) {
      if (notice.kind === "event") return timeline.add(tellEvent(notice.event));
      // An event of another Region is on nobody's bus here: nothing has gone wrong.
      if (notice.event.region !== place.region) return;
      const { source, "detail-type": what } = notice.event;
      timeline.add({
        kind: "failure",
        who: source,
        what,
        repository: undefined,
        text: notice.text,
        facts: { ...notice },
      });
    },
  });
  const pollers = template.eventSourceMappings.map((mapping) =>
    createPoller({
      mapping: {
        ...mapping,
        maximumBatchingWindowSeconds: Math.min(mapping.maximumBatchingWindowSeconds, WINDOW_SECONDS),
      },
      queue: queues.get(mapping.queueArn),
      clock,
      async invoke(event, { traceHeader }) {
        refuseLoop(mapping.functionArn, traceHeader);
        return sandboxes.invoke(mapping.functionArn, event, traceHeader === undefined ? {} : { traceHeader });
      },
      onBatch: changed,
    }),
  );
  bus.startSchedules();

  /** Error: RecursiveInvocationException, for which the message waits and comes again, until it is a dead letter (Lambda guide). */
  function refuseLoop(functionArn: string, traceHeader: string | undefined): void {
    const fn = template.functions.find(({ arn }) => arn === functionArn);
    if (fn === undefined || fn.allowsLoops === true || chainOf(traceHeader) <= LONGEST_CHAIN) return;
    const what = "RecursiveInvocationException";
    const text = `more than ${LONGEST_CHAIN} invocations of functions led to this message: the function is not run`;
    timeline.add({ kind: "failure", who: folderOf(fn), what, repository: undefined, text, facts: {} });
    throw new AwsError(what, text);
  }

  function traceOf(accessKeyId: string): string | undefined {
    const chain = chains.sentBy(accessKeyId);
    return chain === undefined ? undefined : toTraceHeader(chain, clock.now());
  }

  const busy = (): string[] => [
    ...(publishing > 0 ? [`${publishing} events`] : []),
    ...(calledDirectly > 0 ? [`${calledDirectly} functions that were called directly`] : []),
    ...queues.list().flatMap(({ definition, countWithin }) => {
      if (deadLetterArns.has(definition.arn)) return [];
      const messages = countWithin(IDLE_PATIENCE_MS);
      return messages > 0 ? [`${messages} messages in ${definition.name}`] : [];
    }),
  ];

  const publish = (event: EventEnvelope, accessKeyId?: string): void => {
    const chain = accessKeyId === undefined ? 0 : chains.causedBy(accessKeyId);
    publishing += 1;
    void bus.publish(event, { chain }).finally(() => {
      publishing -= 1;
      changed();
    });
  };

  /** Counted, so that nobody takes the account for idle meanwhile. */
  async function invokeFunction(functionArn: string, event: unknown): Promise<InvokeResult> {
    calledDirectly += 1;
    try {
      return await sandboxes.invoke(functionArn, event);
    } finally {
      calledDirectly -= 1;
      changed();
    }
  }

  return {
    publish,
    services: [createSqsService(queues, traceOf), createEventsService({ publish }, place)],
    disturb: bus.setSwitches,
    invokeFunction,
    async fireSchedule(name) {
      const rule = template.rules.find(
        ({ logicalId, schedule }) => schedule !== undefined && logicalId.startsWith(name),
      );
      if (rule === undefined) throw new Error(`no rule '${name}…' with a schedule`);
      await bus.fireSchedule(rule.name);
    },
    async invoke(folder, bodies) {
      const { arn } = functionOf(template, folder);
      const mapping = template.eventSourceMappings.find(({ functionArn }) => functionArn === arn);
      return invokeFunction(arn, batchEvent(bodies, mapping?.queueArn ?? "", place.region));
    },
    invokeDirect: async (folder, payload) => invokeFunction(functionOf(template, folder).arn, payload),
    idle: () =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (busy().length > 0) return;
          end();
          resolve();
        };
        const timer = setTimeout(() => {
          end();
          reject(new Error(`still under way after ${IDLE_PATIENCE_MS / 1000} s: ${busy().join(", ")}`));
        }, IDLE_PATIENCE_MS);
        const end = (): void => {
          clearTimeout(timer);
          waiters.delete(check);
        };
        waiters.add(check);
        check();
      }),
    deadLetters: () =>
      queues
        .list()
        .filter(({ definition }) => deadLetterArns.has(definition.arn))
        .reduce((sum, queue) => sum + queue.counts().visible, 0),
    async close() {
      bus.close();
      const closed = pollers.map((poller) => poller.close());
      await sandboxes.close();
      await Promise.all(closed);
      queues.close();
    },
  };
}
