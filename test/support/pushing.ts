import { GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { buildImage, type IndexImage } from "../../local/tour/image.ts";
import type { PushTarget } from "../../local/tour/push.ts";
import type { TestAccount } from "./account.ts";
import { contentOf, type Part, type TestImage } from "./image-parts.ts";

/** A small index of two platforms; each call makes other bytes. */
export function smallImage(): IndexImage {
  return buildImage({ platforms: ["linux/amd64", "linux/arm64"], layersPerPlatform: 2, layerBytes: 20_000 });
}

/** Where `push` sends an image, with a token of the test's own user. */
export async function targetFor(
  { account, ecr }: TestAccount,
  repository: string,
  tag = "v1.0.0",
): Promise<PushTarget> {
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const authorization = `Basic ${authorizationData?.[0]?.authorizationToken}`;
  return { registry: account.endpoints.privateRegistry, repository, tag, authorization };
}

/** Pushes any image of test/support/image-parts.ts as clients do: blobs, children by digest, the root under its tag or, without one, by digest. */
export async function pushParts(test: TestAccount, repository: string, image: TestImage, tag?: string): Promise<void> {
  const { registry, authorization } = await targetFor(test, repository);
  const { manifests, blobs } = contentOf(image);
  const url = (path: string) => `${registry}/v2/${repository}/${path}`;
  const put = async (to: string | URL, { mediaType, bytes }: Part): Promise<void> => {
    const headers = { authorization, "content-type": mediaType };
    const { status } = await fetch(to, { method: "PUT", headers, body: new Uint8Array(bytes) });
    if (status !== 201) throw new Error(`PUT ${to}: status ${status}`);
  };
  for (const blob of blobs) {
    const begun = await fetch(url("blobs/uploads/"), { method: "POST", headers: { authorization } });
    const location = new URL(begun.headers.get("location") ?? "", registry);
    location.searchParams.set("digest", blob.digest);
    await put(location, { ...blob, mediaType: "application/octet-stream" });
  }
  for (const manifest of manifests.slice(0, -1)) await put(url(`manifests/${manifest.digest}`), manifest);
  await put(url(`manifests/${tag ?? image.digest}`), image);
}
