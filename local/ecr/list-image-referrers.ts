/** ListImageReferrers. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImageReferrers.html */
import { integer, list, string, structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { page } from "../aws/paging.ts";
import { imageDigest, nextToken, registryId } from "../aws/shapes.ts";
import type { ImageRecord } from "../store/store.ts";
import { hasStatus, type ImageFilter } from "./image-filter.ts";
import { type RepositoryInput, repositoryResource } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";
import { storageOf } from "./storage-class.ts";
import { privateTarget, type Target } from "./target.ts";

type Input = RepositoryInput & {
  readonly subjectId: { readonly imageDigest: string };
  readonly filter?: {
    readonly artifactTypes?: readonly string[];
    readonly artifactStatus?: ImageFilter["imageStatus"];
  };
  readonly nextToken?: string;
  readonly maxResults?: number;
};

/** A subject that is not there has no referrers, or those that came before it: OCI lets them. */
export const listImageReferrers: Operation<Input> = {
  name: "ListImageReferrers",
  readOnly: true,
  // API reference: "The IAM principal invoking this operation must have the ecr:BatchGetImage permission."
  action: "ecr:BatchGetImage",
  input: structure(
    {
      registryId,
      repositoryName,
      subjectId: structure({ imageDigest }, ["imageDigest"]),
      filter: structure({
        artifactTypes: list(string({ min: 1, max: 255 }), { min: 0, max: 5 }),
        artifactStatus: string({ values: ["ACTIVE", "ARCHIVED", "ACTIVATING", "ANY"] }),
      }),
      nextToken,
      maxResults: integer({ min: 1, max: 50 }),
    },
    ["repositoryName", "subjectId"],
  ),
  resources: repositoryResource,
  async run(input, { account }) {
    const target = privateTarget(account, input);
    const subject = input.subjectId.imageDigest;
    const all = target.registry.referrers(input.repositoryName, subject).filter(passes(target, input.filter));
    const { items, ...rest } = page(
      {
        list: `ListImageReferrers ${input.repositoryName} ${subject} ${JSON.stringify(input.filter ?? {})}`,
        nextToken: input.nextToken,
        maxResults: input.maxResults,
        // The JS client's documentation; another copy of the reference says 50.
        usual: 20,
      },
      ({ after, limit }) => all.filter(({ digest }) => after === undefined || digest > after).slice(0, limit),
      (image) => image.digest,
    );
    return { referrers: items.map((image) => describeReferrer(target, image)), ...rest };
  },
};

function passes(target: Target, { artifactTypes = [], artifactStatus }: NonNullable<Input["filter"]> = {}) {
  const isInStatus = hasStatus(target, artifactStatus);
  return (image: ImageRecord) =>
    isInStatus(image) && (artifactTypes.length === 0 || artifactTypes.includes(image.artifactType ?? ""));
}

function describeReferrer(target: Target, image: ImageRecord): Record<string, unknown> {
  return {
    digest: image.digest,
    mediaType: image.mediaType,
    ...(image.artifactType === undefined ? {} : { artifactType: image.artifactType }),
    // As in the OCI descriptor: the manifest's own size.
    size: image.size,
    ...(Object.keys(image.annotations).length === 0 ? {} : { annotations: image.annotations }),
    artifactStatus: storageOf(target, image).imageStatus,
  };
}
