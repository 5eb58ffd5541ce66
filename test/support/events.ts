import { readFileSync } from "node:fs";
import { type Envelope, parseEnvelope } from "#shared/events/envelope.ts";

/** Text of a sample under events/. */
export function sampleText(name: string): string {
  return readFileSync(new URL(`../../events/${name}.json`, import.meta.url), "utf8");
}

/** A sample under events/ as the envelope that a function sees. */
export function sample(name: string): Envelope {
  return parseEnvelope(sampleText(name));
}
