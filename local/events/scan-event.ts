import type { ImageScan } from "../ecr/scan-findings.ts";
import { type EventPlace, envelope } from "./envelope.ts";
import type { EventEnvelope } from "./event.ts";

/**
 * ECR Image Scan, sent when a basic scan has ended; undefined for a scan that is under way, and for the results of enhanced scanning, which
 * Amazon Inspector tells. Severities that were not found are left out.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export function toScanEvent(
  place: EventPlace & { readonly clock: () => Date },
  image: { repositoryName: string; imageDigest: string; tags: readonly string[] },
  scan: ImageScan,
): EventEnvelope | undefined {
  if (scan.status !== "COMPLETE" && scan.status !== "FAILED") return undefined;
  const counts: Record<string, number> = {};
  for (const { severity } of scan.findings) counts[severity] = (counts[severity] ?? 0) + 1;
  return envelope(place, place.clock(), {
    source: "aws.ecr",
    "detail-type": "ECR Image Scan",
    resources: [`arn:aws:ecr:${place.region}:${place.accountId}:repository/${image.repositoryName}`],
    detail: {
      "scan-status": scan.status,
      "repository-name": image.repositoryName,
      "finding-severity-counts": counts,
      "image-digest": image.imageDigest,
      "image-tags": image.tags,
    },
  });
}
