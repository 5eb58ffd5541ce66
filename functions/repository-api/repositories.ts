import { checked } from "#shared/api/check.ts";
import { CREATION_REFUSALS } from "#shared/api/creation-refusals.ts";
import { nameInPath } from "#shared/api/name-in-path.ts";
import { nextRefused } from "#shared/api/next.ts";
import { ApiError } from "#shared/api/problem.ts";
import { BODIES, MOST_PER_PAGE, QUERIES } from "#shared/api/requests.ts";
import { describeRepository } from "#shared/ecr/repositories.ts";
import { AutopilotError } from "#shared/errors.ts";
import type { ApiCall } from "#shared/lambda/api-call.ts";
import type { ApiAnswer } from "#shared/lambda/api-handler.ts";
import type { Invocation } from "#shared/lambda/queue-handler.ts";
import { namesRepository } from "#shared/policy/mirror-rules.ts";
import { ownerOf } from "#shared/policy/owner-tags.ts";
import type { Template } from "#shared/policy/schema.ts";
import { ensureRepository } from "#shared/standards/ensure-repository.ts";
import { listStandards } from "#shared/standards/list-standards.ts";
import { showRepository } from "#shared/standards/show-repository.ts";
import { shownEnsured } from "#shared/standards/shown-ensured.ts";
import { tellStandard } from "#shared/standards/tell-standard.ts";
import type { RepositoryApiDeps } from "./deps.ts";
import { mirrorStates } from "./mirrors.ts";

/** PUT /repositories/{name+}: it is there, and at its standard, whoever asks, how often, and how many at once. */
export async function putRepository(deps: RepositoryApiDeps, call: ApiCall): Promise<ApiAnswer> {
  const { ecr, observer } = deps;
  checked(QUERIES.none, call.query, "query");
  checked(BODIES.nothing, call.body ?? {}, "body");
  const onlyNew = readConditions(call);
  const name = nameInPath(call.parameters.proxy ?? "");
  if (onlyNew && (await describeRepository(ecr, name)) !== undefined) throw existsAlready(name);

  const facts = { repository: name, cause: "requested", ...(call.caller && { caller: call.caller.arn }) };
  const onCreated = ({ prefix }: Template): void =>
    observer.decided({ decision: "repository-created", ...facts, template: prefix });
  const owner = call.caller && ownerOf(call.caller.arn);
  const ensured = await ensureRepository({ ...deps, onCreated }, { name, owner });
  if (ensured.outcome === "refused") {
    const { rule, reason } = ensured;
    observer.decided({ decision: "repository-refused", ...facts, rule, reason });
    throw new ApiError(CREATION_REFUSALS[rule], reason, { rule });
  }
  const { created, standard } = ensured;
  tellStandard(observer, "repository-brought-to-standard", standard, ensured, facts);
  // Somebody else created it between our two looks.
  if (onlyNew && !created) throw existsAlready(name);
  return { status: created ? 201 : 200, body: shownEnsured(name, ensured) };
}

/** GET /repositories: a part of all, beside their standards. */
export async function getRepositories(deps: RepositoryApiDeps, call: ApiCall): Promise<ApiAnswer> {
  const { filter, limit, next } = checked(QUERIES.listRepositories, call.query, "query");
  checked(BODIES.nothing, call.body ?? {}, "body");
  try {
    const body = await listStandards(deps, { filter, limit: Number(limit ?? MOST_PER_PAGE), from: next });
    return { status: 200, body };
  } catch (error) {
    // The one thing in the call that ECR may refuse is the token that came from the caller.
    const isToken = next !== undefined && error instanceof AutopilotError && error.code === "ecr-invalid";
    throw isToken ? nextRefused() : error;
  }
}

/** GET /repositories/{name+}: one, with what differs, and where each of its tags stands on ECR Public. */
export async function getRepository(
  deps: RepositoryApiDeps,
  call: ApiCall,
  invocation: Invocation,
): Promise<ApiAnswer> {
  const { next } = checked(QUERIES.showRepository, call.query, "query");
  checked(BODIES.nothing, call.body ?? {}, "body");
  const name = nameInPath(call.parameters.proxy ?? "");
  const details = await showRepository(deps, name);
  if (details === undefined)
    throw new ApiError("repository-unknown", `there is no repository '${name}' in this registry`);
  const mirror = namesRepository(deps.policy, name)
    ? await mirrorStates(deps, { repository: name, next }, invocation)
    : { states: [] };
  return { status: 200, body: { ...details, mirror } };
}

/** `If-None-Match: *` asks to create only. Errors: ApiError `header-unsupported`, since a condition that is not kept is a promise broken. */
function readConditions({ header }: ApiCall): boolean {
  const ifNoneMatch = header("if-none-match");
  if (header("if-match") !== undefined || (ifNoneMatch !== undefined && ifNoneMatch.trim() !== "*")) {
    throw new ApiError("header-unsupported", "the one condition there is, is If-None-Match: *, to create only");
  }
  return ifNoneMatch !== undefined;
}

function existsAlready(name: string): ApiError {
  return new ApiError("repository-exists", `'${name}' is there already, and If-None-Match: * asks to create only`);
}
