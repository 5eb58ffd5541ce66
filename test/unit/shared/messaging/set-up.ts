import type { IncomingHttpHeaders } from "node:http";
import { json } from "node:stream/consumers";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { onTestFinished } from "vitest";
import type { OwnEvent } from "#shared/messaging/events.ts";
import { listen } from "../../../../local/servers.ts";

interface Entry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

export interface Seen {
  readonly headers: IncomingHttpHeaders;
  readonly entries: readonly Entry[];
}

/** Status and body of an answer; undefined for one that never comes. */
export type Answer = { readonly status?: number; readonly body: unknown } | undefined;

/** PutEvents that answers as told; `round` counts calls from 1. */
export async function startPutEvents(
  answer: (entries: readonly Entry[], round: number) => Answer = (all) => taken(all),
) {
  const calls: Seen[] = [];
  const server = await listen(async (request, response) => {
    const { Entries } = (await json(request)) as { Entries: Entry[] };
    calls.push({ headers: request.headers, entries: Entries });
    const told = answer(Entries, calls.length);
    if (told === undefined) return;
    response.writeHead(told.status ?? 200, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(told.body));
  }, 0);
  const client = new EventBridgeClient({
    endpoint: server.url,
    region: "eu-west-1",
    credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  return { client, calls, details: () => calls.map(({ entries }) => entries.map(({ Detail }) => JSON.parse(Detail))) };
}

/** Every entry taken, but those whose detail has `n` in `failing`. */
export function taken(entries: readonly Entry[], failing: readonly number[] = []): Answer {
  const results = entries.map(({ Detail }) => {
    const { n } = JSON.parse(Detail);
    if (failing.includes(n)) return { ErrorCode: "InternalFailure", ErrorMessage: `Unexpected failure of ${n}` };
    return { EventId: `id-${n}` };
  });
  return { body: { FailedEntryCount: failing.length, Entries: results } };
}

export function event(n: number, more: Record<string, unknown> = {}): OwnEvent {
  return { detailType: "Repository Created", detail: { n, ...more }, time: new Date("2026-03-01T10:00:00Z") };
}
