/** The events that ECR itself sends. https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html */
import type { CallOutcome } from "../aws/call.ts";
import type { ImageRecord, Registry, StoreChange } from "../store/store.ts";
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
      ...mediaTypes(image),
    },
  });
}

/**
 * ECR Image Action of UpdateImageStorageClass, UPDATE_STORAGE_CLASS, once the image is in its new class; undefined for any other call, and
 * one that failed. What refers to another image is told as ECR Referrer Action when it comes back from the archive (AWS's samples).
 */
export function toStorageClassEvent(
  { call, response, error, time }: CallOutcome,
  account: EventPlace & { readonly store: { readonly private: Pick<Registry, "image"> } },
): EventEnvelope | undefined {
  if (call.operation !== "UpdateImageStorageClass" || error !== undefined) return undefined;
  const { repositoryName = "", imageId } = (response ?? {}) as Response;
  const image = account.store.private.image(repositoryName, imageId?.imageDigest ?? "");
  if (image === undefined) return undefined;
  const isRestored = call.parameters.targetStorageClass === "STANDARD";
  return envelope(account, time, {
    source: "aws.ecr",
    "detail-type": isRestored && image.subject !== undefined ? "ECR Referrer Action" : "ECR Image Action",
    detail: {
      "action-type": "UPDATE_STORAGE_CLASS",
      "target-storage-class": call.parameters.targetStorageClass,
      "image-digest": image.digest,
      "repository-name": repositoryName,
      result: "SUCCESS",
      ...mediaTypes(image),
      ...(isRestored ? { "last-activated-at": time.toISOString() } : {}),
    },
  });
}

interface Response {
  readonly repositoryName?: string;
  readonly imageId?: { readonly imageDigest?: string };
}

function mediaTypes({ mediaType, artifactType }: ImageRecord): Record<string, string> {
  return {
    "manifest-media-type": mediaType,
    ...(artifactType === undefined ? {} : { "artifact-media-type": artifactType }),
  };
}
