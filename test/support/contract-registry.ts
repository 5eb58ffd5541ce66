/** A registry host spoken to with nothing but fetch. */
import type { Part } from "./image-parts.ts";

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | ReadableStream;
  /** Another one than the host's; null sends none. */
  readonly authorization?: string | null;
}

export interface RegistryHost {
  /** Scheme and authority. */
  readonly url: string;
  /** Value of the Authorization header. */
  readonly authorization: string;
  /** `to`: a path, or a Location as the registry gave it. Redirects are not followed. */
  send(method: string, to: string | URL, options?: RequestOptions): Promise<Response>;
}

/** The host at `url` (scheme and authority), spoken to as `authorization` says. */
export function createRegistryHost(url: string, authorization: string): RegistryHost {
  return {
    url,
    authorization,
    send(method, to, options = {}) {
      const sent = options.authorization === undefined ? authorization : options.authorization;
      const headers = { ...(sent === null ? {} : { authorization: sent }), ...options.headers };
      const { body } = options;
      const init: RequestInit = { method, headers, redirect: "manual" };
      if (body instanceof ReadableStream) Object.assign(init, { body, duplex: "half" });
      else if (body !== undefined) init.body = typeof body === "string" ? body : new Uint8Array(body);
      return fetch(new URL(to, url), init);
    },
  };
}

/** Where the answer leads. Error: no Location. */
export function locationOf(response: Response): URL {
  const location = response.headers.get("location");
  if (location === null) throw new Error(`${response.status} of ${response.url} came without a Location`);
  return new URL(location, response.url);
}

/** A Location with the digest of the finished upload; what else is in its query stays. */
export function withDigest(location: URL, digest: string): URL {
  const url = new URL(location);
  url.searchParams.set("digest", digest);
  return url;
}

/** The answer itself, or what its redirect leads to: without credentials, as a storage service asks for. */
export async function followed(response: Response, headers: Record<string, string> = {}): Promise<Response> {
  if (response.status !== 307) return response;
  await response.body?.cancel();
  return fetch(locationOf(response), { headers, redirect: "error" });
}

/** The whole body. */
export async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Status and first error of a refusal. Error: the body is not that of an OCI error. */
export async function refusalOf(response: Response): Promise<Refusal> {
  const text = await response.text();
  const { errors } = JSON.parse(text) as { errors?: { code: string; message: string }[] };
  const [first] = errors ?? [];
  if (first === undefined) throw new Error(`${response.status} of ${response.url} tells no error: ${text}`);
  return { status: response.status, code: first.code, message: first.message };
}

/** Uploads a blob by POST and PUT; `path` is `/v2/<name>`. Error: another answer than 201. */
export async function uploadBlob(host: RegistryHost, path: string, { bytes, digest }: Part): Promise<void> {
  const started = await host.send("POST", `${path}/blobs/uploads/`);
  const put = await host.send("PUT", withDigest(locationOf(started), digest), {
    headers: { "content-type": "application/octet-stream" },
    body: bytes,
  });
  if (put.status !== 201) throw new Error(`the blob was answered with ${put.status} ${await put.text()}`);
}
