import type { Readable } from "node:stream";
import { permanent } from "../errors.ts";
import type { Platform } from "../policy/platforms.ts";
import { sha256 } from "../registry/digest.ts";
import type { Descriptor } from "../registry/manifest.ts";

/** What a page needs of an image's config. */
export interface ImageConfig extends Platform {
  /** `config.Labels` as it stands there, whatever it is. */
  readonly labels: unknown;
}

/** Configs that tell a platform: https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md, and Docker's own. */
const IMAGE_CONFIGS: ReadonlySet<string> = new Set([
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
]);
/** A bound of ours, in bytes: a config with a README in a label has a tenth of it. */
const LARGEST_CONFIG = 4 * 1024 * 1024;

/** What cosign attaches by OCI 1.1: the older form, and the bundle of cosign 3, whose annotation tells signatures from attestations. */
const SIGNATURE = "application/vnd.dev.cosign.artifact.sig.v1+json";
const BUNDLE = /^application\/vnd\.dev\.sigstore\.bundle\b/;
const PREDICATE = "dev.sigstore.bundle.predicateType";
const SIGNED = "https://sigstore.dev/cosign/sign/v1";

export function isImageConfig({ mediaType }: Descriptor): boolean {
  return IMAGE_CONFIGS.has(mediaType);
}

/** The annotations in the text of a manifest that has been parsed, whatever they are. */
export function annotationsOf(manifest: Buffer): unknown {
  return (JSON.parse(manifest.toString("utf8")) as { annotations?: unknown }).annotations;
}

/** Whether a manifest that has been parsed says of itself that it is a cosign signature. */
export function isSignature(manifest: Buffer): boolean {
  const { artifactType, annotations } = JSON.parse(manifest.toString("utf8")) as {
    artifactType?: unknown;
    annotations?: Readonly<Record<string, unknown>> | null;
  };
  if (typeof artifactType !== "string") return false;
  return artifactType === SIGNATURE || (BUNDLE.test(artifactType) && annotations?.[PREDICATE] === SIGNED);
}

/**
 * Reads a config. Errors: permanent `config-invalid` for what is larger than 4 MiB, has other bytes than its digest says, or is no JSON
 * object; and those of the stream.
 */
export async function readConfig({ digest }: Descriptor, stream: Readable): Promise<ImageConfig> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop destroys the stream.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST_CONFIG) throw invalid(digest, `has more than ${LARGEST_CONFIG} bytes`);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (sha256(bytes) !== digest) throw invalid(digest, `has the digest ${sha256(bytes)}`);
  return parseConfig(digest, bytes);
}

function parseConfig(digest: string, bytes: Buffer): ImageConfig {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw invalid(digest, "is not JSON", cause);
  }
  if (typeof value !== "object" || value === null) throw invalid(digest, "is not a JSON object");
  const { os, architecture, variant, config } = value as Record<string, unknown>;
  return {
    ...(typeof os === "string" && { os }),
    ...(typeof architecture === "string" && { architecture }),
    ...(typeof variant === "string" && { variant }),
    labels: (config as { Labels?: unknown } | null | undefined)?.Labels,
  };
}

function invalid(digest: string, rule: string, cause?: unknown) {
  return permanent("config-invalid", `the config ${digest} ${rule}`, cause);
}
