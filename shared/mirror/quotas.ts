import { LARGEST_MANIFEST } from "../registry/manifest.ts";
import type { Accessory } from "./accessories.ts";
import type { MirrorDestination } from "./destination.ts";
import type { ImagePlan } from "./plan.ts";

/** https://docs.aws.amazon.com/AmazonECR/latest/public/public-service-quotas.html */
const LARGEST_LAYER = 10_000 * 1024 * 1024;
const MOST_TAGS = 1_000;
const MOST_IMAGES = 100_000;

export interface Published {
  readonly plan: ImagePlan;
  readonly accessories: readonly Accessory[];
  /** Tags that would be written. */
  readonly tags: readonly string[];
  /** Whether the image is public already, so that only what is about it would come. */
  readonly isThere: boolean;
}

/**
 * Which quota of ECR Public the image would break, in a sentence; undefined when it fits. A layer has 1,000 parts of at most 10 MiB, which is
 * the same bound as its size; a manifest has 4 MiB (API model, imageManifest). Errors: AutopilotError of the count.
 */
export async function quotaBreach(
  there: MirrorDestination | undefined,
  { plan, accessories, tags, isThere }: Published,
): Promise<string | undefined> {
  const about = accessories.map((accessory) => accessory.plan);
  const plans = [plan, ...about];
  const large = plans.flatMap(({ blobs }) => blobs).find(({ size }) => size > LARGEST_LAYER);
  if (large !== undefined) {
    return `the layer ${large.digest} has ${large.size} bytes; ECR Public takes ${LARGEST_LAYER}, in 1,000 parts`;
  }
  const long = plans.flatMap(({ manifests }) => manifests).find(({ bytes }) => bytes.length > LARGEST_MANIFEST);
  if (long !== undefined) {
    return `the manifest ${long.digest} has ${long.bytes.length} bytes; ECR Public takes ${LARGEST_MANIFEST}`;
  }
  if (tags.length > MOST_TAGS) return `the image has ${tags.length} tags; ECR Public takes ${MOST_TAGS} for an image`;
  const added = (isThere ? about : plans).reduce((sum, { manifests }) => sum + manifests.length, 0);
  if (added === 0) return undefined;
  const present = (await there?.countImages(MOST_IMAGES)) ?? 0;
  if (present + added <= MOST_IMAGES) return undefined;
  return `the public repository has ${present} images, and ${added} would come; ECR Public takes ${MOST_IMAGES}`;
}
