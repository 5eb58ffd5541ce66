import { parseAs } from "./parse.ts";
import { strictObject } from "./shapes.ts";

const ByHand = strictObject({});

/** What somebody calls check-account with: `{}`. Errors: permanent `event-malformed`. */
export function parseAccountCheckByHand(payload: unknown): Readonly<Record<string, never>> {
  return parseAs(ByHand, payload, "a check of the account by hand");
}
