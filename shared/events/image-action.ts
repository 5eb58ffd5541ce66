import * as v from "valibot";
import type { Envelope } from "./envelope.ts";
import { parseAs } from "./parse.ts";
import { object, text } from "./shapes.ts";

/**
 * ECR Image Action, and ECR Referrer Action, which is told of what has a subject; which of the two a pushed referrer makes is not
 * documented, and their members are the same as far as they matter here. Only the three first members are certain: `image-tag` is absent for a push by digest, and
 * `image-digest` is optional in the registered schema. Digests are not checked here: AWS's own samples carry shortened ones.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
const Detail = object({
  "action-type": v.string(),
  "repository-name": text,
  result: v.string(),
  "image-digest": v.optional(v.string()),
  "image-tag": v.optional(v.string()),
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
  return event.source === "aws.ecr" && /^ECR (Image|Referrer) Action$/.test(event["detail-type"]);
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
