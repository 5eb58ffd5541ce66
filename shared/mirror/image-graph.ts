import { permanent, transient } from "../errors.ts";
import { inParallel } from "../pacing/in-parallel.ts";
import { subjectOfTag, tagsOfSubject } from "../policy/companion-tag.ts";
import { isIndexType } from "./index-type.ts";
import { PULLS_PER_SECOND, type PublicReader } from "./public-reader.ts";
import type { PublicSide } from "./public-side.ts";

/** A public tag that is to go. */
export interface DroppedTag {
  readonly tag: string;
  readonly digest: string;
}

/** How the images of a public repository hang together, as far as tags that are to go may touch them. */
export interface ImageGraph {
  /** Images that lose all their tags: they go with the last one. */
  readonly roots: ReadonlySet<string>;
  /** The roots, what is under them, what is about them, and so on: parents before what they name. */
  readonly candidates: ReadonlySet<string>;
  /** Digest -> what it cannot be without: the children of an index, the subject of a referrer. */
  readonly needs: ReadonlyMap<string, ReadonlySet<string>>;
  /** Digest -> which candidates are about it, and go or stay with it. */
  readonly about: ReadonlyMap<string, ReadonlySet<string>>;
  /** Digests that have a tag which stays whatever becomes of the candidates. */
  readonly kept: ReadonlySet<string>;
}

const READ_AT_ONCE = 4;
/** A bound of ours: an image with its platforms, signatures and SBOMs has some dozens, and a run drops a hundred tags of a repository. */
const MOST_CANDIDATES = 20_000;
/** Indexes that stay and must be read, for their children: more take longer than an invocation has. */
const MOST_KEPT = 4_000;

type Edges = Map<string, Set<string>>;

/**
 * Reads what must be known before a public image is deleted: down from the images that would go (children, referrers, signatures, and what
 * is about these), and every index that stays, for the children that it needs. An image that stays and refers to one that would go is found
 * among the referrers of that one, which saves reading it. Reads nothing where only tags go, and every image keeps another one.
 *
 * Errors: those of the reads, a manifest that cannot be understood among them; permanent `mirror-too-large` beyond 4,000 indexes that
 * stay; transient `mirrors-late` where `remainingMs` is too short to read them.
 */
export async function readImageGraph(
  reader: PublicReader,
  side: Pick<PublicSide, "tags" | "indexes">,
  dropped: readonly DroppedTag[],
  remainingMs: () => number,
): Promise<ImageGraph> {
  const going = new Set(dropped.map(({ tag }) => tag));
  const staying = new Set<string>();
  for (const [tag, { digest }] of side.tags) if (!going.has(tag)) staying.add(digest);
  const roots = new Set(dropped.map(({ digest }) => digest).filter((digest) => !staying.has(digest)));
  const needs: Edges = new Map();
  const about: Edges = new Map();
  if (roots.size === 0) return { roots, candidates: roots, needs, about, kept: staying };

  const read = timely(reader, remainingMs);
  const candidates = await readCandidates(read, side.tags, roots, { needs, about });
  const kept = new Set<string>();
  for (const [tag, { digest }] of side.tags) {
    const subject = subjectOfTag(tag)?.digest;
    if (!going.has(tag) && (subject === undefined || !candidates.has(subject))) kept.add(digest);
  }
  const indexes = [...kept].filter((digest) => side.indexes.has(digest));
  await readKept(read, indexes, needs);
  return { roots, candidates, needs, about, kept };
}

/** `work` on all of these, each of which costs so many pulls. */
type Read = (
  digests: readonly string[],
  pulls: number,
  work: (digest: string, reader: PublicReader) => Promise<void>,
) => Promise<void>;

function timely(reader: PublicReader, remainingMs: () => number): Read {
  return async (digests, pulls, work) => {
    if (((digests.length * pulls) / PULLS_PER_SECOND) * 1_000 > remainingMs()) {
      throw transient("mirrors-late", `${digests.length} manifests cannot be read in the time that is left`);
    }
    await inParallel(digests, READ_AT_ONCE, (digest) => work(digest, reader));
  };
}

async function readCandidates(
  read: Read,
  tags: PublicSide["tags"],
  roots: ReadonlySet<string>,
  { needs, about }: { readonly needs: Edges; readonly about: Edges },
): Promise<ReadonlySet<string>> {
  const candidates = new Set(roots);
  let level = [...roots];
  while (level.length > 0) {
    const next = new Set<string>();
    await read(level, 2, async (digest, reader) => {
      const manifest = await reader.manifest(digest);
      for (const child of manifest?.children ?? []) {
        add(needs, digest, child.digest);
        next.add(child.digest);
      }
      // What is about an image that stays must stay, although an index that goes may name it.
      if (manifest?.subject !== undefined) {
        add(needs, digest, manifest.subject);
        add(about, manifest.subject, digest);
      }
      for (const referrer of await reader.referrers(digest)) {
        add(needs, referrer.digest, digest);
        add(about, digest, referrer.digest);
        next.add(referrer.digest);
      }
      for (const tag of tagsOfSubject(digest)) {
        const companion = tags.get(tag)?.digest;
        if (companion === undefined) continue;
        add(about, digest, companion);
        next.add(companion);
      }
    });
    level = [...next].filter((digest) => !candidates.has(digest));
    for (const digest of level) candidates.add(digest);
    if (candidates.size > MOST_CANDIDATES) {
      throw permanent("mirror-too-large", `more than ${MOST_CANDIDATES} images hang together with ${level[0]}`);
    }
  }
  return candidates;
}

async function readKept(read: Read, indexes: readonly string[], needs: Edges): Promise<void> {
  if (indexes.length > MOST_KEPT) {
    const told = `${indexes.length} indexes would stay, and nothing is deleted beside more than ${MOST_KEPT}`;
    throw permanent("mirror-too-large", told);
  }
  const seen = new Set(indexes);
  let level = [...indexes];
  while (level.length > 0) {
    const next = new Set<string>();
    await read(level, 1, async (digest, reader) => {
      const manifest = await reader.manifest(digest);
      if (manifest?.subject !== undefined) add(needs, digest, manifest.subject);
      for (const child of manifest?.children ?? []) {
        add(needs, digest, child.digest);
        if (isIndexType(child.mediaType)) next.add(child.digest);
      }
    });
    level = [...next].filter((digest) => !seen.has(digest));
    for (const digest of level) seen.add(digest);
  }
}

function add(edges: Edges, from: string, to: string): void {
  const known = edges.get(from) ?? new Set();
  edges.set(from, known.add(to));
}
