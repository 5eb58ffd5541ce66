import type { Descriptor } from "#shared/registry/manifest.ts";
import { contentOf, type TestImage } from "../support/image-parts.ts";
import { listTags } from "../support/plain-registries.ts";
import { read, type Target } from "./push.ts";

/** What must be public before the first tag of an image is. */
export interface Whole {
  readonly image: TestImage;
  /** Tags that must be there, each with what it leads to. */
  readonly companions: Readonly<Record<string, TestImage>>;
  /** Subject and what must be listed as its referrers. */
  readonly referrers: readonly (readonly [TestImage, readonly TestImage[]])[];
}

/** All that a repository shows. */
export interface Shown {
  /** Tag -> text. */
  readonly tags: Readonly<Record<string, string>>;
  readonly manifests: readonly string[];
  readonly blobs: readonly string[];
  /** Subject -> digests of its referrers. */
  readonly referrers: Readonly<Record<string, readonly string[]>>;
}

/**
 * Looks at a public repository as anybody would, and never through what is tested. `isTagged`: whether the tag is there at this very
 * moment, by another way.
 */
export function watch(target: Target, tag: string, whole: Whole, isTagged: () => boolean) {
  const { image, companions, referrers } = whole;
  /** Sentences about what was seen and must not be. */
  const violations: string[] = [];
  let wasWhole = false;

  const accessories = [...Object.values(companions), ...referrers.flatMap(([, found]) => found)];
  const content = [image, ...accessories].map(contentOf);
  const manifests = new Map(content.flatMap((one) => one.manifests.map((part) => [part.digest, part.bytes] as const)));
  const blobs = new Set(content.flatMap((one) => one.blobs.map(({ digest }) => digest)));

  async function isThere(path: string): Promise<boolean> {
    return (await find(target, path)) !== undefined;
  }

  async function missing(): Promise<string[]> {
    const wanted = [
      ...[...manifests.keys()].map((digest) => `manifests/${digest}`),
      ...[...blobs].map((digest) => `blobs/${digest}`),
      ...Object.keys(companions).map((companion) => `manifests/${companion}`),
    ];
    const found = await Promise.all(wanted.map(isThere));
    const unlisted = await Promise.all(
      referrers.map(async ([subject, expected]) => {
        const listed = await referrersOf(target, subject.digest);
        return expected.filter(({ digest }) => !listed.includes(digest)).map(({ digest }) => `referrer ${digest}`);
      }),
    );
    return [...wanted.filter((_, n) => !found[n]), ...unlisted.flat()];
  }

  /** Whatever the tag leads to now must be the image, and whole. */
  async function look(): Promise<void> {
    const text = await find(target, `manifests/${tag}`);
    if (text === undefined || wasWhole) return;
    if (!text.equals(image.bytes)) violations.push(`${tag} leads to something else`);
    // Nothing is ever deleted here: what is whole once stays so.
    const lacks = await missing();
    if (lacks.length === 0) wasWhole = true;
    else violations.push(`${tag} is there without ${lacks.join(", ")}`);
  }

  return {
    violations,
    /** Looks at this very moment whether the tag is there, and only then at what it leads to. */
    async glance(): Promise<void> {
      if (!wasWhole && isTagged()) await look();
    },
    look,
    async shown(): Promise<Shown> {
      const tags = (await listTags(target.registry, target.repository, target.authorization)).sort();
      const texts = await Promise.all(tags.map((one) => read(target, `manifests/${one}`)));
      const there = async (kind: string, digests: Iterable<string>) => {
        const all = [...digests];
        const found = await Promise.all(all.map((digest) => isThere(`${kind}/${digest}`)));
        return all.filter((_, n) => found[n]).sort();
      };
      const lists = await Promise.all(
        referrers.map(async ([{ digest }]) => [digest, (await referrersOf(target, digest)).toSorted()] as const),
      );
      return {
        tags: Object.fromEntries(tags.map((one, n) => [one, texts[n]?.toString() ?? ""])),
        manifests: await there("manifests", manifests.keys()),
        blobs: await there("blobs", blobs),
        referrers: Object.fromEntries(lists),
      };
    },
  };
}

export type Watcher = ReturnType<typeof watch>;

/** Undefined for 404. */
async function find(target: Target, path: string): Promise<Buffer | undefined> {
  try {
    return await read(target, path);
  } catch (error) {
    if (error instanceof Error && error.message.endsWith("status 404")) return undefined;
    throw error;
  }
}

/** By the API, or where there is none by the fallback tag. */
async function referrersOf(target: Target, digest: string): Promise<string[]> {
  const list =
    (await find(target, `referrers/${digest}`)) ?? (await find(target, `manifests/${digest.replace(":", "-")}`));
  if (list === undefined) return [];
  return (JSON.parse(list.toString()) as { manifests: Descriptor[] }).manifests.map((one) => one.digest);
}
