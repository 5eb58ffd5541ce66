import type { ImageScan } from "../ecr/scan-findings.ts";
import { type EventPlace, envelope } from "./envelope.ts";
import type { EventEnvelope } from "./event.ts";

type Place = EventPlace & { readonly clock: () => Date };

interface ScannedImage {
  readonly repositoryName: string;
  readonly imageDigest: string;
  readonly tags: readonly string[];
}

/**
 * ECR Image Scan, sent when a basic scan has ended, or Inspector2 Scan when an enhanced one has; undefined for a scan that is under way or
 * came to nothing. Of the basic ones severities that were not found are left out. Inspector sends its event for the initial scan of an
 * image alone, and later Inspector2 Finding; here it comes whenever findings are set.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export function toScanEvent(place: Place, image: ScannedImage, scan: ImageScan): EventEnvelope | undefined {
  if (scan.enhancedFindings !== undefined) return toInspectorEvent(place, image, scan);
  if (scan.status !== "COMPLETE" && scan.status !== "FAILED") return undefined;
  const counts: Record<string, number> = {};
  for (const { severity } of scan.findings) counts[severity] = (counts[severity] ?? 0) + 1;
  return envelope(place, place.clock(), {
    source: "aws.ecr",
    "detail-type": "ECR Image Scan",
    resources: [arnOf(place, image)],
    detail: {
      "scan-status": scan.status,
      "repository-name": image.repositoryName,
      "finding-severity-counts": counts,
      "image-digest": image.imageDigest,
      "image-tags": image.tags,
    },
  });
}

/** As in AWS's sample, `repository-name` holds an ARN, and of the severities the three worst are told beside the total. */
function toInspectorEvent(place: Place, image: ScannedImage, scan: ImageScan): EventEnvelope | undefined {
  if (scan.status !== "ACTIVE" && scan.status !== "COMPLETE") return undefined;
  const findings = scan.enhancedFindings ?? [];
  const told = ["CRITICAL", "HIGH", "MEDIUM"];
  const counts = told.map((severity) => [severity, findings.filter((one) => one.severity === severity).length]);
  return envelope(place, place.clock(), {
    source: "aws.inspector2",
    "detail-type": "Inspector2 Scan",
    resources: [arnOf(place, image)],
    detail: {
      "scan-status": "INITIAL_SCAN_COMPLETE",
      "repository-name": arnOf(place, image),
      "finding-severity-counts": { ...Object.fromEntries(counts), TOTAL: findings.length },
      "image-digest": image.imageDigest,
      "image-tags": image.tags,
    },
  });
}

function arnOf({ region, accountId }: Place, { repositoryName }: ScannedImage): string {
  return `arn:aws:ecr:${region}:${accountId}:repository/${repositoryName}`;
}
