/** What a manifest refers to, and whether it is one at all. Pure. */
import { isDigest } from "./digest.ts";
import { isObject, readAnnotations, readMediaType, refuse } from "./manifest-fields.ts";

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md and distribution's manifest schema 2 document. */
const imageTypes: readonly string[] = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
const indexTypes: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

/** Layers that a registry need not hold: their bytes come from their `urls`. */
const foreignLayerTypes: readonly string[] = [
  "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
  "application/vnd.oci.image.layer.nondistributable.v1.tar",
  "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
  "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
];

export interface Manifest {
  readonly mediaType: string;
  /** Digests of config and layers that the repository must hold. */
  readonly blobs: readonly string[];
  /** Digests of the manifests of an index. */
  readonly children: readonly string[];
  readonly artifactType: string | undefined;
  readonly subject: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  /** Sum of config and layer sizes in bytes; 0 for an index. */
  readonly contentSize: number;
}

interface Reference {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/**
 * Reads a Docker schema 2 manifest or list, or an OCI image manifest or index (artifacts with it). `mediaType`: what the client
 * says it is; the manifest's own `mediaType` wins. Error: manifest-invalid, its message one line that names the rule.
 */
export function parseManifest(bytes: Buffer, mediaType: string | undefined): Manifest {
  const root = parseJson(bytes);
  if (root.schemaVersion === 1) throw refuse("schema", "manifests of schema version 1 are not taken");
  if (root.schemaVersion !== 2) throw refuse("schema", "schemaVersion must be 2");
  const type = typeOf(root, mediaType);
  const common = {
    mediaType: type,
    subject: root.subject === undefined ? undefined : readReference(root.subject, "subject").digest,
    annotations: readAnnotations(root.annotations),
  };
  const artifactType = root.artifactType === undefined ? undefined : readMediaType(root.artifactType, "artifactType");
  if (indexTypes.includes(type)) {
    if (root.layers !== undefined || root.config !== undefined)
      throw refuse("index", "an index has no config or layers");
    const children = readReferences(root.manifests, "manifests").map(({ digest }) => digest);
    return { ...common, artifactType, blobs: [], children: unique(children), contentSize: 0 };
  }
  if (root.manifests !== undefined) throw refuse("image", "an image manifest has no manifests");
  const config = readReference(root.config, "config");
  const parts = [config, ...readReferences(root.layers, "layers")];
  const held = parts.filter((part) => !foreignLayerTypes.includes(part.mediaType));
  return {
    ...common,
    artifactType: artifactType ?? config.mediaType,
    blobs: unique(held.map(({ digest }) => digest)),
    children: [],
    contentSize: parts.reduce((sum, { size }) => sum + size, 0),
  };
}

function parseJson(bytes: Buffer): Record<string, unknown> {
  let root: unknown;
  try {
    root = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    throw refuse("json", `a manifest is JSON in UTF-8: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(root)) throw refuse("json", "a manifest is a JSON object");
  return root;
}

/** ECR asks for the media type once, in the manifest or beside it: a manifest without any is refused (opcr-io/policy #149). */
function typeOf(root: Record<string, unknown>, told: string | undefined): string {
  const own = root.mediaType === undefined ? undefined : readMediaType(root.mediaType, "mediaType");
  if (own !== undefined && told !== undefined && own !== told) {
    throw refuse("media-type", `mediaType '${own}' contradicts the content type '${told}'`);
  }
  const type = own ?? told;
  if (type === undefined) throw refuse("media-type", "neither the manifest nor the request tells a media type");
  if (!imageTypes.includes(type) && !indexTypes.includes(type)) {
    throw refuse("media-type", `'${type}' is not a manifest that is taken`);
  }
  return type;
}

function readReferences(value: unknown, where: string): Reference[] {
  if (!Array.isArray(value)) throw refuse("descriptor", `${where} must be a list`);
  return value.map((item, index) => readReference(item, `${where}[${index}]`));
}

function readReference(value: unknown, where: string): Reference {
  if (!isObject(value)) throw refuse("descriptor", `${where} must be a descriptor`);
  const { digest, size } = value;
  if (typeof digest !== "string" || !isDigest(digest)) {
    throw refuse("descriptor", `${where}.digest must be 'sha256:' and 64 lower-case hexadecimal digits`);
  }
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    throw refuse("descriptor", `${where}.size must be a number of bytes`);
  }
  return { mediaType: readMediaType(value.mediaType, `${where}.mediaType`), digest, size };
}

function unique(digests: readonly string[]): string[] {
  return [...new Set(digests)];
}
