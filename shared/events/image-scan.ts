import * as v from "valibot";
import type { Envelope } from "./envelope.ts";
import { parseAs } from "./parse.ts";
import { object, text } from "./shapes.ts";

/**
 * The end of a scan. Basic scanning: ECR Image Scan; enhanced scanning: Inspector2 Scan, whose `repository-name` holds an ARN.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html,
 * https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html
 */
const Detail = object({
  "scan-status": v.string(),
  "repository-name": text,
  "image-digest": text,
});

export interface ImageScan {
  readonly repository: string;
  readonly digest: string;
  /** COMPLETE, INITIAL_SCAN_COMPLETE, FAILED and others. */
  readonly status: string;
}

const SOURCES: Readonly<Record<string, string>> = { "ECR Image Scan": "aws.ecr", "Inspector2 Scan": "aws.inspector2" };

export function isImageScan(event: Envelope): boolean {
  return SOURCES[event["detail-type"]] === event.source;
}

/** Errors: permanent `event-malformed`. */
export function parseImageScan(event: Envelope): ImageScan {
  const detail = parseAs(Detail, event.detail, `an ${event["detail-type"]}`);
  return {
    repository: detail["repository-name"].replace(/^arn:[^:]*:ecr:[^:]*:[0-9]*:repository\//, ""),
    digest: detail["image-digest"],
    status: detail["scan-status"],
  };
}
