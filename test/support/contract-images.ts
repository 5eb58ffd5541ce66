/** Images and artifacts that the contract pushes. */
import { descriptorOf, imageOf, type Part, partOf, type TestImage, TYPE } from "./image-parts.ts";

/** An image of one layer for each text. */
export function imageWith(...layers: readonly string[]): TestImage {
  return imageOf(layers.map((text) => partOf(text)));
}

/** The empty JSON of https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor */
export const emptyJson: Part = partOf("{}", "application/vnd.oci.empty.v1+json");

export interface ArtifactFields {
  readonly artifactType?: string;
  readonly subject?: Part;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly config?: Part;
}

/** An OCI image manifest that carries `content` as its one layer. */
export function artifactOf(
  content: string,
  { config = emptyJson, subject, ...fields }: ArtifactFields = {},
): TestImage {
  const layer = partOf(content, "application/vnd.example.content");
  return manifestOf(
    {
      ...fields,
      config: descriptorOf(config),
      layers: [descriptorOf(layer)],
      ...(subject === undefined ? {} : { subject: descriptorOf(subject) }),
    },
    [config, layer],
  );
}

/** An OCI image manifest with these members beside schemaVersion and mediaType; an undefined one is left out. */
export function manifestOf(members: Readonly<Record<string, unknown>>, blobs: readonly Part[]): TestImage {
  const text = JSON.stringify({ schemaVersion: 2, mediaType: TYPE.image, ...members });
  return { ...partOf(text, TYPE.image), blobs, children: [] };
}

/** An OCI index with these members beside schemaVersion, mediaType and manifests. */
export function indexWith(children: readonly TestImage[], members: Readonly<Record<string, unknown>> = {}): TestImage {
  const manifests = children.map(descriptorOf);
  const text = JSON.stringify({ schemaVersion: 2, mediaType: TYPE.index, manifests, ...members });
  return { ...partOf(text, TYPE.index), blobs: [], children };
}
