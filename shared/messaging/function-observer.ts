import type { LambdaObserver } from "../observability/powertools-observer.ts";
import { createPowertoolsObserver } from "../observability/powertools-observer.ts";
import { announcing } from "./announcing-observer.ts";
import { createEventsClient } from "./clients.ts";
import { createEventBus } from "./events.ts";

/** The observer of one function: log, metrics, and this project's own events on the default bus. Made once per container. */
export function createFunctionObserver(service: string): LambdaObserver {
  return announcing(createPowertoolsObserver(service), createEventBus(createEventsClient()), service);
}
