import type { IncomingMessage } from "node:http";
import { AutopilotError, permanent, transient } from "../errors.ts";
import { nextPage } from "./addresses.ts";
import type { Connection } from "./connection.ts";
import { isDigest, sha256 } from "./digest.ts";
import { drain, readBody, redacted } from "./http.ts";
import { type Descriptor, descriptors, LARGEST_MANIFEST, MEDIA_TYPES } from "./manifest.ts";
import { getManifest, pushManifest, putManifest, type RemoteManifest } from "./manifests.ts";
import { naming } from "./naming.ts";
import { backoffMs, type Pause } from "./pause.ts";

/** Bounds of ours on one list; ECR gives 50 a page (API model, ListImageReferrers), and an image has a handful. */
const MOST_PAGES = 100;
const MOST_REFERRERS = 10_000;
/** Writes of a fallback tag that other writers may undo before it is given up. */
const WRITES = 5;

/** An OCI index as text says it, unknown members included. */
type Index = Readonly<Record<string, unknown>> & { readonly manifests: readonly unknown[] };

const NO_REFERRERS: Index = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests: [] };

/**
 * What refers to a digest by its `subject`. Asked first is the referrers API: an index in answer, an empty one too, is the whole truth.
 * A registry without the API keeps the list, if anybody wrote one, under a tag. No API is 404; 400, 405 or 406 (go-containerregistry
 * takes these for it, too); 501; and 200 with what is no index. ECR Public's answer is not documented, so nothing is assumed of it.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
 *
 * Errors: permanent `registry-refused` for pages at another host, permanent `registry-answer-too-long` above 4 MiB a page, 100 pages or
 * 10,000 referrers, permanent `manifest-invalid` for a descriptor that cannot be read; and those of Connection, a denial among them.
 */
export async function listReferrers(
  connection: Connection,
  repository: string,
  digest: string,
): Promise<readonly Descriptor[]> {
  const start = apiUrl(connection, repository, digest);
  const found: Descriptor[] = [];
  for (let url = start, pages = 1; ; pages++) {
    const page = await readPage(connection, url);
    if (page === undefined && pages === 1) break;
    if (page === undefined)
      throw transient("registry-unavailable", `${redacted(start)} breaks off after page ${pages - 1}`);
    found.push(...page.referrers);
    if (page.next === undefined) return found;
    if (pages >= MOST_PAGES || found.length > MOST_REFERRERS) {
      throw permanent("registry-answer-too-long", `${redacted(start)} goes on after ${found.length} referrers`);
    }
    url = page.next;
  }
  const index = (await readTag(connection, repository, digest))?.index;
  return index === undefined ? [] : described(index, start);
}

/**
 * PUT by digest of a manifest that has a subject. The registry lists it if it says so (OCI-Subject) and has the referrers API: ECR has
 * said so without having it (sigstore/sigstore-js #1183). Else the list under the fallback tag is read, extended and written, as it then
 * is a client's duty. A list that holds the manifest already is left as it is. Two writers may overwrite each other, for there is no lock:
 * so it is read again a moment after each write.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests-with-subject
 *
 * Errors: permanent `registry-referrers-tag-taken` when the tag holds something else; transient `registry-referrers-contended` when others
 * undo the write again and again; those of putManifest and of listReferrers.
 */
