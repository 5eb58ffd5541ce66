import { generateKeyPairSync } from "node:crypto";
import type { Published, PublishedImage } from "#shared/catalog/published.ts";

export const uri = "public.ecr.aws/a1b2c3d4/team-a-api";

/** A digest that ends in the number. */
export function digest(number: number): string {
  return `sha256:${number.toString(16).padStart(64, "0")}`;
}

export function image(number: number, tags: readonly string[], more: Partial<PublishedImage> = {}): PublishedImage {
  return { digest: digest(number), tags, platforms: [], ...more };
}

export function published(images: readonly PublishedImage[], more: Partial<Published> = {}): Published {
  return { uri, images, signed: [], keys: [], ...more };
}

/** Annotations with this beginning of the key. */
export function labelled(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [`org.opencontainers.image.${field}`, value]),
  );
}

export function newKey(): string {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return publicKey.export({ type: "spki", format: "pem" }).toString();
}
