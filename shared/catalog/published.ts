import type { Platform } from "../policy/platforms.ts";

/** Texts that an image says of itself, by the keys of its annotations or labels. */
export type Labels = Readonly<Record<string, string>>;

/**
 * The three places where an image says something of itself; the first that has a field wins for that field. Each as it stands in the JSON,
 * unchecked: `readLabels` looks at what it is.
 */
export interface LabelSources {
  /** `annotations` of the index, where the root is one. */
  readonly index?: unknown;
  /** `annotations` of the manifest: of the root, or of the first runnable child of the index. */
  readonly manifest?: unknown;
  /** `config.Labels` in the config of that manifest. */
  readonly config?: unknown;
}

/** A tagged root (image or index) of the public repository; signatures and the like have an entry only if they are tagged. */
export interface PublishedImage {
  /** `sha256:<hex>`, of the root. */
  readonly digest: string;
  /** All tags of the digest, companion tags (`sha256-<hex>.sig`) included: what is no version is left out here. */
  readonly tags: readonly string[];
  /** When ECR Public took it; undefined where it does not say. */
  readonly pushedAt?: Date | undefined;
  /** What it runs on, one entry for each child of an index as it stands there (`unknown/unknown` too), or that of the config. */
  readonly platforms: readonly Platform[];
  /** Only needed of the image that the page is about, which `imageOfPage` tells; undefined where they were not read. */
  readonly labels?: LabelSources | undefined;
}

/** What is public in one repository now. */
export interface Published {
  /** `public.ecr.aws/<alias>/<name>`, without scheme. */
  readonly uri: string;
  /** In any order. */
  readonly images: readonly PublishedImage[];
  /** Digests of images about which a cosign signature is public, by tag or as a referrer. */
  readonly signed: readonly string[];
  /** Public keys that the policy's signature gates name for this repository, PEM; none where signatures are by keys that nobody told. */
  readonly keys: readonly { readonly name: string; readonly pem: string }[];
}

/** Catalog data that stands in ECR Public now, as GetRepositoryCatalogData answers; a field that it leaves out is left out here. */
export interface CatalogData {
  readonly description?: string | undefined;
  readonly aboutText?: string | undefined;
  readonly usageText?: string | undefined;
  readonly architectures?: readonly string[] | undefined;
  readonly operatingSystems?: readonly string[] | undefined;
}

/** What the gallery page should say: every field, since a write sends every field. */
export interface WantedPage {
  /** At most 1,024 characters; empty clears. */
  readonly description: string;
  /** Markdown, at most 25,600 characters each; empty clears. */
  readonly aboutText: string;
  readonly usageText: string;
  /** Badges of ECR Public, sorted. */
  readonly architectures: readonly string[];
  readonly operatingSystems: readonly string[];
  /** Only where the policy has one: its bytes are in the file `<sha256>.png`. */
  readonly logo?: { readonly sha256: string };
}
