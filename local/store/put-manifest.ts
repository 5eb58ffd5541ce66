/** The one way an image or a tag comes in. */
import { commitImages, retagged } from "./commit-images.ts";
import { type Core, committing } from "./core.ts";
import { digestOf, requireDigest } from "./digest.ts";
import { type Manifest, parseManifest } from "./manifest.ts";
import { type HeldImage, imageRecord, type Repository } from "./state.ts";
import { type ImageRecord, type PutManifest, StoreError } from "./store.ts";
import { isTagFixed } from "./tag-rule.ts";

/** See Registry.putManifest for the order of checks. */
export function putManifest(core: Core, request: PutManifest): Promise<ImageRecord> {
  const { tag } = request;
  return committing(core, request.repository, async (repository) => {
    requireTag(tag);
    const manifest = parseManifest(request.bytes, request.mediaType);
    const digest = checkedDigest(request);
    requireParts(repository, manifest);
    const held = repository.images.get(digest);
    const movedFrom = tag === undefined ? undefined : repository.tags.get(tag);
    requireNews(repository, { digest, tag, held, movedFrom });

    const changes = new Map<string, HeldImage>();
    const loser = movedFrom === undefined ? undefined : repository.images.get(movedFrom);
    if (loser !== undefined && tag !== undefined)
      changes.set(
        loser.digest,
        retagged(loser, (tags) => tags.delete(tag)),
      );
    // The bytes are copied: the request's buffer is the caller's.
    const fresh = { digest, manifest, tags: new Set<string>() };
    const untagged = held ?? { ...fresh, bytes: Buffer.from(request.bytes), pushedAt: core.clock() };
    const image = tag === undefined ? untagged : retagged(untagged, (tags) => tags.add(tag));
    changes.set(digest, image);
    await commitImages(core, repository, changes);
    const record = imageRecord(image);
    core.tell({ type: "image-pushed", repository: request.repository, image: record, tag, movedFrom });
    return record;
  });
}

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests */
function requireTag(tag: string | undefined): void {
  if (tag === undefined || /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/.test(tag)) return;
  const rule = "a tag is 1 to 128 letters, digits, '_', '.' or '-' and begins with a letter, a digit or '_'";
  throw new StoreError("tag-invalid", `${rule}, not '${tag}'`, { tag });
}

function checkedDigest({ bytes, digest }: PutManifest): string {
  const found = digestOf(bytes);
  if (digest === undefined) return found;
  requireDigest(digest);
  if (found !== digest) {
    throw new StoreError("digest-mismatch", `the manifest has the digest ${found}, not ${digest}`, { digest, found });
  }
  return found;
}

function requireParts(repository: Repository, manifest: Manifest): void {
  const blobs = manifest.blobs.filter((digest) => !repository.blobs.has(digest));
  if (blobs.length > 0) {
    throw new StoreError("blobs-missing", `the repository lacks the blobs ${blobs.join(", ")}`, { digests: blobs });
  }
  const children = manifest.children.filter((digest) => !repository.images.has(digest));
  if (children.length > 0) {
    const message = `the repository lacks the images ${children.join(", ")}`;
    throw new StoreError("children-missing", message, { digests: children });
  }
}

interface Wanted {
  readonly digest: string;
  readonly tag: string | undefined;
  readonly held: HeldImage | undefined;
  readonly movedFrom: string | undefined;
}

function requireNews(repository: Repository, { digest, tag, held, movedFrom }: Wanted): void {
  if (tag !== undefined && movedFrom !== undefined && movedFrom !== digest) {
    if (!isTagFixed(repository.record.tagRule, tag)) return;
    throw new StoreError("tag-immutable", `the tag '${tag}' points at ${movedFrom} and may not move`, { tag, digest });
  }
  if (held === undefined || (tag !== undefined && movedFrom === undefined)) return;
  throw new StoreError("image-exists", `the image ${digest} is there${tag === undefined ? "" : ` as '${tag}'`}`, {
    digest,
    ...(tag === undefined ? {} : { tag }),
  });
}
