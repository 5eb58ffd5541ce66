import * as v from "valibot";
import { isEcrCall, parseEcrCall } from "./ecr-call.ts";
import type { Envelope } from "./envelope.ts";
import { parseAs } from "./parse.ts";
import { object, text } from "./shapes.ts";

/**
 * What a record of PutImage has beyond that of any call. The digest is told by the answer alone: a push by tag does not name it.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/logging-using-cloudtrail.html
 *
 * A caller of another account has no ARN here but its account's number, and a service neither of them (CloudTrail user guide, "CloudTrail
 * userIdentity element").
 */
const Detail = object({
  userIdentity: object({
    arn: v.optional(text),
    accountId: v.optional(text),
    invokedBy: v.optional(text),
  }),
  requestParameters: object({ imageTag: v.optional(v.string()) }),
  responseElements: object({ image: object({ imageId: object({ imageDigest: text }) }) }),
});

/** A push, as only CloudTrail tells it: with the one who made it. */
export interface ImagePut {
  readonly repository: string;
  readonly digest: string;
  readonly tag: string | undefined;
  /** ARN of the caller; its account or its service where there is none. */
  readonly by: string;
}

/**
 * The push in a CloudTrail record; undefined for anything else, a call that failed, one on another account's registry, which
 * CloudTrail shows in both accounts, and one that names nobody. Errors: permanent `event-malformed`.
 */
export function parseImagePut(event: Envelope): ImagePut | undefined {
  if (!isEcrCall(event)) return undefined;
  const { operation, error, repository, registryId, account } = parseEcrCall(event);
  if (operation !== "PutImage" || error !== undefined || registryId !== account) return undefined;
  const detail = parseAs(Detail, event.detail, "a CloudTrail record of a pushed image");
  const { arn, accountId, invokedBy } = detail.userIdentity;
  const by = arn ?? accountId ?? invokedBy;
  const { imageDigest: digest } = detail.responseElements.image.imageId;
  return by === undefined ? undefined : { repository, digest, tag: detail.requestParameters.imageTag, by };
}
