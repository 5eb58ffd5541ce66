import type { MirrorMessage } from "./mirror-request.ts";

/** A request that begins has no `rounds` and `failures` yet. */
type NewMessage = Omit<MirrorMessage, "cause" | "rounds" | "failures"> & Partial<MirrorMessage>;

export const SOURCE = "ecr-autopilot";
export const DETAIL_TYPE = "Mirror Requested";

/** The message for the mirror's queue: an envelope like all others, which no rule ever sees. Whoever only sends it needs no parser. */
export function mirrorRequested(request: NewMessage): string {
  const place = { id: "mirror-requested", account: "", region: "", time: new Date().toISOString() };
  return JSON.stringify({
    ...place,
    source: SOURCE,
    "detail-type": DETAIL_TYPE,
    detail: { rounds: 0, failures: 0, ...request },
  });
}
