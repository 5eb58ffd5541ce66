import { GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { buildImage, type IndexImage } from "../../local/tour/image.ts";
import type { PushTarget } from "../../local/tour/push.ts";
import type { TestAccount } from "./account.ts";

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
