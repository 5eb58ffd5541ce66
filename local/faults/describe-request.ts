/** Which operation a request stands for, before anything has read it. */
import type { IncomingMessage } from "node:http";
import type { Service } from "../aws/operation.ts";
import type { Side } from "../store/store.ts";
import { DOWNLOAD, type FaultSubject } from "./fault.ts";

export interface Described extends FaultSubject {
  /** False: no call comes of it, so no error of the service can be raised but around the handler. */
  readonly isCall: boolean;
}

/** Undefined for a request that is none of the service's: no fault strikes it. */
export type DescribeRequest = (request: IncomingMessage) => Described | undefined | Promise<Described | undefined>;

/** Enough of a body to hold the name of the repository, which every SDK writes among the first members. */
const PEEKED = 64 * 1024;

/** The AWS endpoint: by X-Amz-Target, and the repository out of the first bytes of the body, which are put back. */
export function describeAwsRequest(services: readonly Service[]): DescribeRequest {
  return async (request) => {
    const [operation = "", prefix = ""] = String(request.headers["x-amz-target"] ?? "")
      .split(".")
      .reverse();
    const service = services.find(({ targetPrefix }) => targetPrefix === prefix);
    if (service === undefined || !service.operations.has(operation)) return undefined;
    const start = (await firstBytes(request)).subarray(0, PEEKED).toString("utf8");
    const [, repository] = /"repositoryName"\s*:\s*"([^"\\]+)"/.exec(start) ?? [];
    return { service: service.name, operation, repository, via: "api", isCall: true };
  };
}

function firstBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve) => {
    const done = (): void => {
      request.off("readable", done);
      request.off("close", done);
      const chunk: unknown = request.read();
      if (Buffer.isBuffer(chunk)) request.unshift(chunk);
      resolve(Buffer.isBuffer(chunk) ? chunk : Buffer.alloc(0));
    };
    if (request.readableLength > 0 || request.destroyed || hasNoBody(request)) done();
    else request.on("readable", done).on("close", done);
  });
}

function hasNoBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) === 0;
}

interface Route {
  readonly path: RegExp;
  /** Operation by method. */
  readonly operations: Readonly<Record<string, string>>;
}

/** The calls that ECR makes of registry requests, as the trail shows them (local/registry); the first that fits. */
const routes: readonly Route[] = [
  {
    path: /^(.+)\/manifests\/[^/]+$/,
    operations: { GET: "BatchGetImage", HEAD: "BatchGetImage", PUT: "PutImage", DELETE: "BatchDeleteImage" },
  },
  { path: /^(.+)\/blobs\/uploads\/?$/, operations: { POST: "InitiateLayerUpload" } },
  { path: /^(.+)\/blobs\/uploads\/[^/]+$/, operations: { PATCH: "UploadLayerPart", PUT: "CompleteLayerUpload" } },
  {
    path: /^(.+)\/blobs\/[^/]+$/,
    operations: { GET: "GetDownloadUrlForLayer", HEAD: "BatchCheckLayerAvailability", DELETE: "BatchDeleteImage" },
  },
  { path: /^(.+)\/tags\/list$/, operations: { GET: "ListImages" } },
  { path: /^(.+)\/referrers\/[^/]+$/, operations: { GET: "ListImageReferrers" } },
];

/** What may be named at the registry hosts; MountLayer is an upload that needs no bytes, known only to the trail. */
export const registryOperations: ReadonlySet<string> = new Set([
  ...routes.flatMap(({ operations }) => Object.values(operations)),
  "MountLayer",
  DOWNLOAD,
]);

/** Reads of ECR Public that its API has no call for. */
const readsWithoutCall = new Set(["BatchGetImage", "GetDownloadUrlForLayer", "ListImages", "ListImageReferrers"]);

/** A registry host, by method and path. `DownloadBlob`: the address that a blob's redirect leads to. */
export function describeRegistryRequest(side: Side): DescribeRequest {
  const service = side === "private" ? "ecr" : "ecr-public";
  return ({ method = "", url = "/" }) => {
    const path = decoded(url.split("?")[0] ?? "");
    const [, blob] = /^\/local-blobs\/(.+)\/[^/]+$/.exec(path) ?? [];
    if (blob !== undefined && method !== "GET") return undefined;
    if (blob !== undefined) return { service, operation: DOWNLOAD, repository: blob, via: "registry", isCall: false };
    if (!path.startsWith("/v2/")) return undefined;
    for (const route of routes) {
      const [, name] = route.path.exec(path.slice("/v2/".length)) ?? [];
      const operation = Object.hasOwn(route.operations, method) ? route.operations[method] : undefined;
      if (name === undefined || operation === undefined) continue;
      // At the public host the first part is the alias of the registry.
      const repository = side === "private" ? name : name.slice(name.indexOf("/") + 1);
      const isCall =
        side === "private" || !(readsWithoutCall.has(operation) && (method === "GET" || method === "HEAD"));
      return { service, operation, repository, via: "registry", isCall };
    }
    return undefined;
  };
}

/** A path that is not percent-encoded text is refused by the handler. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
