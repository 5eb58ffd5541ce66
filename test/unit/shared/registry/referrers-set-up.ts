/** An image, what refers to it, and a registry that holds it. */
import { descriptorOf, imageOf, type Part, partOf, TYPE } from "../../../support/image-parts.ts";
import type { ScriptedRegistry } from "../../../support/scripted-registry.ts";
import { startRegistry } from "./set-up.ts";

export const image = imageOf([partOf("layer")]);
export const TAG = image.digest.replace(":", "-");
export const API = /\/referrers\//;
export const TAGGED = /\/manifests\/sha256-/;
export const config = partOf("{}", "application/vnd.oci.empty.v1+json");

/** A manifest that refers to the image, as a registry reads it. */
export function referrer(more: object = {}): Part {
  const text = {
    schemaVersion: 2,
    mediaType: TYPE.image,
    config: descriptorOf(config),
    layers: [],
    subject: descriptorOf(image),
  };
  return partOf(JSON.stringify({ ...text, ...more }), TYPE.image);
}

export const signature = referrer({ artifactType: "application/vnd.example.signature" });
export const sbom = referrer({ artifactType: "application/vnd.example.sbom" });
export const told = (...parts: Part[]) => parts.map(descriptorOf);
export const listOf = (manifests: readonly object[], more: object = {}) =>
  JSON.stringify({ schemaVersion: 2, mediaType: TYPE.index, manifests, ...more });

export async function startWithImage(): Promise<ScriptedRegistry> {
  const registry = await startRegistry();
  registry.hold("a", image);
  registry.repository("a").blobs.set(config.digest, { size: config.bytes.length, read: () => config.bytes });
  return registry;
}

/** Holds manifests by digest, and lists them under the fallback tag. */
export function holdTagged(registry: ScriptedRegistry, list: string, ...parts: Part[]): void {
  const { manifests } = registry.repository("a");
  for (const part of parts) manifests.set(part.digest, part);
  manifests.set(TAG, partOf(list, TYPE.index));
}

export const readByTag = `GET a/manifests/${TAG}`;
export const askedByApi = `GET a/referrers/${image.digest.slice(7, 13)}`;
