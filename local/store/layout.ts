/**
 * The files of an OCI image layout, and the two of ours beside them. Pure.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 */
import type { SavedImage } from "./backend.ts";
import type { RepositoryRecord } from "./store.ts";

const tagAnnotation = "org.opencontainers.image.ref.name";
/** A layout has no place for the time of a push, and annotations are free. */
const pushedAnnotation = "ecr-autopilot.pushed-at";

export const layoutMarker = JSON.stringify({ imageLayoutVersion: "1.0.0" });

interface IndexEntry {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations: Readonly<Record<string, string>>;
}

/** index.json: one entry per tag, and one without a name for an image that has none. */
export function writeIndex(images: Iterable<SavedImage>): string {
  const manifests: IndexEntry[] = [];
  for (const { mediaType, digest, size, pushedAt, tags } of images) {
    const pushed = { [pushedAnnotation]: pushedAt.toISOString() };
    if (tags.length === 0) manifests.push({ mediaType, digest, size, annotations: pushed });
    for (const tag of tags) {
      manifests.push({ mediaType, digest, size, annotations: { [tagAnnotation]: tag, ...pushed } });
    }
  }
  return JSON.stringify({ schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests });
}

/** The images of an index.json that `writeIndex` made. Error: when it did not. */
export function readIndex(text: string): SavedImage[] {
  const index = JSON.parse(text) as { readonly manifests: readonly IndexEntry[] };
  const images = new Map<string, SavedImage & { readonly tags: string[] }>();
  for (const { mediaType, digest, size, annotations } of index.manifests) {
    const pushedAt = readDate(annotations[pushedAnnotation]);
    const image = images.get(digest) ?? { mediaType, digest, size, pushedAt, tags: [] };
    const tag = annotations[tagAnnotation];
    if (tag !== undefined) image.tags.push(tag);
    images.set(digest, image);
  }
  return [...images.values()];
}

export function writeRecord(record: RepositoryRecord): string {
  return JSON.stringify({ ...record, createdAt: record.createdAt.toISOString() }, undefined, 2);
}

/** Error: for anything but the text of `writeRecord`. */
export function readRecord(text: string): RepositoryRecord {
  const { name, createdAt, tagRule, settings } = JSON.parse(text) as RepositoryRecord & { readonly createdAt: string };
  return { name, createdAt: readDate(createdAt), tagRule, settings };
}

function readDate(text: string | undefined): Date {
  const date = new Date(text ?? "");
  if (Number.isNaN(date.getTime())) throw new Error(`'${text}' is not a time`);
  return date;
}
