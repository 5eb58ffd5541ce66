import type { Content, IndexImage } from "./image.ts";

export interface PushTarget {
  /** `http://127.0.0.1:4511`. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  /** Value of the Authorization header. */
  readonly authorization: string;
}

export interface PushResult {
  readonly uploadedBytes: number;
  readonly uploadedBlobs: number;
  readonly writtenManifests: number;
}

/** A push that the registry refused, in its words. */
export class PushRefused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "PushRefused";
    this.status = status;
    this.code = code;
  }
}

/**
 * Pushes an index as clients do: asks first what is there (tag, blobs), uploads what is missing, then the children by digest,
 * then the index under its tag. It shares no code with the mirror that it helps to show.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md. Errors: PushRefused.
 */
export async function push(image: IndexImage, target: PushTarget): Promise<PushResult> {
  const result = { uploadedBytes: 0, uploadedBlobs: 0, writtenManifests: 0 };
  if ((await digestOf(target, target.tag)) === image.root.digest) return result;
  for (const blob of image.blobs) {
    if (await hasBlob(target, blob.digest)) continue;
    await uploadBlob(target, blob);
    result.uploadedBlobs += 1;
    result.uploadedBytes += blob.bytes.length;
  }
  for (const child of image.children) await putManifest(target, child.digest, child);
  await putManifest(target, target.tag, image.root);
  result.writtenManifests = image.children.length + 1;
  return result;
}

/** Digest that a tag points at, or undefined where tag or repository do not exist. Errors: PushRefused. */
export async function digestOf(target: Omit<PushTarget, "tag">, reference: string): Promise<string | undefined> {
  const response = await call(target, `manifests/${reference}`, { method: "HEAD", headers: { accept: "*/*" } });
  if (response.status === 404) return undefined;
  await expectStatus(response, 200);
  return response.headers.get("docker-content-digest") ?? undefined;
}

async function hasBlob(target: PushTarget, digest: string): Promise<boolean> {
  const response = await call(target, `blobs/${digest}`, { method: "HEAD", redirect: "manual" });
  if (response.status === 404) return false;
  if (response.status !== 307) await expectStatus(response, 200);
  return true;
}

async function uploadBlob(target: PushTarget, { digest, bytes }: Content): Promise<void> {
  const started = await expectStatus(await call(target, "blobs/uploads/", { method: "POST" }), 202);
  const location = new URL(started.headers.get("location") ?? "", target.registry);
  location.searchParams.set("digest", digest);
  const headers = { authorization: target.authorization, "content-type": "application/octet-stream" };
  await expectStatus(await fetch(location, { method: "PUT", headers, body: new Uint8Array(bytes) }), 201);
}

async function putManifest(target: PushTarget, reference: string, { mediaType, bytes }: Content): Promise<void> {
  const init = { method: "PUT", headers: { "content-type": mediaType }, body: new Uint8Array(bytes) };
  await expectStatus(await call(target, `manifests/${reference}`, init), 201);
}

function call(target: Omit<PushTarget, "tag">, path: string, init: RequestInit): Promise<Response> {
  const headers = { ...init.headers, authorization: target.authorization };
  return fetch(`${target.registry}/v2/${target.repository}/${path}`, { ...init, headers });
}

async function expectStatus(response: Response, status: number): Promise<Response> {
  if (response.status === status) return response;
  const text = await response.text();
  const first = errorsIn(text)[0];
  throw new PushRefused(
    response.status,
    first?.code ?? "UNKNOWN",
    first?.message ?? `status ${response.status}: ${text.slice(0, 200)}`,
  );
}

function errorsIn(text: string): { code?: string; message?: string }[] {
  try {
    const body = JSON.parse(text) as { errors?: { code?: string; message?: string }[] };
    return body.errors ?? [];
  } catch {
    // A body that is no JSON is told as text by the caller.
    return [];
  }
}
