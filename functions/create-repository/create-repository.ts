import type { ECRClient } from "@aws-sdk/client-ecr";
import { isEcrCall, parseEcrCall } from "#shared/events/ecr-call.ts";
import type { Envelope } from "#shared/events/envelope.ts";
import { isImageAction, parseImageAction } from "#shared/events/image-action.ts";
import type { Observer } from "#shared/observability/observer.ts";
import { templateFor } from "#shared/policy/match-template.ts";
import type { Policy } from "#shared/policy/schema.ts";
import { type Difference, describeDifference } from "#shared/policy/standards.ts";
import { bringToStandard, type StandardOutcome } from "#shared/standards/bring-to-standard.ts";
import { ensureRepository, noTemplate } from "#shared/standards/ensure-repository.ts";

/** Why a repository is looked at: a push missed it, somebody created it, or an image came into it. */
export interface RepositoryRequest {
  readonly repository: string;
  readonly cause: "push-missed" | "created" | "pushed";
  /** ARN of who caused it, where the event tells. */
  readonly caller: string | undefined;
}

export interface CreateRepositoryDeps {
  readonly ecr: ECRClient;
  readonly policy: Policy;
  readonly observer: Observer;
}

/**
 * The request in an event. A push counts too: whether ECR's own creation on push leaves a CreateRepository record is not
 * documented, and the first push proves that the repository is there. A call on another account's registry, which CloudTrail
 * shows in both accounts, is not ours. Errors: permanent `event-malformed`.
 */
export function parseRepositoryRequest(event: Envelope): RepositoryRequest | undefined {
  if (isImageAction(event)) {
    const { action, succeeded, repository } = parseImageAction(event);
    return action === "PUSH" && succeeded ? { repository, cause: "pushed", caller: undefined } : undefined;
  }
  if (!isEcrCall(event)) return undefined;
  const { operation, error, repository, registryId, account, caller } = parseEcrCall(event);
  if (registryId !== account) return undefined;
  if (operation === "InitiateLayerUpload" && error === "RepositoryNotFoundException") {
    return { repository, cause: "push-missed", caller: caller.arn };
  }
  return operation === "CreateRepository" && error === undefined
    ? { repository, cause: "created", caller: caller.arn }
    : undefined;
}

/**
 * A missed repository is created from its template, one that is there is brought to it. A name that breaks a rule or that no
 * template covers is refused on record. Errors: AutopilotError.
 */
export async function createRepository(deps: CreateRepositoryDeps, request: RepositoryRequest): Promise<void> {
  const { observer } = deps;
  const { repository, cause, caller } = request;
  const facts = { repository, cause, ...(caller !== undefined && { caller }) };

  if (cause !== "push-missed") {
    const template = templateFor(deps.policy, repository);
    if (template === undefined) {
      observer.decided({ decision: "event-ignored", ...facts, reason: noTemplate(repository) });
    } else {
      tellStandard(observer, await bringToStandard(deps.ecr, repository, template), facts);
    }
    return;
  }
  const ensured = await ensureRepository(deps, repository);
  if (ensured.outcome === "refused") {
    observer.decided({ decision: "repository-refused", ...facts, reason: ensured.reason });
    return;
  }
  if (ensured.created) observer.decided({ decision: "repository-created", ...facts, template: ensured.template });
  tellStandard(observer, ensured, facts);
}

function tellStandard(
  observer: Observer,
  standard: StandardOutcome,
  facts: { readonly repository: string; readonly [fact: string]: unknown },
): void {
  if (standard.outcome === "gone") {
    observer.decided({ decision: "repository-gone", ...facts });
    return;
  }
  const { changed, remaining } = standard;
  if (changed.length > 0) {
    observer.decided({ decision: "repository-brought-to-standard", ...facts, ...inWords(changed) });
  }
  if (remaining.length > 0) observer.decided({ decision: "repository-differs", ...facts, ...inWords(remaining) });
  if (changed.length + remaining.length === 0) observer.decided({ decision: "repository-conforms", ...facts });
}

function inWords(differences: readonly Difference[]): { settings: string[]; reason: string } {
  return {
    settings: differences.map(({ setting }) => setting),
    reason: differences.map(describeDifference).join("; "),
  };
}
