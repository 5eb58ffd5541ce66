import type { ECRClient } from "@aws-sdk/client-ecr";
import { describeRepository } from "#shared/ecr/repositories.ts";
import { type EcrCall, isEcrCall, parseEcrCall } from "#shared/events/ecr-call.ts";
import type { Envelope } from "#shared/events/envelope.ts";
import type { Observer } from "#shared/observability/observer.ts";
import type { Policy } from "#shared/policy/schema.ts";
import { standardFor } from "#shared/policy/standard-for.ts";
import { notReached } from "#shared/standards/bring-to-standard.ts";
import { findingsOf } from "#shared/standards/findings.ts";
import { tellStandard } from "#shared/standards/tell-standard.ts";
import { writeDifferences } from "#shared/standards/write-differences.ts";

export interface EnforceMutabilityDeps {
  readonly ecr: ECRClient;
  readonly policy: Policy;
  readonly observer: Observer;
  readonly now: () => Date;
  /** ARNs of the roles whose writes come from this policy already: this function's own among them. */
  readonly ownRoleArns: readonly string[];
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
 * Puts the tag mutability of one repository back to its template, unless the policy only reports it or an exception holds. It compares
 * before it writes, reads again what it wrote, and ignores the events of this project's own writes: so it cannot run in circles. Errors:
 * AutopilotError; transient `standard-not-reached` when the second reading still differs.
 */
export async function enforceMutability(deps: EnforceMutabilityDeps, change: EcrCall): Promise<void> {
  const { ecr, policy, observer, ownRoleArns } = deps;
  const { repository, caller, operation } = change;
  const facts = { repository, operation, ...(caller.arn !== undefined && { changedBy: caller.arn }) };
  const ignored = (reason: string): void => observer.decided({ decision: "event-ignored", ...facts, reason });

  if (caller.roleArn !== undefined && ownRoleArns.includes(caller.roleArn)) {
    return ignored("this project made the change itself");
  }
  const standard = standardFor(policy, repository, deps.now());
  if (standard.outcome === "misnamed") return ignored(`${standard.breach.reason}; such a repository is left as it is`);
  if (standard.outcome === "ungoverned" || standard.template.mutability === undefined) {
    return ignored(`the policy does not govern the tag mutability of '${repository}'`);
  }
  const present = await describeRepository(ecr, repository);
  if (present === undefined) return observer.decided({ decision: "repository-gone", ...facts });
  const findings = findingsOf(standard, { mutability: present.mutability });
  const write = await writeDifferences(ecr, present, findings.fixable);
  if (write.outcome === "gone") return observer.decided({ decision: "repository-gone", ...facts });
  if (write.failure !== undefined) throw write.failure;
  const after = write.written.length === 0 ? present : await describeRepository(ecr, repository);
  if (after === undefined) return observer.decided({ decision: "repository-gone", ...facts });
  const left = findingsOf(standard, { mutability: after.mutability }).fixable;
  if (left.length > 0) throw notReached(repository, left);
  const details = { ...facts, present: present.mutability, wanted: standard.template.mutability };
  const told = tellStandard(observer, "drift-put-back", standard, { changed: write.written, findings }, details);
  if (told === 0) observer.decided({ decision: "mutability-conforms", ...facts });
}
