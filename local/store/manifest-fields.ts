/** The fields that all manifests share. Pure. */
import { StoreError } from "./store.ts";

export type ManifestRule = "json" | "schema" | "media-type" | "descriptor" | "annotations" | "index" | "image";

/** The refusal of a manifest; `detail.rule` tells the rule to programs, the message to people. */
export function refuse(rule: ManifestRule, message: string): StoreError {
  return new StoreError("manifest-invalid", message, { rule });
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * `type/subtype` of RFC 6838, without parameters: ECR refuses a `;` in artifact and layer types (containers-roadmap #2306, #2783).
 * Error: manifest-invalid.
 */
export function readMediaType(value: unknown, where: string): string {
  const name = "[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}";
  if (typeof value === "string" && new RegExp(`^${name}/${name}$`).test(value)) return value;
  throw refuse(
    "media-type",
    `${where} must be a media type without parameters, not ${JSON.stringify(value) ?? "absent"}`,
  );
}

/** Names to texts; none when it is absent. Error: manifest-invalid. */
export function readAnnotations(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw refuse("annotations", "annotations must be an object");
  const read: [string, string][] = [];
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== "string") throw refuse("annotations", `annotation '${name}' must be a text`);
    read.push([name, text]);
  }
  return Object.fromEntries(read);
}
