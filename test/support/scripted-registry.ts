import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { finished, type Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type Listening, listen } from "../../local/servers.ts";
import { contentOf, sha256, type TestImage } from "./image-parts.ts";
import { createScript, type Fault, ociError, type Script } from "./scripted-faults.ts";

/** A request as it came, in the order of arrival. */
export interface SeenRequest {
  readonly method: string;
  /** `<repository>/<kind>/<reference>`. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Port of the client's end: the same for requests on one connection. */
  readonly connection: number | undefined;
}

/** A blob that need not be in memory. */
export interface ScriptedBlob {
  readonly size: number;
  readonly read: (start: number) => Buffer | Readable;
}

export interface ScriptedRepository {
  readonly blobs: Map<string, ScriptedBlob>;
  /** By digest and by tag. */
  readonly manifests: Map<string, { readonly mediaType: string; readonly bytes: Buffer }>;
}

export interface ScriptedRegistry extends Listening, Pick<Script, "on"> {
  readonly requests: SeenRequest[];
  /** `METHOD path`, with digests cut to six digits. */
  lines(): string[];
  /** A repository, made at the first use of its name. */
  repository(name: string): ScriptedRepository;
  /** Puts an image there as if it had been pushed under these tags. */
  hold(name: string, image: TestImage, ...tags: string[]): void;
  /** Uploads that were begun and not completed. */
  openUploads(): number;
}

export interface ScriptedOptions {
  /** The only Authorization that is taken; any without it. */
  readonly authorization?: () => string;
  /** Where downloads are redirected to, by 307; served here without it. */
  readonly redirect?: (path: string) => string;
  /** ECR's manners: 201 on PATCH, no digest header on GET; or, `bare`, no digest header at all. */
  readonly manners?: "specified" | "ecr" | "bare";
  /** Answers a Range request with the whole blob. */
  readonly ignoresRange?: boolean;
  /** Only hashes uploads, and keeps none of their bytes. */
  readonly discards?: boolean;
}

interface Upload {
  readonly chunks: Buffer[];
  readonly hash: ReturnType<typeof createHash>;
  size: number;
}

/**
 * A registry that keeps to the specification, refuses what is out of order (a manifest before what it names), records every request, and
 * misbehaves as it is told. It shares no code with the local account's registry, nor with the client that is tested.
 */
