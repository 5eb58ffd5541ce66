import { contentOf, indexOf, type Part, type TestImage } from "../support/image-parts.ts";

/** A repository, and how to write there. */
export interface Target {
  /** Base URL of the registry. */
  readonly registry: string;
  readonly repository: string;
  readonly authorization?: string | undefined;
}

/** Pushes an image as clients do: blobs, children by digest, the root under its tags or, without any, by digest. */
export async function push(target: Target, image: TestImage, ...tags: readonly string[]): Promise<void> {
  const { manifests, blobs } = contentOf(image);
  for (const blob of blobs) await pushBlob(target, blob);
  for (const manifest of manifests.slice(0, -1)) await putManifest(target, manifest.digest, manifest);
  for (const reference of tags.length === 0 ? [image.digest] : tags) await putManifest(target, reference, image);
}

/** Pushes what refers to a subject, and the list of it, which is a client's duty where the registry keeps none. */
export async function pushReferrers(
  target: Target,
  subject: Part,
  referrers: readonly TestImage[],
  { list }: { readonly list: boolean },
): Promise<void> {
  for (const referrer of referrers) await push(target, referrer);
  if (list) await putManifest(target, subject.digest.replace(":", "-"), indexOf(referrers));
}

/** Named one by one, since docker-registry takes no wildcard for OCI types. */
const ACCEPT = ["oci.image.manifest.v1", "oci.image.index.v1", "docker.distribution.manifest.v2"]
  .concat("docker.distribution.manifest.list.v2")
  .map((type) => `application/vnd.${type}+json`)
  .join(", ");

/** The bytes of a manifest or blob. Errors: any status but 200. */
export async function read({ registry, repository, authorization }: Target, path: string): Promise<Buffer> {
  const headers = { accept: ACCEPT, ...(authorization !== undefined && { authorization }) };
  const response = await fetch(`${registry}/v2/${repository}/${path}`, { headers });
  if (response.status !== 200) throw new Error(`GET ${path} of ${repository}: status ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

async function pushBlob(target: Target, { digest, bytes }: Part): Promise<void> {
  const headers = headersOf(target);
  const url = `${target.registry}/v2/${target.repository}/blobs/uploads/`;
  const begun = await fetch(url, { method: "POST", headers });
  const location = new URL(begun.headers.get("location") ?? "", target.registry);
  location.searchParams.set("digest", digest);
  await put(location, { ...headers, "content-type": "application/octet-stream" }, bytes);
}

async function putManifest(target: Target, reference: string, { mediaType, bytes }: Part): Promise<void> {
  const url = new URL(`${target.registry}/v2/${target.repository}/manifests/${reference}`);
  await put(url, { ...headersOf(target), "content-type": mediaType }, bytes);
}

async function put(url: URL, headers: Record<string, string>, bytes: Buffer): Promise<void> {
  const response = await fetch(url, { method: "PUT", headers, body: new Uint8Array(bytes) });
  if (response.status !== 201) throw new Error(`PUT ${url.pathname}: ${response.status} ${await response.text()}`);
}

const headersOf = ({ authorization }: Target) => (authorization === undefined ? {} : { authorization });
