/** Which permissions were needed by whom, so that a report can hold them against what was granted. */
import type { Identity } from "./call.ts";

/** How often one principal needed one action. */
export interface PermissionUse {
  /** ARN of the user or of the role, not of the session. */
  readonly principal: string;
  readonly action: string;
  readonly allowed: number;
  readonly denied: number;
}

export interface UsageRecord {
  note(identity: Identity, action: string, allowed: boolean): void;
  /** Sorted by principal, then action. */
  all(): PermissionUse[];
}

export function createUsageRecord(): UsageRecord {
  const uses = new Map<string, PermissionUse>();
  return {
    note(identity, action, allowed) {
      const principal = principalArn(identity);
      const key = `${principal} ${action}`;
      const before = uses.get(key) ?? { principal, action, allowed: 0, denied: 0 };
      const count = allowed ? { allowed: before.allowed + 1 } : { denied: before.denied + 1 };
      uses.set(key, { ...before, ...count });
    },
    all: () => [...uses].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, use]) => use),
  };
}

/** What aws:PrincipalArn holds: the role's ARN for a session. */
export function principalArn(identity: Identity): string {
  return identity.type === "role" ? identity.roleArn : identity.arn;
}
