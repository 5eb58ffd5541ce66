/** What one registry holds, in memory: the present state of each repository and what can be derived from it. */
import type { Saved, SavedRepository } from "./backend.ts";
import { type Manifest, parseManifest } from "./manifest.ts";
import { createSerial, type Serial } from "./serial.ts";
import { createSortedMap, type SortedMap } from "./sorted-map.ts";
import type { ImageRecord, RepositoryRecord } from "./store.ts";
import type { Upload } from "./upload.ts";

export interface HeldImage {
  readonly digest: string;
  readonly bytes: Buffer;
  readonly manifest: Manifest;
  readonly pushedAt: Date;
  readonly tags: ReadonlySet<string>;
}

export interface Repository {
  record: RepositoryRecord;
  readonly blobs: Map<string, number>;
  readonly images: SortedMap<HeldImage>;
  /** Tag -> digest. */
  readonly tags: SortedMap<string>;
  readonly uploads: Map<string, Upload>;
  /** Blob or child digest -> digests of the manifests that refer to it. */
  readonly referredBy: Map<string, Set<string>>;
  /** Subject digest -> digests of the manifests that name it. */
  readonly referrers: Map<string, Set<string>>;
  /** Everything that commits goes through it. */
  readonly serial: Serial;
}

/** State of a repository out of what was saved. Error: manifest-invalid for a saved manifest that does not parse. */
export function openRepository(saved: SavedRepository): Repository {
  const repository: Repository = {
    record: saved.record,
    blobs: new Map(saved.blobs),
    images: createSortedMap(),
    tags: createSortedMap(),
    uploads: new Map(),
    referredBy: new Map(),
    referrers: new Map(),
    serial: createSerial(),
  };
  for (const { digest, bytes, mediaType, pushedAt, tags } of saved.images) {
    const manifest = parseManifest(bytes, mediaType);
    holdImage(repository, { digest, bytes, manifest, pushedAt, tags: new Set(tags) });
  }
  // Manifests and blobs lie side by side: the bytes of a manifest are also a blob only where a manifest says so.
  const asBlobs = new Set(repository.images.values().flatMap(({ manifest }) => manifest.blobs));
  for (const digest of repository.images.keys()) if (!asBlobs.has(digest)) repository.blobs.delete(digest);
  return repository;
}

export function openRepositories(saved: Saved): SortedMap<Repository> {
  const repositories = createSortedMap<Repository>();
  for (const each of saved.repositories) repositories.set(each.record.name, openRepository(each));
  return repositories;
}

/** Enters an image and its tags. */
export function holdImage(repository: Repository, image: HeldImage): void {
  const { digest, manifest } = image;
  repository.images.set(digest, image);
  for (const tag of image.tags) repository.tags.set(tag, digest);
  for (const target of [...manifest.blobs, ...manifest.children]) join(repository.referredBy, target, digest);
  if (manifest.subject !== undefined) join(repository.referrers, manifest.subject, digest);
}

/** Removes an image and its tags. */
export function dropImage(repository: Repository, image: HeldImage): void {
  const { digest, manifest } = image;
  repository.images.delete(digest);
  for (const tag of image.tags) repository.tags.delete(tag);
  for (const target of [...manifest.blobs, ...manifest.children]) part(repository.referredBy, target, digest);
  if (manifest.subject !== undefined) part(repository.referrers, manifest.subject, digest);
}

/** The image as the contract shows it. */
export function imageRecord(image: HeldImage): ImageRecord {
  const { manifest, digest, bytes, pushedAt, tags } = image;
  return {
    mediaType: manifest.mediaType,
    digest,
    size: bytes.length,
    tags: [...tags].sort(),
    pushedAt,
    artifactType: manifest.artifactType,
    subject: manifest.subject,
    annotations: manifest.annotations,
    contentSize: manifest.contentSize,
  };
}

function join(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, new Set([value]));
  else values.add(value);
}

function part(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key);
  values?.delete(value);
  if (values?.size === 0) map.delete(key);
}
