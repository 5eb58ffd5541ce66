/**
 * The message with which somebody asks for a sweep: an envelope like all others, which no rule ever sees. To a function that sweeps it is
 * like its schedule: whatever does not say where to go on begins one.
 */
export function sweepRequested(caller: string | undefined): string {
  return JSON.stringify({
    ...{ id: "sweep-requested", account: "", region: "", time: new Date().toISOString() },
    ...{ source: "ecr-autopilot", "detail-type": "Sweep Requested", detail: { caller } },
  });
}
