import { permanent } from "../errors.ts";
import { isDigest } from "./digest.ts";

/** What a text like `host/name:tag@sha256:…` names. */
export interface ImageReference {
  /** `host[:port]`. */
  readonly host: string;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const HOST = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[a-fA-F0-9:]+\])(?::\d{1,5})?$/;

/**
 * Reads `host[:port]/name[:tag][@digest]`; neither tag nor digest is made up. A first part without a dot or a port, other than
 * `localhost`, is no host but part of a Docker Hub name: the host has to be written. Errors: permanent `reference-invalid`.
 */
export function parseReference(text: string): ImageReference {
  const [, host = "", rest = ""] = /^([^/]*)\/(.*)$/.exec(text) ?? [];
  if (!HOST.test(host) || !/[.:]|^localhost$/.test(host)) {
    throw invalid(text, "it begins with a host that has a dot or a port: host/name:tag@digest");
  }
  const [, name = "", tag, digest] = /^([^:@]*)(?::([^@]*))?(?:@(.*))?$/.exec(rest) ?? [];
  checkRepository(name);
  if (tag !== undefined) checkTag(tag);
  if (digest !== undefined && !isDigest(digest)) throw invalid(digest, "a digest is sha256: and 64 hex digits");
  return { host, repository: name, tag, digest };
}

/** Refuses a name that could not stand in a registry's path as it is. Errors: permanent `reference-invalid`. */
export function checkRepository(name: string): string {
  if (name.length <= 255 && REPOSITORY.test(name)) return name;
  throw invalid(name, "a repository is lower-case letters and digits, joined by . _ __ - or /, at most 255");
}

/** Refuses what is neither a tag nor a sha256 digest. Errors: permanent `reference-invalid`. */
export function checkManifestReference(reference: string): string {
  return isDigest(reference) ? reference : checkTag(reference);
}

function checkTag(tag: string): string {
  if (TAG.test(tag)) return tag;
  throw invalid(tag, "a tag is letters, digits, . _ or -, not first . or -, at most 128");
}

function invalid(value: string, rule: string) {
  return permanent("reference-invalid", `'${value}' is no image reference: ${rule}`);
}
