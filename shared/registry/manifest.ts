import { type AutopilotError, permanent } from "../errors.ts";
import { isDigest } from "./digest.ts";

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  /** Of a child of an index: what it runs on, as far as the index says. */
  readonly platform?: Platform;
}

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md; `unknown` stands in attestations. */
export interface Platform {
  readonly os?: string;
  readonly architecture?: string;
  readonly variant?: string;
}

/** What a manifest refers to; its text stays with whoever read it. */
export type Manifest =
  | {
      readonly kind: "image";
      readonly mediaType: string;
      readonly blobs: readonly Descriptor[];
      readonly subject: Descriptor | undefined;
    }
  | {
      readonly kind: "index";
      readonly mediaType: string;
      readonly children: readonly Descriptor[];
      readonly subject: Descriptor | undefined;
    };

export const MEDIA_TYPES = {
  ociManifest: "application/vnd.oci.image.manifest.v1+json",
  ociIndex: "application/vnd.oci.image.index.v1+json",
  dockerManifest: "application/vnd.docker.distribution.manifest.v2+json",
  dockerList: "application/vnd.docker.distribution.manifest.list.v2+json",
} as const;

const INDEX_TYPES: ReadonlySet<string> = new Set([MEDIA_TYPES.ociIndex, MEDIA_TYPES.dockerList]);
const IMAGE_TYPES: ReadonlySet<string> = new Set([MEDIA_TYPES.ociManifest, MEDIA_TYPES.dockerManifest]);

/** Largest manifest that ECR takes, in bytes (API model, imageManifest). */
export const LARGEST_MANIFEST = 4_194_304;

/**
 * Reads a manifest: OCI image and index, Docker schema 2 and list. The `mediaType` in the text wins; `contentType`, of the
 * response, stands in where an OCI manifest has none.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md. Errors: permanent `manifest-invalid`, which names the rule.
 */
export function parseManifest(bytes: Buffer, contentType: string | undefined): Manifest {
  if (bytes.length > LARGEST_MANIFEST) throw invalid(`has ${bytes.length} bytes, and ECR takes ${LARGEST_MANIFEST}`);
  const value = parseJson(bytes);
  if (value.schemaVersion !== 2) {
    throw invalid(
      `has schemaVersion ${JSON.stringify(value.schemaVersion)}; only 2 can be copied (Docker schema 1 is obsolete)`,
    );
  }
  if (value.mediaType !== undefined && typeof value.mediaType !== "string") {
    throw invalid(`has the media type ${JSON.stringify(value.mediaType)}, which is no text`);
  }
  // A text that is image and index at once is read differently by different clients (CVE-2021-41190).
  if (value.manifests !== undefined && (value.layers !== undefined || value.config !== undefined)) {
    throw invalid("has 'manifests' beside 'config' or 'layers': it is an image or an index, never both");
  }
  const mediaType = value.mediaType ?? contentType;
  const subject = value.subject === undefined ? undefined : descriptor(value.subject, "subject");
  if (mediaType !== undefined && INDEX_TYPES.has(mediaType)) {
    return { kind: "index", mediaType, children: descriptors(value.manifests, "manifests"), subject };
  }
  if (mediaType !== undefined && IMAGE_TYPES.has(mediaType)) {
    const blobs = [descriptor(value.config, "config"), ...descriptors(value.layers, "layers")];
    return { kind: "image", mediaType, blobs, subject };
  }
  throw invalid(
    `has the media type ${JSON.stringify(mediaType)}, which is neither an image nor an index of OCI or Docker`,
  );
}

/**
 * Whether a layer may be missing from the registry because its licence kept it elsewhere, as the base layers of Windows.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#non-distributable-layers
 */
export function isNondistributable({ mediaType }: Descriptor): boolean {
  return /^application\/vnd\.(oci\.image\.layer\.nondistributable|docker\.image\.rootfs\.foreign)\./.test(mediaType);
}

function parseJson(bytes: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw invalid("is not JSON", cause);
  }
  if (!isObject(value)) throw invalid("is not a JSON object");
  return value;
}

/** A list of descriptors; `path` is the list's name in the manifest. Errors: permanent `manifest-invalid`. */
export function descriptors(value: unknown, path: string): Descriptor[] {
  if (!Array.isArray(value)) throw invalid(`has no list '${path}'`);
  return value.map((element, index) => descriptor(element, `${path}[${index}]`));
}

function descriptor(value: unknown, path: string): Descriptor {
  const { mediaType, digest, size, platform } = (value ?? {}) as Record<string, unknown>;
  if (typeof mediaType !== "string" || mediaType === "") throw invalid(`has no mediaType in '${path}'`);
  if (typeof digest !== "string" || !isDigest(digest)) {
    throw invalid(`has ${JSON.stringify(digest)} as the digest of '${path}'; a digest is sha256: and 64 hex digits`);
  }
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    throw invalid(`has ${JSON.stringify(size)} as the size of '${path}'; a size is a whole number of bytes`);
  }
  return { mediaType, digest, size, ...(isObject(platform) && { platform: platformOf(platform) }) };
}

function platformOf({ os, architecture, variant }: Record<string, unknown>): Platform {
  return {
    ...(typeof os === "string" && { os }),
    ...(typeof architecture === "string" && { architecture }),
    ...(typeof variant === "string" && { variant }),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(rule: string, cause?: unknown): AutopilotError {
  return permanent("manifest-invalid", `the manifest ${rule}`, cause);
}