export async function startScriptedRegistry(options: ScriptedOptions = {}): Promise<ScriptedRegistry> {
  const { manners = "specified" } = options;
  const script = createScript();
  const requests: SeenRequest[] = [];
  const repositories = new Map<string, ScriptedRepository>();
  const uploads = new Map<string, Upload>();
  let uploadsBegun = 0;

  function repository(name: string): ScriptedRepository {
    const found = repositories.get(name) ?? { blobs: new Map(), manifests: new Map() };
    repositories.set(name, found);
    return found;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", headers, socket } = request;
    const url = new URL(request.url ?? "/", "http://registry");
    const path = decodeURIComponent(url.pathname).replace(/^\/v2\//, "");
    requests.push({ method, path, query: url.search, headers, connection: socket.remotePort });
    const fault = script.take(method, path);
    if (fault !== undefined && "answer" in fault) return send(response, fault.answer, fault.body, fault.headers);
    if (fault !== undefined && "cut" in fault && fault.cut === "before") return void socket.destroy();
    if (fault !== undefined && "until" in fault) await fault.until;
    if (fault !== undefined && "first" in fault) fault.first();
    if (options.authorization !== undefined && headers.authorization !== options.authorization()) {
      return send(response, 401, ociError("UNAUTHORIZED"));
    }
    if (fault !== undefined && "cut" in fault) response.end = () => response.destroy();
    const [, name = "", kind = "", reference = ""] = /^(.+?)\/(manifests|blobs\/uploads|blobs)\/(.*)$/.exec(path) ?? [];
    if (kind === "manifests") return serveManifest(request, response, repository(name), reference);
    if (kind === "blobs") return serveBlob(request, response, repository(name), reference, path, fault);
    return serveUpload(request, response, { name, id: reference, digest: url.searchParams.get("digest") }, fault);
  }

  async function serveManifest(
    request: IncomingMessage,
    response: ServerResponse,
    { manifests, blobs }: ScriptedRepository,
    reference: string,
  ): Promise<void> {
    if (request.method === "PUT") {
      const bytes = await buffer(request);
      const digest = sha256(bytes);
      if (/^sha256:/.test(reference) && reference !== digest) return send(response, 400, ociError("DIGEST_INVALID"));
      const { config, layers = [], manifests: children = [] } = JSON.parse(bytes.toString("utf8"));
      const isMissing = [config, ...layers].some((one) => one !== undefined && !blobs.has(one.digest) && !one.urls);
      if (isMissing || children.some((one: { digest: string }) => !manifests.has(one.digest))) {
        return send(response, 404, ociError("MANIFEST_BLOB_UNKNOWN"));
      }
      const stored = { mediaType: String(request.headers["content-type"]), bytes };
      manifests.set(digest, stored).set(reference, stored);
      return send(response, 201);
    }
    const found = manifests.get(reference);
    if (found === undefined) return send(response, 404, ociError("MANIFEST_UNKNOWN"));
    const told = manners === "specified" || (manners === "ecr" && request.method === "HEAD");
    const header = told ? { "docker-content-digest": sha256(found.bytes) } : undefined;
    send(response, 200, found.bytes, { "content-type": found.mediaType, ...header });
  }

  async function serveBlob(
    request: IncomingMessage,
    response: ServerResponse,
    { blobs }: ScriptedRepository,
    digest: string,
    path: string,
    fault: Fault | undefined,
  ): Promise<void> {
    const blob = blobs.get(digest);
    if (blob === undefined) return send(response, 404, ociError("BLOB_UNKNOWN"));
    if (request.method === "HEAD") return send(response, 200, undefined, { "content-length": String(blob.size) });
    if (options.redirect) return send(response, 307, undefined, { location: options.redirect(path) });
    const asked = options.ignoresRange ? undefined : /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
    const start = Number(asked ?? 0);
    const range = asked === undefined ? undefined : { "content-range": `bytes ${start}-${blob.size - 1}/${blob.size}` };
    response.writeHead(asked === undefined ? 200 : 206, { "content-length": blob.size - start, ...range });
    const bytes = blob.read(start);
    if (!Buffer.isBuffer(bytes)) {
      finished(response, () => bytes.destroy());
      bytes.pipe(response);
    } else if (fault !== undefined && "truncateAfter" in fault) {
      response.write(bytes.subarray(0, fault.truncateAfter), () => {
        if (!fault.silently) response.destroy();
      });
    } else response.end(bytes);
  }

  async function serveUpload(
    request: IncomingMessage,
    response: ServerResponse,
    { name, id, digest }: { name: string; id: string; digest: string | null },
    fault: Fault | undefined,
  ): Promise<void> {
    if (request.method === "POST") {
      uploadsBegun += 1;
      const begun = `${uploadsBegun}`;
      uploads.set(begun, { chunks: [], hash: createHash("sha256"), size: 0 });
      // Relative, and with a query that must come back as it is.
      return send(response, 202, undefined, { location: `/v2/${name}/blobs/uploads/${begun}?_state=a%2Bb%20c` });
    }
    const upload = uploads.get(id);
    if (upload === undefined) return send(response, 404, ociError("BLOB_UPLOAD_UNKNOWN"));
    const limit = fault !== undefined && "cutUploadAfter" in fault ? fault.cutUploadAfter : Number.POSITIVE_INFINITY;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      upload.size += chunk.length;
      upload.hash.update(chunk);
      if (!options.discards) upload.chunks.push(chunk);
      if (upload.size >= limit) return void request.socket.destroy();
    }
    if (request.method === "PATCH") {
      // The Range of the first chunk, whatever came: not to be trusted.
      return send(response, manners === "ecr" ? 201 : 202, undefined, { range: "0-0" });
    }
    if (`sha256:${upload.hash.digest("hex")}` !== digest) return send(response, 400, ociError("DIGEST_INVALID"));
    uploads.delete(id);
    const bytes = Buffer.concat(upload.chunks);
    repository(name).blobs.set(digest, { size: upload.size, read: (start) => bytes.subarray(start) });
    send(response, 201);
  }

  const listening = await listen((request, response) => {
    // A connection that was cut, by either end, is what many tests are about.
    serve(request, response).catch(() => response.destroy());
  }, 0);

  return {
    ...listening,
    requests,
    repository,
    on: script.on,
    lines: () => requests.map(({ method, path }) => `${method} ${path.replace(/sha256:([a-f0-9]{6})[a-f0-9]+/, "$1")}`),
    hold(name, image, ...tags) {
      const { blobs, manifests } = repository(name);
      const content = contentOf(image);
      for (const { digest, bytes } of content.blobs) {
        blobs.set(digest, { size: bytes.length, read: (start) => bytes.subarray(start) });
      }
      for (const part of content.manifests) manifests.set(part.digest, part);
      for (const tag of tags) manifests.set(tag, image);
    },
    openUploads: () => uploads.size,
  };
}

/** To HEAD, Node leaves the body out and keeps its length. */
function send(
  response: ServerResponse,
  status: number,
  body: string | Buffer = "",
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-length": Buffer.byteLength(body), ...headers });
  response.end(body);
}
