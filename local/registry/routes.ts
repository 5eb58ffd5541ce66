/** Paths and methods below /v2/. https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#endpoints */
import { toAwsError } from "../ecr/errors.ts";
import { deleteBlob, getBlob, headBlob } from "./blobs.ts";
import { listRepositories } from "./catalog.ts";
import { atRepository, type Exchange, type RepositoryExchange } from "./exchange.ts";
import { OciError } from "./oci-error.ts";
import { readManifest } from "./read-manifest.ts";
import { listReferrers } from "./referrers.ts";
import { respond } from "./respond.ts";
import { startUpload } from "./start-upload.ts";
import { listTags } from "./tags.ts";
import { deleteUpload, getUpload, patchUpload, putUpload } from "./uploads.ts";
import { deleteManifest, putManifest } from "./write-manifest.ts";

/** `item`: the last part of the path where it varies. */
type Route = (at: RepositoryExchange, item: string) => Promise<void>;

/** The first that fits: a name may itself have `blobs` in it. */
const routes: readonly { readonly path: RegExp; readonly methods: Readonly<Record<string, Route>> }[] = [
  {
    path: /^(.+)\/manifests\/([^/]+)$/,
    methods: { GET: readManifest, HEAD: readManifest, PUT: putManifest, DELETE: deleteManifest },
  },
  { path: /^(.+)\/blobs\/uploads\/?()$/, methods: { POST: startUpload } },
  {
    path: /^(.+)\/blobs\/uploads\/([^/]+)$/,
    methods: { GET: getUpload, PATCH: patchUpload, PUT: putUpload, DELETE: deleteUpload },
  },
  { path: /^(.+)\/blobs\/([^/]+)$/, methods: { GET: getBlob, HEAD: headBlob, DELETE: deleteBlob } },
  { path: /^(.+)\/tags\/list()$/, methods: { GET: listTags } },
  { path: /^(.+)\/referrers\/([^/]+)$/, methods: { GET: listReferrers } },
];

/** Serves a path below /v2/. Errors: OciError, AwsError; UNSUPPORTED for a method that the path has not. */
export async function serveRoute(exchange: Exchange): Promise<void> {
  const { side, request, response, url } = exchange;
  const path = decoded(url.pathname)?.slice("/v2/".length);
  const method = request.method ?? "";
  if (path === "" && (method === "GET" || method === "HEAD")) return respond(response, 200);
  if (path === "_catalog" && side === "private" && method === "GET") return listRepositories(exchange);
  for (const route of path === undefined ? [] : routes) {
    const [, name, item] = route.path.exec(path ?? "") ?? [];
    if (name === undefined || item === undefined) continue;
    const serve = Object.hasOwn(route.methods, method) ? route.methods[method] : undefined;
    if (serve === undefined) throw new OciError(405, "UNSUPPORTED", "The operation is unsupported.");
    return servedAt(atRepository(exchange, name), (at) => serve(at, item));
  }
  // As ECR answers a path that it has not (skopeo #819).
  respond(response, 404, { "content-type": "text/plain; charset=utf-8" }, "404 page not found\n");
}

/** A refusal of the store that no API call put into ECR's words is put into them here. */
async function servedAt(at: RepositoryExchange, serve: (at: RepositoryExchange) => Promise<void>): Promise<void> {
  try {
    await serve(at);
  } catch (error) {
    const { service, repositoryName, account } = at;
    throw toAwsError(error, { service, repositoryName, registryId: account.accountId });
  }
}

/** Undefined for a path that is not percent-encoded text. */
function decoded(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}
