import type { ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import { listPublicRepositoryTags, tagPublicRepository, untagPublicRepository } from "../ecr/public-repository-tags.ts";
import type { Limiter } from "../pacing/limiter.ts";
import type { Policy } from "../policy/schema.ts";
import type { RegistryClient } from "../registry/client.ts";
import { locate } from "../registry/endpoint.ts";
import { deleteTags } from "./delete-tags.ts";
import { planDeletion } from "./deletion-plan.ts";
import { readImageGraph } from "./image-graph.ts";
import { type MissingTag, markOf } from "./missing-tags.ts";
import { publicReader } from "./public-reader.ts";
import type { PublicSide } from "./public-side.ts";
import { type Clearing, type ClearingRequest, type GoingTag, type HeldTags, tagsToClear } from "./tags-to-clear.ts";

export interface ClearDeps {
  readonly policy: Pick<Policy, "mirror" | "publicRegion">;
  readonly publicEcr: ECRPUBLICClient;
  /** The registry at a base URL, with credentials for ECR Public. */
  readonly registryOf: (baseUrl: string) => RegistryClient;
  /** Of reads at that registry, which have a rate of their own. */
  readonly pulls: Limiter;
  readonly remainingMs: () => number;
  /** Of the private registry. */
  readonly region: string;
}

export interface ClearRequest extends Pick<ClearingRequest, "side" | "destination" | "keeping" | "allowance" | "now"> {
  readonly mode: "apply" | "plan";
  readonly there: PublicSide;
  /** Other private repositories that the rules publish to this destination; asked only before something goes. */
  readonly others: () => Promise<readonly string[]>;
}

/** What became of a public tag; in a plan, what would. */
export type ClearOutcome =
  | { readonly outcome: "deleted"; readonly going: GoingTag }
  /** What only images that went had needed: a signature's tag, or, without a tag, an image. */
  | { readonly outcome: "followed"; readonly digest: string; readonly tag?: string }
  /** Their private tags are gone; `isNew`: that was seen for the first time. */
  | { readonly outcome: "waiting"; readonly missing: readonly MissingTag[]; readonly isNew: boolean }
  | ({ readonly outcome: "held" } & HeldTags);

/**
 * Takes from a public repository what retention does not keep and what has followed its private tag, and with it what only that needed; never
 * what something needs that stays. What is read is read before the first deletion, so a read that fails deletes nothing.
 *
 * `tell` gets each outcome as soon as it is sure. Errors: AutopilotError; transient `mirrors-late` before anything was deleted.
 */
export async function clearDestination(
  deps: ClearDeps,
  request: ClearRequest,
  tell: (outcome: ClearOutcome) => void,
): Promise<void> {
  const { policy, publicEcr } = deps;
  const { mode, there } = request;
  const resourceTags = await listPublicRepositoryTags(publicEcr, there.repository);
  if (resourceTags === undefined) return;
  const clearing = await decide({ ...request, policy, region: deps.region, resourceTags, others: [] }, request.others);

  for (const held of clearing.held) tell({ outcome: "held", ...held });
  if (mode === "apply") await writeMarks(publicEcr, there, clearing);
  tellWaiting(clearing, resourceTags, tell);
  const { going } = clearing;
  if (going.length === 0) return;

  const { baseUrl, repository } = locate(there.repository.uri);
  const reader = publicReader(deps.registryOf(baseUrl), repository, deps.pulls);
  const graph = await readImageGraph(reader, there, going, deps.remainingMs);
  const plan = planDeletion(graph, there, going);
  for (const { dropped, neededBy } of plan.held) {
    tell({ outcome: "held", tags: [dropped.tag], reason: `${dropped.reason}; but ${neededBy} stays, and needs it` });
  }
  if (mode === "plan") {
    for (const one of plan.tags) tell({ outcome: "deleted", going: one });
    for (const one of plan.companions) tell({ outcome: "followed", ...one });
    for (const digest of plan.untagged) tell({ outcome: "followed", digest });
    return;
  }
  const unmark: string[] = [];
  try {
    await deleteTags(publicEcr, there, graph, going, (deletion) => {
      if (deletion.outcome === "followed") return tell(deletion);
      const { dropped } = deletion;
      if (deletion.outcome === "refused")
        return tell({ outcome: "held", tags: [dropped.tag], reason: deletion.reason });
      unmark.push(markOf(dropped.tag));
      tell({ outcome: "deleted", going: dropped });
    });
  } finally {
    const keys = unmark.filter((key) => resourceTags[key] !== undefined || clearing.marks[key] !== undefined);
    if (keys.length > 0) await untagPublicRepository(publicEcr, there.repository, keys);
  }
}

/** Whether others are published there, too, costs a list of all repositories: asked only where something would change. */
async function decide(request: ClearingRequest, others: () => Promise<readonly string[]>): Promise<Clearing> {
  const clearing = tagsToClear(request);
  const changes = clearing.going.length + Object.keys(clearing.marks).length;
  return changes === 0 ? clearing : tagsToClear({ ...request, others: await others() });
}

async function writeMarks(
  client: ECRPUBLICClient,
  { repository }: PublicSide,
  { marks, stale }: Clearing,
): Promise<void> {
  // First, since they may be what there is no room for.
  if (stale.length > 0) await untagPublicRepository(client, repository, stale);
  if (Object.keys(marks).length > 0) await tagPublicRepository(client, repository, marks);
}

function tellWaiting(
  { waiting, marks }: Clearing,
  resourceTags: Readonly<Record<string, string>>,
  tell: (outcome: ClearOutcome) => void,
): void {
  const isFirst = (mark: string) => marks[mark] !== undefined && resourceTags[mark] === undefined;
  for (const isNew of [true, false]) {
    const missing = waiting.filter(({ tag }) => isFirst(markOf(tag)) === isNew);
    if (missing.length > 0) tell({ outcome: "waiting", missing, isNew });
  }
}
