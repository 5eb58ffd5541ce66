import type { ECRClient } from "@aws-sdk/client-ecr";
import { isEcrCall, parseEcrCall } from "#shared/events/ecr-call.ts";
import type { Envelope } from "#shared/events/envelope.ts";
import { isImageAction, parseImageAction } from "#shared/events/image-action.ts";
import type { Observer } from "#shared/observability/observer.ts";
import { type Owner, ownerOf, ownerTags } from "#shared/policy/owner-tags.ts";
import type { Policy, Template } from "#shared/policy/schema.ts";
import { type Governed, standardFor } from "#shared/policy/standard-for.ts";
import { bringToStandard, type StandardOutcome } from "#shared/standards/bring-to-standard.ts";
import { ensureRepository } from "#shared/standards/ensure-repository.ts";
import { findNearName } from "#shared/standards/find-near-name.ts";
import { type Told, tellStandard } from "#shared/standards/tell-standard.ts";

/** Why a repository is looked at: a push missed it, somebody created it, or an image came into it. */
export interface RepositoryRequest {
  readonly repository: string;
  readonly cause: "push-missed" | "created" | "pushed";
  /** Who caused it, where the event tells. */
  readonly caller: { readonly arn: string; readonly roleArn: string | undefined } | undefined;
}

export interface CreateRepositoryDeps {
  readonly ecr: ECRClient;
  readonly policy: Policy;
  readonly observer: Observer;
  readonly now: () => Date;
  /** Roles that create repositories on others' behalf, this function's own among them: they own none. */
  readonly ownRoleArns: readonly string[];
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
  const { arn, roleArn } = caller;
  const told = { repository, caller: arn === undefined ? undefined : { arn, roleArn } };
  if (operation === "InitiateLayerUpload" && error === "RepositoryNotFoundException") {
    return { ...told, cause: "push-missed" };
  }
  return operation === "CreateRepository" && error === undefined ? { ...told, cause: "created" } : undefined;
}

/**
 * A missed repository is created from its template, one that is there is brought to it. A name that breaks a rule or that no
 * template covers is refused on record. Errors: AutopilotError.
 */
export async function createRepository(deps: CreateRepositoryDeps, request: RepositoryRequest): Promise<void> {
  const { observer } = deps;
  const { repository, cause, caller } = request;
  const facts = { repository, cause, ...(caller !== undefined && { caller: caller.arn }) };
  if (cause !== "push-missed") return lookAfter(deps, request, facts);

  const onCreated = ({ prefix }: Template): void =>
    observer.decided({ decision: "repository-created", ...facts, template: prefix });
  const owner = ownerFrom(deps, caller);
  const ensured = await ensureRepository({ ...deps, onCreated }, { name: repository, owner });
  if (ensured.outcome === "refused") {
    const { rule, reason } = ensured;
    observer.decided({ decision: "repository-refused", ...facts, rule, reason });
    return;
  }
  tell(observer, ensured.standard, ensured, facts);
}

/** A repository that is there already: somebody created it, by whatever way, or pushed to it. */
async function lookAfter(deps: CreateRepositoryDeps, request: RepositoryRequest, facts: Told): Promise<void> {
  const { ecr, policy, observer, now } = deps;
  const { repository, cause, caller } = request;
  const standard = standardFor(policy, repository, now());
  if (standard.outcome === "ungoverned") {
    observer.decided({ decision: "event-ignored", ...facts, reason: standard.reason });
    return;
  }
  if (standard.outcome === "misnamed") {
    // Whoever creates it is told once; a push to a repository that the sweep lists anyway is no news.
    const { rule, reason } = standard.breach;
    const left = `${reason}; it is there all the same, and is left as it is`;
    const decision = cause === "created" ? "repository-refused" : "event-ignored";
    observer.decided({ decision, ...facts, rule, reason: left });
    return;
  }
  const owner = ownerFrom(deps, caller);
  if (cause === "created" && !isOwn(deps, caller)) {
    const near = await findNearName(ecr, policy, repository);
    if (near !== undefined) observer.decided({ decision: "repository-misnamed", ...facts, ...near });
  }
  tell(
    observer,
    standard,
    await bringToStandard(ecr, repository, standard, ownerTags(standard.template, owner)),
    facts,
  );
}

function tell(observer: Observer, standard: Governed, outcome: StandardOutcome, facts: Told): void {
  if (outcome.outcome === "gone") {
    observer.decided({ decision: "repository-gone", ...facts });
    return;
  }
  const told = tellStandard(observer, "repository-brought-to-standard", standard, outcome, facts);
  if (told === 0) observer.decided({ decision: "repository-conforms", ...facts });
}

function isOwn({ ownRoleArns }: CreateRepositoryDeps, caller: RepositoryRequest["caller"]): boolean {
  return caller?.roleArn !== undefined && ownRoleArns.includes(caller.roleArn);
}

/** Nobody owns what a service of AWS creates on its own, such as ECR for a replica or a cached image. */
function ownerFrom(deps: CreateRepositoryDeps, caller: RepositoryRequest["caller"]): Owner | undefined {
  if (caller === undefined || isOwn(deps, caller) || isServiceLinked(caller)) return undefined;
  return ownerOf(caller.arn);
}

/** By the path of the role: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html */
function isServiceLinked({ roleArn }: NonNullable<RepositoryRequest["caller"]>): boolean {
  return roleArn?.includes(":role/aws-service-role/") === true;
}
