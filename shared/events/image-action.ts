import * as z from "zod/mini";
import type { Envelope } from "./envelope.ts";
import { parseAs } from "./parse.ts";

/**
 * ECR Image Action. Only the three first members are certain: `image-tag` is absent for a push by digest, and
 * `image-digest` is optional in the registered schema. Digests are not checked here: AWS's own samples carry shortened ones.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
const Detail = z.looseObject({
  "action-type": z.string(),
  "repository-name": z.string().check(z.minLength(1)),
  result: z.string(),
  "image-digest": z.optional(z.string()),
  "image-tag": z.optional(z.string()),
});

export interface ImageAction {
  readonly type: "image-action";
  /** PUSH, DELETE or UPDATE_STORAGE_CLASS today. */
  readonly action: string;
  readonly succeeded: boolean;
  readonly repository: string;
  readonly digest: string | undefined;
  readonly tag: string | undefined;
}

export function isImageAction(event: Envelope): boolean {
  return event.source === "aws.ecr" && event["detail-type"] === "ECR Image Action";
}

/** Errors: permanent `event-malformed`. */
export function parseImageAction(event: Envelope): ImageAction {
  const detail = parseAs(Detail, event.detail, "an ECR Image Action");
  return {
    type: "image-action",
    action: detail["action-type"],
    succeeded: detail.result === "SUCCESS",
    repository: detail["repository-name"],
    digest: detail["image-digest"],
    tag: detail["image-tag"],
  };
}
