/** The live timeline as server-sent events. https://html.spec.whatwg.org/multipage/server-sent-events.html */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Timeline, TimelineEntry } from "../timeline.ts";
import { respond, safeHeaders } from "./respond.ts";
import type { Cursors } from "./timeline-cursor.ts";
import { matches, newest, readFilter } from "./timeline-filter.ts";
import { viewOf } from "./timeline-view.ts";

/** Entries sent at most for what was missed; also the rows that a page keeps. */
export const mostReplayed = 300;
const mostStreams = 100;
/** Bytes waiting for a browser that does not read; it may come back later and continues where it was. */
const mostWaiting = 1024 * 1024;
/** Ends the wait of proxies and of a browser whose connection broke silently. */
const heartbeatMs = 20_000;

export interface TimelineStream {
  /** Serves GET /timeline/stream, filtered as the page is. */
  serve(request: IncomingMessage, response: ServerResponse, parameters: URLSearchParams): void;
  /** Ends all streams. */
  close(): void;
}

/**
 * Each stream is: `start` with `{ fresh }`, what was missed, `live`, then entries as they come, each with its cursor as id and an
 * EntryView as data. `fresh` tells that the entries do not continue what the browser has (no or an old cursor, or more missed
 * than is replayed), so that it begins anew. The cursor comes from Last-Event-ID or, at the first connection, from `after`.
 */
export function createTimelineStream({ timeline, cursors }: { timeline: Timeline; cursors: Cursors }): TimelineStream {
  const streams = new Map<ServerResponse, () => void>();
  let heartbeat: NodeJS.Timeout | undefined;

  const eventOf = (entry: TimelineEntry): string =>
    `event: entry\nid: ${cursors.write(entry.sequence)}\ndata: ${JSON.stringify(viewOf(entry))}\n\n`;
  const end = (response: ServerResponse): void => {
    streams.get(response)?.();
    streams.delete(response);
    if (streams.size === 0) clearInterval(heartbeat);
  };
  const write = (response: ServerResponse, text: string): void => {
    response.write(text);
    if (response.writableLength <= mostWaiting) return;
    end(response);
    response.destroy();
  };
  const begin = (response: ServerResponse, unsubscribe: () => void): void => {
    if (streams.size === 0) {
      heartbeat = setInterval(() => {
        for (const stream of streams.keys()) write(stream, ": still here\n\n");
      }, heartbeatMs).unref();
    }
    streams.set(response, unsubscribe);
    response.once("close", () => end(response));
  };

  return {
    serve(request, response, parameters) {
      if (streams.size >= mostStreams) {
        const text = `at most ${mostStreams} pages can watch the timeline at once\n`;
        respond(response, 503, { "content-type": "text/plain; charset=utf-8" }, text);
        return;
      }
      const headers = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" };
      response.writeHead(200, { ...safeHeaders, ...headers });
      if (request.method === "HEAD") {
        response.end();
        return;
      }
      const filter = readFilter(parameters);
      const lastId = request.headers["last-event-id"];
      const from = cursors.read(typeof lastId === "string" ? lastId : (parameters.get("after") ?? undefined));
      // One more than is sent tells whether there is a gap.
      const missed = newest(timeline.after(from ?? 0), filter, mostReplayed + 1);
      const fresh = from === undefined || from > timeline.last() || missed.length > mostReplayed;
      const replayed = fresh ? newest(timeline.after(0), filter, mostReplayed) : missed;
      const unsubscribe = timeline.onEntry((entry) => {
        if (matches(filter, entry)) write(response, eventOf(entry));
      });
      begin(response, unsubscribe);
      const start = `retry: 1000\nevent: start\ndata: ${JSON.stringify({ fresh })}\n\n`;
      write(response, `${start}${replayed.map(eventOf).join("")}event: live\ndata: {}\n\n`);
    },
    close() {
      for (const response of [...streams.keys()]) {
        end(response);
        response.end();
      }
    },
  };
}
