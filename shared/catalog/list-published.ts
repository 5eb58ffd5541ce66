import type { ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import { listPublicImages, type PublicImage } from "../ecr/public-images.ts";

/** What DescribeImages tells of a public repository, without a look at any manifest. */
export interface PublishedList {
  /** Those with a tag, the one pushed last first. */
  readonly tagged: readonly PublicImage[];
  /** Digests without a tag: children of indexes, referrers, what lost its tag. */
  readonly untagged: ReadonlySet<string>;
}

/** All images of a public repository, a thousand a call. Errors: AutopilotError, transient `ecr-not-found` without the repository. */
export async function listPublished(client: ECRPUBLICClient, name: string): Promise<PublishedList> {
  const tagged: PublicImage[] = [];
  const untagged = new Set<string>();
  for await (const image of listPublicImages(client, name)) {
    if (image.tags.length > 0) tagged.push(image);
    else untagged.add(image.digest);
  }
  return { tagged: tagged.sort(latestFirst), untagged };
}

/** By digest where two were pushed at the same time, so that the order is always the same. */
function latestFirst(one: PublicImage, other: PublicImage): number {
  const difference = (other.pushedAt?.getTime() ?? 0) - (one.pushedAt?.getTime() ?? 0);
  return difference || (one.digest < other.digest ? -1 : 1);
}
