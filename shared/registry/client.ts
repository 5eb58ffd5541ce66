import type { IncomingMessage } from "node:http";
import { permanent, transient } from "../errors.ts";
import { checkStatus } from "./check-status.ts";
import { isDigest, sha256 } from "./digest.ts";
import { type HttpRequest, readBody, redacted, type Send } from "./http.ts";
import { type Descriptor, LARGEST_MANIFEST, MEDIA_TYPES } from "./manifest.ts";

export interface RegistryClientOptions {
  /** `https://host`. */
  readonly baseUrl: string;
  readonly send: Send;
  /** Value of the Authorization header; asked again with `renew` once, after a 401. */
  readonly authorization: (options?: { renew?: boolean }) => Promise<string>;
  /** Ends every request. */
  readonly signal: AbortSignal;
}

/** A manifest as the registry holds it, bit for bit. */
export interface RemoteManifest {
  readonly digest: string;
  readonly mediaType: string | undefined;
  readonly bytes: Buffer;
}

/** One registry over OCI distribution. All methods raise AutopilotError, and the signal's reason once it aborts. */
export interface RegistryClient {
  /** Digest that a tag or digest leads to; undefined where there is none. */
  manifestDigest(repository: string, reference: string): Promise<string | undefined>;
  /** Undefined where there is none. A digest that is asked for is compared with the text: permanent `digest-mismatch`. */
  manifest(repository: string, reference: string): Promise<RemoteManifest | undefined>;
  putManifest(repository: string, reference: string, manifest: RemoteManifest): Promise<void>;
  /** The bytes of a blob as a stream; redirects are followed without our credentials. */
  openBlob(repository: string, blob: Descriptor): Promise<IncomingMessage>;
  /** One POST, one streamed PATCH, one PUT: the registry verifies the digest on the last. */
  uploadBlob(repository: string, blob: Descriptor, bytes: IncomingMessage): Promise<void>;
}

const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 3;

export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const { baseUrl, send, authorization, signal } = options;
  const base = new URL(baseUrl);

  /** With our credentials, which go to this registry's host alone. */
  async function call(request: Omit<HttpRequest, "signal">): Promise<IncomingMessage> {
    const attempt = async (renew: boolean): Promise<IncomingMessage> => {
      const headers = { ...request.headers, authorization: await authorization({ renew }) };
      return send({ ...request, headers, signal });
    };
    const response = await attempt(false);
    // A body that was streamed is spent; the upload as a whole is begun anew by whoever retries it.
    if (response.statusCode !== 401 || (request.body !== undefined && !Buffer.isBuffer(request.body))) return response;
    response.resume();
    return attempt(true);
  }

  const urlOf = (repository: string, path: string): URL => new URL(`/v2/${repository}/${path}`, base);

  async function getManifest(repository: string, reference: string): Promise<RemoteManifest | undefined> {
    const url = urlOf(repository, `manifests/${reference}`);
    const headers = { accept: Object.values(MEDIA_TYPES).join(", ") };
    const action = `read the manifest ${redacted(url)}`;
    const response = await checkStatus(await call({ method: "GET", url, headers }), [200, 404], action);
    const bytes = await readBody(response, LARGEST_MANIFEST);
    if (response.statusCode === 404) return undefined;
    // ECR leaves Docker-Content-Digest out on GET (containers-roadmap #1931): the text alone tells.
    const digest = sha256(bytes);
    if (isDigest(reference) && digest !== reference) {
      throw permanent("digest-mismatch", `${redacted(url)} answered with the manifest ${digest}`);
    }
    return { digest, mediaType: response.headers["content-type"]?.split(";")[0], bytes };
  }

  return {
    async manifestDigest(repository, reference) {
      const url = urlOf(repository, `manifests/${reference}`);
      const headers = { accept: Object.values(MEDIA_TYPES).join(", ") };
      const action = `look for the manifest ${redacted(url)}`;
      const response = await checkStatus(await call({ method: "HEAD", url, headers }), [200, 404], action);
      response.resume();
      if (response.statusCode === 404) return undefined;
      const digest = response.headers["docker-content-digest"];
      // Without the header the text must be read.
      return typeof digest === "string" ? digest : (await getManifest(repository, reference))?.digest;
    },

    manifest: getManifest,

    async putManifest(repository, reference, { mediaType = MEDIA_TYPES.ociManifest, bytes }) {
      const url = urlOf(repository, `manifests/${reference}`);
      const headers = { "content-type": mediaType, "content-length": String(bytes.length) };
      const response = await call({ method: "PUT", url, headers, body: bytes });
      (await checkStatus(response, [201], `write the manifest ${redacted(url)}`)).resume();
    },

    async openBlob(repository, { digest, size }) {
      const url = urlOf(repository, `blobs/${digest}`);
      let response = await call({ method: "GET", url, headers: {} });
      let at = url;
      for (let hop = 0; REDIRECTS.includes(response.statusCode ?? 0) && hop < MAX_REDIRECTS; hop++) {
        response.resume();
        at = redirectTarget(response, at, base);
        // A signed URL carries its own permission, and our token is not for that host.
        response = await send({ method: "GET", url: at, headers: {}, signal });
      }
      await checkStatus(response, [200], `read the blob ${redacted(at)}`);
      const length = response.headers["content-length"];
      if (length !== undefined && Number(length) !== size) {
        response.destroy();
        throw permanent("blob-size-mismatch", `${digest} has ${length} bytes, and its manifest says ${size}`);
      }
      return response;
    },

    async uploadBlob(repository, { digest, size }, bytes) {
      const start = urlOf(repository, "blobs/uploads/");
      const started = await call({ method: "POST", url: start, headers: { "content-length": "0" } });
      (await checkStatus(started, [202], `begin an upload at ${redacted(start)}`)).resume();
      let location = uploadLocation(started, start, base);

      const headers = { "content-type": "application/octet-stream", "content-length": String(size) };
      const patched = await call({ method: "PATCH", url: location, headers, body: bytes });
      // ECR answers 201 where the specification says 202, and its Range header cannot be trusted (containers-roadmap #2831).
      (await checkStatus(patched, [201, 202], `upload ${digest}`)).resume();
      location = patched.headers.location === undefined ? location : uploadLocation(patched, location, base);

      location.searchParams.set("digest", digest);
      const put = await call({ method: "PUT", url: location, headers: { "content-length": "0" } });
      (await checkStatus(put, [201], `complete the upload of ${digest}`)).resume();
    },
  };
}

/** Where an upload goes on; always at the same registry, since our credentials go with it. */
function uploadLocation(response: IncomingMessage, at: URL, base: URL): URL {
  const { location } = response.headers;
  if (location === undefined) throw transient("registry-unavailable", `${redacted(at)} answered without a Location`);
  const next = new URL(location, at);
  if (next.host !== base.host) {
    throw permanent(
      "registry-refused",
      `${redacted(at)} sends an upload, and our credentials, to another host: ${next.host}`,
    );
  }
  return next;
}

/** Downloads may be elsewhere (S3, CloudFront), but never less secure than the registry itself. */
function redirectTarget(response: IncomingMessage, at: URL, base: URL): URL {
  const { location } = response.headers;
  if (location === undefined) throw transient("registry-unavailable", `${redacted(at)} redirects without a Location`);
  const next = new URL(location, at);
  if (next.protocol !== "https:" && (next.protocol !== base.protocol || next.hostname !== base.hostname)) {
    throw permanent("registry-refused", `${redacted(at)} redirects to ${redacted(next)}, which is not secure`);
  }
  return next;
}
