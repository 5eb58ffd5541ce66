import type { ECRClient } from "@aws-sdk/client-ecr";
import { describeRepository, putTagMutability } from "#shared/ecr/repositories.ts";
import { type EcrCall, isEcrCall, parseEcrCall } from "#shared/events/ecr-call.ts";
import type { Envelope } from "#shared/events/envelope.ts";
import type { Observer } from "#shared/observability/observer.ts";
import { templateFor } from "#shared/policy/match-template.ts";
import type { Policy } from "#shared/policy/schema.ts";
import { describeDifference, differences } from "#shared/policy/standards.ts";

export interface EnforceMutabilityDeps {
  readonly ecr: ECRClient;
  readonly policy: Policy;
  readonly observer: Observer;
  /** ARN of the role this function runs as: its own writes come back as events. */
  readonly ownRoleArn: string;
}

const OPERATIONS: ReadonlySet<string> = new Set(["CreateRepository", "PutImageTagMutability"]);

/**
 * The successful call in an event that may have changed a tag mutability of this account's registry. Errors: permanent
 * `event-malformed`.
 */
export function parseMutabilityChange(event: Envelope): EcrCall | undefined {
  if (!isEcrCall(event)) return undefined;
  const call = parseEcrCall(event);
  const ours = call.registryId === call.account && call.error === undefined && OPERATIONS.has(call.operation);
  return ours ? call : undefined;
}

/**
 * Puts the tag mutability of one repository back to its template. It compares before it writes, and does not look at its own
 * writes again: so it cannot run in circles. Errors: AutopilotError.
 */
export async function enforceMutability(deps: EnforceMutabilityDeps, change: EcrCall): Promise<void> {
  const { ecr, policy, observer, ownRoleArn } = deps;
  const { repository, caller, operation } = change;
  const facts = { repository, operation, ...(caller.arn !== undefined && { changedBy: caller.arn }) };
  if (caller.roleArn === ownRoleArn) {
    observer.decided({ decision: "event-ignored", ...facts, reason: "this function made the change itself" });
    return;
  }
  const mutability = templateFor(policy, repository)?.mutability;
  if (mutability === undefined) {
    const reason = `the policy does not govern the tag mutability of '${repository}'`;
    observer.decided({ decision: "event-ignored", ...facts, reason });
    return;
  }
  const present = await describeRepository(ecr, repository);
  if (present === undefined) {
    observer.decided({ decision: "repository-gone", ...facts });
    return;
  }
  const [difference] = differences({ mutability }, { mutability: present.mutability });
  if (difference === undefined) {
    observer.decided({ decision: "mutability-conforms", ...facts });
    return;
  }
  if (!(await putTagMutability(ecr, repository, mutability))) {
    observer.decided({ decision: "repository-gone", ...facts });
    return;
  }
  observer.decided({
    decision: "mutability-put-back",
    ...facts,
    present: present.mutability,
    wanted: mutability,
    reason: describeDifference(difference),
  });
}
