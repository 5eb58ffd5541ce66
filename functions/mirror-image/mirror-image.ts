import type { ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import type { Authorization, PrivateRegistry } from "#shared/ecr/authorization.ts";
import { publicLayersPresent } from "#shared/ecr/layers.ts";
import { createPublicRepository, describePublicRepository } from "#shared/ecr/public-repositories.ts";
import type { Envelope } from "#shared/events/envelope.ts";
import { isImageAction, parseImageAction } from "#shared/events/image-action.ts";
import type { Invocation } from "#shared/lambda/queue-handler.ts";
import { type MirrorDeps, mirrorImage as mirror } from "#shared/mirror/mirror-image.ts";
import type { Observer } from "#shared/observability/observer.ts";
import { mirrorTargets } from "#shared/policy/mirror-rules.ts";
import type { Policy } from "#shared/policy/schema.ts";
import { createRegistryClient } from "#shared/registry/client.ts";
import { locate } from "#shared/registry/endpoint.ts";
import type { Send } from "#shared/registry/http.ts";

export interface PushedImage {
  readonly repository: string;
  /** Undefined for a push by digest. */
  readonly tag: string | undefined;
}

export interface MirrorImageDeps {
  readonly policy: Policy;
  readonly observer: Observer;
  readonly privateRegistry: PrivateRegistry;
  readonly publicEcr: ECRPUBLICClient;
  readonly publicAuthorization: Authorization;
  readonly send: Send;
}

/** The pushed image in an event; undefined for other actions. Errors: permanent `event-malformed`. */
export function parsePush(event: Envelope): PushedImage | undefined {
  if (!isImageAction(event)) return undefined;
  const { action, succeeded, repository, tag } = parseImageAction(event);
  return action === "PUSH" && succeeded ? { repository, tag } : undefined;
}

/**
 * Publishes a pushed image wherever the policy's mirror rules say so, and nowhere else. An image that no rule selects costs no
 * call at all. Errors: AutopilotError.
 */
export async function mirrorImage(deps: MirrorImageDeps, image: PushedImage, invocation: Invocation): Promise<void> {
  const { policy, observer } = deps;
  const { repository, tag } = image;
  const facts = { repository, ...(tag !== undefined && { tag }) };
  const selection = mirrorTargets(policy, repository, tag);
  if ("notSelected" in selection) {
    observer.decided({ decision: "image-not-selected", ...facts, reason: selection.notSelected });
    return;
  }
  for (const reason of selection.impossible) observer.decided({ decision: "image-refused", ...facts, reason });
  if (tag === undefined || selection.targets.length === 0) return;

  const engine = await engineFor(deps, invocation);
  for (const { destination } of selection.targets) {
    const began = performance.now();
    const { outcome, ...result } = await mirror(engine, { repository, tag, destination });
    const durationMs = Math.round(performance.now() - began);
    observer.decided({ decision: `image-${outcome}`, ...facts, destination, ...result, durationMs });
  }
}

/** The mirror engine for one invocation: both registries, ended by its signal. */
async function engineFor(deps: MirrorImageDeps, { signal, remainingMs }: Invocation): Promise<MirrorDeps> {
  const { privateRegistry, publicEcr, publicAuthorization, send } = deps;
  const { authorization } = privateRegistry;
  return {
    source: createRegistryClient({ baseUrl: await privateRegistry.baseUrl(), send, authorization, signal }),
    remainingMs,
    async destination(name, { create }) {
      const created = create ? await createPublicRepository(publicEcr, name) : undefined;
      const found = created ?? (await describePublicRepository(publicEcr, name));
      if (found === undefined) return undefined;
      const { baseUrl, repository } = locate(found.uri);
      return {
        client: createRegistryClient({ baseUrl, send, authorization: publicAuthorization, signal }),
        repository,
        layersPresent: (digests) => publicLayersPresent(publicEcr, name, digests),
      };
    },
  };
}
