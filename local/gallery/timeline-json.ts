import type { ServerResponse } from "node:http";
import type { Timeline } from "../timeline.ts";
import { respond } from "./respond.ts";

/** GET /timeline for programs: all entries, and with `?after=N` those after entry N, as a JSON array of TimelineEntry, oldest first. */
export function timelineJson(timeline: Timeline, response: ServerResponse, parameters: URLSearchParams): void {
  const after = Number(parameters.get("after") ?? 0);
  const entries = timeline.after(Number.isFinite(after) ? after : 0);
  const headers = { "content-type": "application/json; charset=utf-8", vary: "accept" };
  respond(response, 200, headers, JSON.stringify(entries));
}
