import type { ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import { deletePublicImages, describePublicImage, type PublicImageId } from "../ecr/public-images.ts";
import { inParallel } from "../pacing/in-parallel.ts";
import { type DeletionPlan, planDeletion } from "./deletion-plan.ts";
import type { DroppedTag, ImageGraph } from "./image-graph.ts";
import type { PublicSide } from "./public-side.ts";

/** What became of a deletion, told as soon as it is sure. */
export type Deletion<Tag extends DroppedTag> =
  | { readonly outcome: "deleted"; readonly dropped: Tag }
  /** A signature's tag, or, without a tag, an image that nothing needed any more. */
  | { readonly outcome: "followed"; readonly digest: string; readonly tag?: string }
  /** ECR did not let it go. */
  | { readonly outcome: "refused"; readonly dropped: Tag; readonly reason: string };

/** An index may name indexes: so often a refusal may be one of order. */
const ROUNDS = 5;
const AT_ONCE = 4;

/**
 * Deletes tags, and then what only their images needed. Each tag goes only as long as it has the digest that was seen. What hangs on an image
 * is touched only once that image is gone, and an untagged one only while it has no tag: so an image that is published again
 * meanwhile keeps what it needs. Errors: AutopilotError; what was told before is done.
 */
export async function deleteTags<Tag extends DroppedTag>(
  client: ECRPUBLICClient,
  side: PublicSide,
  graph: ImageGraph,
  dropped: readonly Tag[],
  tell: (deletion: Deletion<Tag>) => void,
): Promise<void> {
  const { name } = side.repository;
  const first = planDeletion(graph, side, dropped);
  const byTag = new Map(first.tags.map((one) => [one.tag, one]));
  const refused = await deleteInOrder(client, name, first.tags, ({ tag = "" }) => {
    const one = byTag.get(tag);
    if (one !== undefined) tell({ outcome: "deleted", dropped: one });
  });
  for (const { id, reason } of refused) {
    const one = byTag.get(id.tag ?? "");
    if (one !== undefined) tell({ outcome: "refused", dropped: one, reason });
  }
  if (first.companions.length + first.untagged.length === 0) return;

  const { companions, untagged } = await planAgain(client, side, graph, dropped);
  const followed = (id: PublicImageId) => tell({ outcome: "followed", digest: id.digest ?? "", ...id });
  await deleteInOrder(client, name, companions, followed);
  const left = await withoutTags(client, name, untagged);
  await deleteInOrder(
    client,
    name,
    left.map((digest) => ({ digest })),
    followed,
  );
}

/** The same plan, of what has gone by now: a tag may have been refused, or an image published again. */
async function planAgain<Tag extends DroppedTag>(
  client: ECRPUBLICClient,
  side: PublicSide,
  graph: ImageGraph,
  dropped: readonly Tag[],
): Promise<DeletionPlan<Tag>> {
  const stillThere: string[] = [];
  await inParallel([...graph.roots], AT_ONCE, async (digest) => {
    if ((await describePublicImage(client, side.repository.name, digest)) !== undefined) stillThere.push(digest);
  });
  return planDeletion(graph, side, dropped, stillThere);
}

async function withoutTags(client: ECRPUBLICClient, name: string, digests: readonly string[]): Promise<string[]> {
  const tagged = new Set<string>();
  await inParallel(digests, AT_ONCE, async (digest) => {
    const image = await describePublicImage(client, name, digest);
    if (image === undefined || image.tags.length > 0) tagged.add(digest);
  });
  return digests.filter((digest) => !tagged.has(digest));
}

/**
 * In the order given; what an index still names is tried again while others go. Gives what was refused, but not what somebody else has
 * deleted meanwhile.
 */
async function deleteInOrder(
  client: ECRPUBLICClient,
  name: string,
  ids: readonly PublicImageId[],
  done: (id: PublicImageId) => void,
): Promise<{ readonly id: PublicImageId; readonly reason: string }[]> {
  const refused: { id: PublicImageId; reason: string }[] = [];
  let waiting = ids.map(({ digest, tag }) => ({ ...(digest && { digest }), ...(tag && { tag }) }));
  for (let round = 1; waiting.length > 0; round++) {
    const { deleted, failures } = await deletePublicImages(client, name, waiting);
    for (const id of deleted) done(id);
    const named = failures.filter(({ code }) => code === "ImageReferencedByManifestList");
    const isOver = round === ROUNDS || named.length === waiting.length;
    for (const { id, code, reason } of isOver ? failures : failures.filter((failure) => !named.includes(failure))) {
      if (code !== "ImageNotFound") refused.push({ id, reason: `${code}: ${reason}` });
    }
    waiting = isOver ? [] : named.map(({ id }) => ({ ...id }));
  }
  return refused;
}
