import { AutopilotError, isPermanent, transient } from "../errors.ts";
import { inParallel } from "../pacing/in-parallel.ts";
import { isCompanionTag, subjectOfTag } from "../policy/companion-tag.ts";
import { imageOfPage } from "./image-order.ts";
import type { ImageFacts, ImageReader } from "./image-reader.ts";
import type { PublishedList } from "./list-published.ts";
import type { CatalogFinding } from "./page-texts.ts";
import type { Published, PublishedImage } from "./published.ts";

/** Facts of images by digest, which never change: kept for the life of a container, the oldest go first. */
export interface FactsCache {
  readonly get: (digest: string) => ImageFacts | undefined;
  readonly keep: (digest: string, facts: ImageFacts) => void;
}

export interface ReadPublishedDeps {
  readonly reader: ImageReader;
  readonly cache: FactsCache;
  readonly remainingMs: () => number;
}

export interface PublishedReading {
  readonly published: Pick<Published, "images" | "signed">;
  readonly findings: readonly CatalogFinding[];
}

/** Images that are looked at for their platforms, those pushed last: four minutes at four manifests a second. A bound of ours. */
const MOST_IMAGES = 1_000;
/** Time that must be left, so that the page is still written. */
const RESERVE_MS = 5_000;
const AT_ONCE = 4;

/**
 * What is public under tags in one repository: platforms of all images, labels of the newest, signatures. `name`: of the repository, for the
 * findings.
 *
 * An image that cannot be read, for a reason that stays, is a finding, and the page is made of the others. Errors: AutopilotError that another
 * try may not meet, transient `page-late` among them; or the signal's reason.
 */
export async function readPublished(
  { reader, cache, remainingMs }: ReadPublishedDeps,
  name: string,
  { tagged, untagged }: PublishedList,
): Promise<PublishedReading> {
  const findings: CatalogFinding[] = [];
  const tell = (digest: string) => (error: unknown) => {
    if (!(error instanceof AutopilotError)) throw error;
    const file = `${name}@${digest}`;
    // Whoever cannot read its config meets it twice: for the platform, and for the labels.
    if (findings.some((one) => one.file === file && one.rule === error.code)) return;
    findings.push({ file, rule: error.code, message: error.message });
  };
  const facts = new Map<string, ImageFacts>();
  const images = tagged.filter(({ tags }) => !tags.every(isCompanionTag));
  const unread = Math.max(0, images.length - MOST_IMAGES);
  await inParallel(images.slice(0, MOST_IMAGES), AT_ONCE, async ({ digest }) => {
    const kept = cache.get(digest);
    // Badges of some of the images would be wrong; what is read by now is kept for the next time.
    if (kept === undefined && remainingMs() < RESERVE_MS) {
      throw transient("page-late", `${images.length} images of '${name}' could not be read in the time that was left`);
    }
    try {
      const found = kept ?? (await reader.facts(digest));
      cache.keep(digest, found);
      facts.set(digest, found);
    } catch (error) {
      if (!isPermanent(error)) throw error;
      tell(digest)(error);
    }
  });
  if (unread > 0) {
    const message = `the platforms of ${unread} of ${images.length} images were not read: the badges are those of the others`;
    findings.push({ file: name, rule: "images-unread", message });
  }

  const read = tagged.map(({ digest, tags, pushedAt }): PublishedImage => {
    return { digest, tags, pushedAt, platforms: facts.get(digest)?.platforms ?? [] };
  });
  const newest = imageOfPage(read);
  if (newest === undefined) return { published: { images: read, signed: [] }, findings };
  const broken = tell(newest.digest);
  const labels = await orTold(reader.labels(newest.digest, broken), broken);
  const signed = signaturesByTag(tagged);
  const named = new Set([...facts.values()].flatMap(({ children }) => children));
  const hasReferrers = [...untagged].some((digest) => !named.has(digest)) || tagged.some(isReferrersTag);
  if (hasReferrers && !signed.has(newest.digest)) {
    if ((await orTold(reader.hasSignature(newest.digest), broken)) === true) signed.add(newest.digest);
  }
  return {
    published: {
      images: read.map((image) => (image.digest === newest.digest ? { ...image, labels } : image)),
      signed: [...signed],
    },
    findings,
  };
}

/** At most so many images: about 5 MB. */
const MOST_KEPT = 5_000;

export function createFactsCache(): FactsCache {
  const kept = new Map<string, ImageFacts>();
  return {
    get: (digest) => kept.get(digest),
    keep(digest, facts) {
      kept.set(digest, facts);
      const [oldest] = kept.keys();
      if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    },
  };
}

function signaturesByTag(tagged: PublishedList["tagged"]): Set<string> {
  const subjects = tagged.flatMap(({ tags }) => tags.map(subjectOfTag));
  return new Set(subjects.flatMap((subject) => (subject?.kind === "signature" ? [subject.digest] : [])));
}

/** The list of referrers of a registry without their API. */
function isReferrersTag({ tags }: PublishedList["tagged"][number]): boolean {
  return tags.some((tag) => subjectOfTag(tag)?.kind === "referrers");
}

async function orTold<T>(reading: Promise<T>, broken: (error: unknown) => void): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!isPermanent(error)) throw error;
    broken(error);
    return undefined;
  }
}
