/** The events that ECR itself sends. https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html */
import type { StoreChange } from "../store/store.ts";
import { type EventPlace, envelope } from "./envelope.ts";
import type { EventEnvelope } from "./event.ts";

/**
 * ECR Image Action for a change of the private registry: PUSH and DELETE; undefined for other changes. ECR Public sends no such event,
 * so its changes must not come here.
 *
 * `image-tag` is absent when there is none. `manifest-media-type` and `artifact-media-type` are in the schema that ECR
 * registered; the published samples of PUSH and DELETE are older and lack them.
 */
export function toEcrEvent(
  change: StoreChange,
  account: EventPlace & { readonly clock: () => Date },
): EventEnvelope | undefined {
  if (change.type !== "image-pushed" && change.type !== "image-deleted") return undefined;
  const { image, repository, tag } = change;
  return envelope(account, account.clock(), {
    source: "aws.ecr",
    "detail-type": "ECR Image Action",
    detail: {
      result: "SUCCESS",
      "repository-name": repository,
      "image-digest": image.digest,
      "action-type": change.type === "image-pushed" ? "PUSH" : "DELETE",
      ...(tag === undefined ? {} : { "image-tag": tag }),
      "manifest-media-type": image.mediaType,
      ...(image.artifactType === undefined ? {} : { "artifact-media-type": image.artifactType }),
    },
  });
}
