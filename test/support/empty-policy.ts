import { readPolicy } from "#shared/policy/read-policy.ts";
import type { Policy } from "#shared/policy/schema.ts";

/** The smallest policy there is, with all its defaults: governs nothing and publishes nothing. */
export function emptyPolicy(): Policy {
  return readPolicy("version: 1", "empty.yaml").policy;
}
