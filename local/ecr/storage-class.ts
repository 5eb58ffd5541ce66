/**
 * Which images of the private registry are in the archive. User guide, "Archiving an image" and "Restoring an image":
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive_restore_image.html
 */
import type { ImageRecord } from "../store/store.ts";
import { type ImageFailure, type ImageId, resolveImage } from "./image-ids.ts";
import type { Target } from "./target.ts";

export interface Storage {
  readonly imageStatus: "ACTIVE" | "ARCHIVED";
  readonly lastArchivedAt?: Date;
  readonly lastActivatedAt?: Date;
}

type Place = Pick<Target, "registry" | "repositoryName">;
/** One document per image: two changes at once must not overwrite each other's. */
const documentKey = (repository: string, digest: string) => `ecr-storage-class/${repository}/${digest}`;

/** What is kept; times in milliseconds since 1970. */
interface Kept {
  readonly isArchived: boolean;
  readonly archivedAt: number;
  readonly activatedAt?: number;
}

/** An image that was deleted and pushed again is another one: what was told of it before its push counts no more. */
function keptOf({ registry, repositoryName }: Place, image: ImageRecord): Kept | undefined {
  const kept = registry.document(documentKey(repositoryName, image.digest)) as Kept | undefined;
  return kept !== undefined && kept.archivedAt >= image.pushedAt.getTime() ? kept : undefined;
}

/** Members of ImageDetail. An image of ECR Public is always ACTIVE: it has no archive. */
export function storageOf(place: Place, image: ImageRecord): Storage {
  const kept = keptOf(place, image);
  if (kept === undefined) return { imageStatus: "ACTIVE" };
  const { isArchived, archivedAt, activatedAt } = kept;
  return {
    imageStatus: isArchived ? "ARCHIVED" : "ACTIVE",
    lastArchivedAt: new Date(archivedAt),
    ...(activatedAt === undefined ? {} : { lastActivatedAt: new Date(activatedAt) }),
  };
}

export function isArchived(place: Place, image: ImageRecord): boolean {
  return storageOf(place, image).imageStatus === "ARCHIVED";
}

export async function archive(place: Place, image: ImageRecord, at: Date): Promise<void> {
  const { activatedAt } = keptOf(place, image) ?? {};
  await keep(place, image, {
    isArchived: true,
    archivedAt: at.getTime(),
    ...(activatedAt === undefined ? {} : { activatedAt }),
  });
}

/** AWS takes up to 20 minutes, in which the image is ACTIVATING; here it is done at once. Nothing happens to one that is not archived. */
export async function restore(place: Place, image: ImageRecord, at: Date): Promise<void> {
  const kept = keptOf(place, image);
  if (kept?.isArchived) await keep(place, image, { ...kept, isArchived: false, activatedAt: at.getTime() });
}

/**
 * The image, for a pull. "Requests to pull the archived image will fail with a 404 error" (user guide): at the API that is ImageNotFound,
 * as for any other image that a pull does not find.
 */
export function resolvePullable(target: Target, imageId: ImageId): { image: ImageRecord } | { failure: ImageFailure } {
  const found = resolveImage(target, imageId);
  if ("failure" in found || !isArchived(target, found.image)) return found;
  return { failure: { imageId, failureCode: "ImageNotFound", failureReason: "Requested image not found" } };
}

async function keep({ registry, repositoryName }: Place, image: ImageRecord, kept: Kept): Promise<void> {
  await registry.putDocument(documentKey(repositoryName, image.digest), { ...kept });
}
