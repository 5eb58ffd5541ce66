import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { type Listening, listen } from "../../local/servers.ts";

/** What a test makes the registry do instead of its work, for one request; undefined lets it work. */
export type Intervene = (
  request: { method: string; path: string; count: number; authorization: string | undefined },
  response: ServerResponse,
) => "answered" | undefined;

export interface FakeRegistry extends Listening {
  /** `METHOD path`, in the order of arrival, with upload ids and digests shortened. */
  readonly requests: string[];
  readonly blobs: Map<string, Buffer>;
  /** By `repository@digest` and `repository:tag`. */
  readonly manifests: Map<string, { mediaType: string; bytes: Buffer }>;
}

export function sha256(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/**
 * A registry that does no more than the specification asks for, records every request, and can be told to misbehave. It shares no
 * code with the local account's registry, nor with the client that is tested.
 */
export async function startFakeRegistry(
  intervene: Intervene = () => undefined,
  { patchStatus = 202 }: { patchStatus?: number } = {},
): Promise<FakeRegistry> {
  const requests: string[] = [];
  const blobs = new Map<string, Buffer>();
  const manifests: FakeRegistry["manifests"] = new Map();
  const uploads = new Map<string, Buffer>();
  const seen = new Map<string, number>();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "/" } = request;
    const { pathname: path, searchParams } = new URL(url, "http://registry");
    requests.push(`${method} ${shortened(path)}`);
    const key = `${method} ${path}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    if (intervene({ method, path, count, authorization: request.headers.authorization }, response) === "answered") {
      request.resume();
      return;
    }
    const [, repository = "", kind = "", reference = ""] =
      /^\/v2\/(.+)\/(manifests|blobs\/uploads|blobs)\/(.*)$/.exec(path) ?? [];
    if (kind === "manifests") return serveManifest(request, response, repository, reference);
    if (kind === "blobs") {
      const blob = blobs.get(reference);
      if (blob === undefined) return end(response, 404, error("BLOB_UNKNOWN"));
      response.writeHead(200, { "content-length": blob.length });
      return void response.end(method === "HEAD" ? undefined : blob);
    }
    const bytes = await buffer(request);
    if (method === "POST") {
      const id = `upload-${uploads.size + 1}`;
      uploads.set(id, Buffer.alloc(0));
      response.setHeader("location", `/v2/${repository}/blobs/uploads/${id}`);
      return end(response, 202);
    }
    const received = Buffer.concat([uploads.get(reference) ?? Buffer.alloc(0), bytes]);
    uploads.set(reference, received);
    if (method === "PATCH") return end(response, patchStatus);
    const digest = searchParams.get("digest") ?? "";
    if (sha256(received) !== digest) return end(response, 400, error("DIGEST_INVALID"));
    blobs.set(digest, received);
    end(response, 201);
  }

  async function serveManifest(
    request: IncomingMessage,
    response: ServerResponse,
    repository: string,
    reference: string,
  ): Promise<void> {
    const key = `${repository}${reference.startsWith("sha256:") ? "@" : ":"}${reference}`;
    if (request.method === "PUT") {
      const bytes = await buffer(request);
      const stored = { mediaType: String(request.headers["content-type"]), bytes };
      manifests.set(key, stored);
      manifests.set(`${repository}@${sha256(bytes)}`, stored);
      return end(response, 201);
    }
    const found = manifests.get(key);
    if (found === undefined) return end(response, 404, request.method === "HEAD" ? "" : error("MANIFEST_UNKNOWN"));
    response.writeHead(200, { "content-type": found.mediaType, "docker-content-digest": sha256(found.bytes) });
    response.end(request.method === "HEAD" ? undefined : found.bytes);
  }

  const listening = await listen((request, response) => {
    serve(request, response).catch(() => response.destroy());
  }, 0);
  return { ...listening, requests, blobs, manifests };
}

export function error(code: string, message = "told by the test"): string {
  return JSON.stringify({ errors: [{ code, message }] });
}

export function end(response: ServerResponse, status: number, body = ""): void {
  response.writeHead(status).end(body);
}

function shortened(path: string): string {
  return path
    .replace("/v2/", "")
    .replace(/sha256:([a-f0-9]{6})[a-f0-9]{58}/, "$1")
    .replace(/upload-\d+/, "upload");
}
