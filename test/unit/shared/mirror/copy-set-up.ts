/** A copy between two scripted registries. */
import { type CopyDeps, type CopyRequest, type CopyStep, copyImage } from "#shared/mirror/copy.ts";
import { planImage } from "#shared/mirror/plan.ts";
import type { TestImage } from "../../../support/image-parts.ts";
import { plainSource } from "../../../support/plain-registries.ts";
import type { ScriptedOptions } from "../../../support/scripted-registry.ts";
import { clientOf, startRegistry } from "../registry/set-up.ts";
import { destinationOf } from "./set-up.ts";

export async function setUpCopy(
  image: TestImage,
  options: { source?: ScriptedOptions; remainingMs?: () => number; progress?: (step: CopyStep) => void } = {},
) {
  const source = await startRegistry({ manners: "ecr", ...options.source });
  const registry = await startRegistry({ manners: "ecr" });
  source.hold("team/web", image);
  const asked: number[] = [];
  const destination = destinationOf(registry, { asked });
  const deps: CopyDeps = {
    source: plainSource(clientOf(source)),
    remainingMs: options.remainingMs ?? (() => 600_000),
    pause: async () => {},
    ...(options.progress && { progress: options.progress }),
  };
  const plan = await planImage(deps.source.client, "team/web", image);
  const copy = (tags: readonly string[], more: Partial<CopyRequest> = {}) =>
    copyImage(deps, { plan, accessories: [], tags, verify: false, ...more }, destination);
  return { source, registry, plan, asked, copy };
}
