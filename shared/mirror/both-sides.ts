import type { ECRClient } from "@aws-sdk/client-ecr";
import type { ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import { listImages } from "../ecr/images.ts";
import { publicDigestsOf } from "../ecr/public-images.ts";
import { describePublicRepository } from "../ecr/public-repositories.ts";
import { describeRepository } from "../ecr/repositories.ts";
import { AutopilotError } from "../errors.ts";
import { isCompanionTag } from "../policy/companion-tag.ts";
import type { MirrorStateRequest } from "./mirror-state.ts";
import { type PublicSide, readPublicSide } from "./public-side.ts";
import type { MirrorSource, Reference, SourceImage } from "./source.ts";

export interface LookDeps {
  readonly ecr: ECRClient;
  readonly publicEcr: ECRPUBLICClient;
  readonly source: Pick<MirrorSource, "describe">;
}

/** A private repository and the public ones that rules give to it, as far as the state of some tags needs them. */
export interface BothSides {
  /** Whether the private repository is there. */
  readonly exists: boolean;
  /** Of the private repository: those in the archive too. */
  readonly images: readonly SourceImage[];
  /** By name; undefined for one that is not there. */
  readonly published: ReadonlyMap<string, PublicSide | undefined>;
  /** The tags that were asked for, in their order. */
  readonly tags: readonly string[];
  /** The image that was asked for by its digest. */
  readonly asked: SourceImage | undefined;
}

/**
 * Looks at both sides: at one image by one call each where the request is for one and `whole` is not needed, else at all tagged images of both,
 * a thousand a call. Tags of signatures and the like are asked for by name alone. Errors: AutopilotError.
 */
export async function lookAtBothSides(
  deps: LookDeps,
  request: MirrorStateRequest,
  destinations: readonly string[],
  whole: boolean,
): Promise<BothSides> {
  const { repository, tag, digest } = request;
  const asked = digest === undefined ? undefined : { digest };
  const reference: Reference | undefined = tag === undefined ? asked : { tag };
  const found = reference && (await deps.source.describe(repository, reference));
  const names = tag === undefined ? (found?.tags ?? []) : [tag];
  const isWhole = whole || reference === undefined;

  const [listed, sides] = await Promise.all([
    isWhole ? listAll(deps.ecr, repository) : undefined,
    Promise.all(
      destinations.map(async (name) => {
        const side = await (isWhole
          ? readPublicSide(deps.publicEcr, name, new Set())
          : readTags(deps.publicEcr, name, names));
        return [name, side] as const;
      }),
    ),
  ]);
  const published = new Map(sides);
  // What was asked for is newer than the list.
  const others = (listed ?? []).filter((image) => image.digest !== found?.digest);
  const exists =
    found !== undefined ||
    (isWhole ? listed !== undefined : (await describeRepository(deps.ecr, repository)) !== undefined);
  const images = found === undefined ? others : [...others, found];
  return {
    ...{ exists, images, published },
    tags: (reference === undefined ? allTags(images, published) : [...names]).sort(),
    asked: digest === undefined ? undefined : found,
  };
}

/** Undefined without the repository. */
async function listAll(ecr: ECRClient, repository: string): Promise<SourceImage[] | undefined> {
  try {
    return await Array.fromAsync(listImages(ecr, repository, { archived: true }));
  } catch (error) {
    if (error instanceof AutopilotError && error.code === "ecr-not-found") return undefined;
    throw error;
  }
}

async function readTags(
  client: ECRPUBLICClient,
  name: string,
  tags: readonly string[],
): Promise<PublicSide | undefined> {
  const repository = await describePublicRepository(client, name);
  if (repository === undefined) return undefined;
  const digests = await publicDigestsOf(client, name, tags);
  return {
    repository,
    tags: new Map([...digests].map(([tag, digest]) => [tag, { digest, pushedAt: undefined }])),
    indexes: new Set(),
    present: new Set(),
  };
}

function allTags(images: readonly SourceImage[], published: BothSides["published"]): string[] {
  const tags = new Set(images.flatMap((image) => image.tags));
  for (const side of published.values()) for (const tag of side?.tags.keys() ?? []) tags.add(tag);
  return [...tags].filter((tag) => !isCompanionTag(tag));
}
