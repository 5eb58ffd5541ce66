import type { Policy } from "#shared/policy/schema.ts";

/** The customer-managed KMS keys that any template names, each once. */
export function kmsKeys(policy: Policy): string[] {
  const keys = policy.templates.flatMap(({ encryption }) => encryption?.kmsKey ?? []);
  return [...new Set(keys)].sort();
}
