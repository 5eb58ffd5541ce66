import { type BlobStream, hasBlob, openBlob } from "./blobs.ts";
import { type Authorization, createConnection } from "./connection.ts";
import type { OpenBlob } from "./download.ts";
import type { Send } from "./http.ts";
import type { Descriptor } from "./manifest.ts";
import { getManifest, headManifest, putManifest, type RemoteManifest } from "./manifests.ts";
import { createPause, type Pause } from "./pause.ts";
import { listReferrers, putReferrer } from "./referrers.ts";
import { type UploadOptions, uploadBlob } from "./upload.ts";

export interface RegistryClientOptions {
  /** `https://host`. */
  readonly baseUrl: string;
  /** Holds the connections; made once per container, so that they live on. */
  readonly send: Send;
  /** Asked before each request, and with `renew` once after a 401. */
  readonly authorization: Authorization;
  /** Where downloads may be redirected to, by `host[:port]`, beside the registry's own host; where ECR keeps layers unless given. */
  readonly redirectHosts?: (host: string) => boolean;
  /** Ends every request, every stream and every pause. */
  readonly signal?: AbortSignal;
  /** Between two tries; by the clock unless given. */
  readonly pause?: Pause;
}

/**
 * One registry over OCI distribution 1.1. All methods raise AutopilotError (codes: see checkStatus, and `registry-unreachable`), or the
 * signal's reason once it aborts. A `reference` is a tag or a digest; a name that cannot be one is permanent `reference-invalid`.
 */
export interface RegistryClient {
  /** The digest that a reference leads to; undefined where there is none. */
  headManifest(repository: string, reference: string): Promise<{ readonly digest: string } | undefined>;
  /** Undefined where there is none. A digest that is asked for is compared with the text: permanent `digest-mismatch`. */
  getManifest(repository: string, reference: string): Promise<RemoteManifest | undefined>;
  putManifest(repository: string, reference: string, manifest: RemoteManifest): Promise<void>;
  /** What refers to a digest: by the referrers API, or by the fallback tag where the registry has none. */
  listReferrers(repository: string, digest: string): Promise<readonly Descriptor[]>;
  /** PUT by digest of a manifest that has this subject, and, where the registry does not list it, its entry in the fallback tag. */
  putReferrer(repository: string, manifest: RemoteManifest, subject: string): Promise<void>;
  hasBlob(repository: string, digest: string): Promise<boolean>;
  /** A blob's bytes from `start` on; the stream must be read or destroyed. */
  openBlob(repository: string, digest: string, options?: { start?: number; size?: number }): Promise<BlobStream>;
  /** Sends a blob's bytes, out of `open(start)`, and sends them again where that helps: nobody above needs to. */
  uploadBlob(
    repository: string,
    blob: Pick<Descriptor, "digest" | "size">,
    open: OpenBlob,
    options?: UploadOptions,
  ): Promise<void>;
}

/** A client of one registry. It keeps nothing but the shared renewal of a refused token. */
export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const connection = createConnection(options);
  const pause = options.pause ?? createPause(options.signal);
  return {
    headManifest: (repository, reference) => headManifest(connection, repository, reference),
    getManifest: (repository, reference) => getManifest(connection, repository, reference),
    putManifest: (repository, reference, manifest) => putManifest(connection, repository, reference, manifest),
    listReferrers: (repository, digest) => listReferrers(connection, repository, digest),
    putReferrer: (repository, manifest, subject) => putReferrer(connection, repository, manifest, subject, pause),
    hasBlob: (repository, digest) => hasBlob(connection, repository, digest),
    openBlob: (repository, digest, from) => openBlob(connection, repository, digest, from),
    uploadBlob: (repository, blob, open, how) => uploadBlob(connection, repository, blob, open, pause, how),
  };
}