export async function putReferrer(
  connection: Connection,
  repository: string,
  manifest: RemoteManifest,
  subject: string,
  pause: Pause,
): Promise<void> {
  const api = apiUrl(connection, repository, subject);
  const { isSubjectSeen } = await pushManifest(connection, repository, manifest.digest, manifest);
  if (isSubjectSeen && (await readPage(connection, api)) !== undefined) return;

  const tag = fallbackTag(subject);
  const descriptor = descriptorOf(manifest);
  for (let written = 0; ; written++) {
    const tagged = await readTag(connection, repository, subject);
    const index = tagged === undefined ? NO_REFERRERS : tagged.index;
    if (index === undefined) {
      throw permanent("registry-referrers-tag-taken", `'${repository}:${tag}' is no list of referrers`);
    }
    if (index.manifests.some((one) => (one as Partial<Descriptor> | null)?.digest === manifest.digest)) return;
    if (written >= WRITES) {
      throw transient("registry-referrers-contended", `'${repository}:${tag}' loses ${manifest.digest} to others`);
    }
    const bytes = Buffer.from(JSON.stringify({ ...index, manifests: [...index.manifests, descriptor] }));
    await putManifest(connection, repository, tag, { digest: sha256(bytes), mediaType: MEDIA_TYPES.ociIndex, bytes });
    await pause(backoffMs(1));
  }
}

function apiUrl(connection: Connection, repository: string, digest: string): URL {
  if (!isDigest(digest)) throw permanent("reference-invalid", `'${digest}' is no digest: sha256: and 64 hex digits`);
  return connection.url(repository, `referrers/${digest}`);
}

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema */
function fallbackTag(digest: string): string {
  return digest.replace(":", "-");
}

interface Page {
  readonly referrers: readonly Descriptor[];
  readonly next: URL | undefined;
}

/** Undefined where there is no referrers API. */
async function readPage(connection: Connection, url: URL): Promise<Page | undefined> {
  const response = await ask(connection, url);
  if (response === undefined) return undefined;
  if (response.statusCode !== 200) {
    await drain(response);
    return undefined;
  }
  const index = toIndex(await readBody(response, LARGEST_MANIFEST, redacted(url)));
  return index && { referrers: described(index, url), next: nextPage(response, url, connection.base) };
}

/** A refusal is one of the address, which the registry does not know; a denial has a code of its own. */
async function ask(connection: Connection, url: URL): Promise<IncomingMessage | undefined> {
  const request = { method: "GET", url, headers: { accept: MEDIA_TYPES.ociIndex } } as const;
  try {
    return await connection.call(request, "manifest", [200, 404, 501]);
  } catch (error) {
    if (error instanceof AutopilotError && error.code === "registry-refused") return undefined;
    throw error;
  }
}

/** What the fallback tag leads to: undefined for nothing, an undefined index for something else. */
async function readTag(
  connection: Connection,
  repository: string,
  digest: string,
): Promise<{ readonly index: Index | undefined } | undefined> {
  const tagged = await getManifest(connection, repository, fallbackTag(digest));
  return tagged && { index: toIndex(tagged.bytes) };
}

function toIndex(bytes: Buffer): Index | undefined {
  try {
    const value = JSON.parse(bytes.toString("utf8")) as Partial<Index> | null;
    const isIndex = value?.schemaVersion === 2 && (value.mediaType ?? MEDIA_TYPES.ociIndex) === MEDIA_TYPES.ociIndex;
    return isIndex && Array.isArray(value.manifests) ? (value as Index) : undefined;
  } catch {
    // A page of HTML, say: no index, whatever it is.
    return undefined;
  }
}

function described({ manifests }: Index, url: URL): Descriptor[] {
  try {
    return descriptors(manifests, "manifests");
  } catch (error) {
    throw naming(redacted(url), error);
  }
}

/** With the type, and the annotations, that the referrers API would tell; what has no value is left out of the JSON. */
function descriptorOf({ digest, mediaType = MEDIA_TYPES.ociManifest, bytes }: RemoteManifest): Descriptor {
  const text = JSON.parse(bytes.toString("utf8")) as Partial<Descriptor> & {
    readonly artifactType?: string;
    readonly config?: Descriptor;
    readonly annotations?: object;
  };
  const { artifactType, config, annotations } = text;
  const more = { artifactType: artifactType || config?.mediaType, annotations };
  return { mediaType: text.mediaType ?? mediaType, digest, size: bytes.length, ...more };
}
