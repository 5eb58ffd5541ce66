import { permanent } from "#shared/errors.ts";
import { type MirrorStateRequest, parseMirrorStateRequest } from "#shared/events/mirror-state-request.ts";
import type { Invocation } from "#shared/lambda/queue-handler.ts";
import type { MirrorStatePage } from "#shared/mirror/mirror-state.ts";
import { type MirrorStateDeps, readMirrorState } from "#shared/mirror/read-mirror-state.ts";
import { checkRepositoryName } from "#shared/policy/repository-name.ts";

/** What the state needs, ended by the invocation's signal. */
export type MirrorStatusDeps = (invocation: Invocation) => MirrorStateDeps;

/** Whoever asks may have an HTTP request open: API Gateway ends one after 29 seconds. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const ANSWER_WITHIN_MS = 20_000;

/** Errors: permanent `event-malformed`, with the rule that the request breaks. */
export function parseMirrorStatusRequest(payload: unknown): MirrorStateRequest {
  const request = parseMirrorStateRequest(payload);
  const broken = checkRepositoryName(request.repository);
  if (broken !== undefined) throw permanent("event-malformed", `not a repository of ECR: ${broken}`);
  if (request.tag !== undefined && request.digest !== undefined) {
    throw permanent("event-malformed", "tag and digest are both given; a request is for one of them, or for all tags");
  }
  return request;
}

/** The state of the tags of one private repository; writes nothing, and tells nothing. Errors: AutopilotError. */
export function mirrorStatus(
  deps: MirrorStatusDeps,
  request: MirrorStateRequest,
  invocation: Invocation,
): Promise<MirrorStatePage> {
  const began = performance.now();
  const remainingMs = () => Math.min(invocation.remainingMs(), ANSWER_WITHIN_MS - (performance.now() - began));
  return readMirrorState({ ...deps(invocation), remainingMs }, request);
}
