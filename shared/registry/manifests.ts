import type { IncomingMessage } from "node:http";
import { permanent } from "../errors.ts";
import type { Connection } from "./connection.ts";
import { isDigest, sha256 } from "./digest.ts";
import { drain, readBody, redacted } from "./http.ts";
import { LARGEST_MANIFEST, MEDIA_TYPES } from "./manifest.ts";
import { checkManifestReference } from "./reference.ts";

/** A manifest as the registry holds it, bit for bit. */
export interface RemoteManifest {
  readonly digest: string;
  /** As the response says it. */
  readonly mediaType: string | undefined;
  readonly bytes: Buffer;
}

/**
 * GET of a manifest; undefined where there is none. The digest is that of the text, since ECR leaves Docker-Content-Digest out here
 * (containers-roadmap #1931). Errors: permanent `digest-mismatch` when another digest was asked for, permanent
 * `registry-answer-too-long` above what ECR takes; and those of Connection.
 */
export async function getManifest(
  connection: Connection,
  repository: string,
  reference: string,
): Promise<RemoteManifest | undefined> {
  const url = urlOf(connection, repository, reference);
  const response = await ask(connection, "GET", url);
  if (response === undefined) return undefined;
  const bytes = await readBody(response, LARGEST_MANIFEST, redacted(url));
  const digest = sha256(bytes);
  if (isDigest(reference) && digest !== reference) {
    throw permanent("digest-mismatch", `${redacted(url)} answered with the manifest ${digest}`);
  }
  return { digest, mediaType: response.headers["content-type"]?.split(";")[0]?.trim(), bytes };
}

/**
 * HEAD of a manifest: the digest that a tag or digest leads to, or undefined where there is none. A registry that leaves the header out
 * is asked for the text.
 */
export async function headManifest(
  connection: Connection,
  repository: string,
  reference: string,
): Promise<{ readonly digest: string } | undefined> {
  const response = await ask(connection, "HEAD", urlOf(connection, repository, reference));
  if (response === undefined) return undefined;
  await drain(response);
  const digest = response.headers["docker-content-digest"];
  return typeof digest === "string" && isDigest(digest) ? { digest } : getManifest(connection, repository, reference);
}

/**
 * PUT of a manifest under a tag or its digest. Errors: transient `registry-blob-unknown` when the registry does not see what it names;
 * permanent `digest-mismatch` when the registry says that it took something else; and those of Connection.
 */
export async function putManifest(
  connection: Connection,
  repository: string,
  reference: string,
  manifest: RemoteManifest,
): Promise<void> {
  await pushManifest(connection, repository, reference, manifest);
}

/** The same, and whether the registry says that it has seen the manifest's subject (OCI-Subject). */
export async function pushManifest(
  connection: Connection,
  repository: string,
  reference: string,
  { mediaType = MEDIA_TYPES.ociManifest, bytes, digest }: RemoteManifest,
): Promise<{ readonly isSubjectSeen: boolean }> {
  const url = urlOf(connection, repository, reference);
  const headers = { "content-type": mediaType, "content-length": String(bytes.length) };
  const response = await connection.call({ method: "PUT", url, headers, body: bytes }, "manifest", [201]);
  await drain(response);
  const taken = response.headers["docker-content-digest"];
  if (taken !== undefined && taken !== digest) {
    throw permanent("digest-mismatch", `${redacted(url)} took the manifest ${digest} as ${taken}`);
  }
  return { isSubjectSeen: response.headers["oci-subject"] !== undefined };
}

function urlOf(connection: Connection, repository: string, reference: string): URL {
  return connection.url(repository, `manifests/${checkManifestReference(reference)}`);
}

/** Accepts all four types, so that ECR has no reason to convert a manifest, which would change its digest. */
async function ask(connection: Connection, method: "GET" | "HEAD", url: URL): Promise<IncomingMessage | undefined> {
  const headers = { accept: Object.values(MEDIA_TYPES).join(", ") };
  const response = await connection.call({ method, url, headers }, "manifest", [200, 404]);
  if (response.statusCode === 200) return response;
  await drain(response);
  return undefined;
}
