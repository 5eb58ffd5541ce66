/**
 * Results of image scans. Nothing scans here: a test or a person says what a scan found, and the operations tell it.
 * Shapes: API model, ImageScanFinding and EnhancedImageScanFinding.
 */
import type { AccountContext } from "../aws/call.ts";

type Severity = "INFORMATIONAL" | "LOW" | "MEDIUM" | "HIGH" | "CRITICAL" | "UNDEFINED";

export interface Finding {
  readonly name: string;
  readonly severity: Severity;
  readonly description?: string;
  readonly uri?: string;
  readonly attributes?: readonly { readonly key: string; readonly value?: string }[];
}

/** Other members are passed on as they are. */
export interface EnhancedFinding {
  readonly severity: string;
  readonly [member: string]: unknown;
}

export interface ScanResult {
  /** Default COMPLETE, and ACTIVE for an enhanced scan. */
  readonly status?: "COMPLETE" | "FAILED" | "ACTIVE" | "UNSUPPORTED_IMAGE" | "FINDINGS_UNAVAILABLE";
  readonly description?: string;
  readonly findings?: readonly Finding[];
  /** Makes the scan Inspector's, an empty list too. */
  readonly enhancedFindings?: readonly EnhancedFinding[];
}

/** A scan as it is kept; times in milliseconds since 1970. */
export interface ImageScan {
  readonly status: string;
  readonly description?: string;
  /** When StartImageScan was called last. */
  readonly startedAt?: number;
  readonly completedAt?: number;
  readonly findings: readonly Finding[];
  /** Of an enhanced scan alone. */
  readonly enhancedFindings?: readonly EnhancedFinding[];
}

/** Texts seen in aws-sdk #289, and in the sample of the API reference, DescribeImageScanFindings. */
const usualDescriptions: Readonly<Record<string, string>> = {
  COMPLETE: "The scan was completed successfully.",
  ACTIVE: "Continuous scan is selected for image.",
};

type Place = Pick<AccountContext, "store" | "clock">;
/** One document per image: two results set at once must not overwrite each other. */
const documentKey = (repository: string, digest: string) => `ecr-image-scan/${repository}/${digest}`;

/** Says what a scan of the image found, now; the image need not be there yet. Takes the place of what was said before. */
export async function setScanFindings(
  account: Place,
  image: { repositoryName: string; imageDigest: string },
  result: ScanResult,
): Promise<void> {
  const { findings = [], enhancedFindings } = result;
  const { status = enhancedFindings === undefined ? "COMPLETE" : "ACTIVE" } = result;
  const description = result.description ?? usualDescriptions[status];
  const startedAt = scanOf(account, image.repositoryName, image.imageDigest)?.startedAt;
  await keep(account, image, {
    ...(startedAt === undefined ? {} : { startedAt }),
    status,
    ...(description === undefined ? {} : { description }),
    completedAt: account.clock().getTime(),
    findings,
    ...(enhancedFindings === undefined ? {} : { enhancedFindings }),
  });
}

/** Remembers that a scan was asked for; it stays IN_PROGRESS until `setScanFindings`, unless findings were set before. */
export async function startScan(account: Place, image: { repositoryName: string; imageDigest: string }): Promise<void> {
  const startedAt = account.clock().getTime();
  const before = scanOf(account, image.repositoryName, image.imageDigest);
  const scan = before ?? { status: "IN_PROGRESS", findings: [] };
  await keep(account, image, {
    ...scan,
    startedAt,
    ...(scan.completedAt === undefined ? {} : { completedAt: startedAt }),
  });
}

/** The image went to the archive: the status of its scan says so, and the findings are gone (API model, ScanStatus). */
export async function markArchived(account: Place, image: { repositoryName: string; imageDigest: string }) {
  if (scanOf(account, image.repositoryName, image.imageDigest) === undefined) return;
  await keep(account, image, { status: "IMAGE_ARCHIVED", findings: [] });
}

export async function forgetScan(
  account: Place,
  { repositoryName, imageDigest }: { repositoryName: string; imageDigest: string },
) {
  await account.store.private.putDocument(documentKey(repositoryName, imageDigest), undefined);
}

/** Undefined for an image that was never scanned. */
export function scanOf(account: Place, repository: string, digest: string): ImageScan | undefined {
  return account.store.private.document(documentKey(repository, digest)) as ImageScan | undefined;
}

/** Members `imageScanCompletedAt` and `findingSeverityCounts` of ImageScanFindings and ImageScanFindingsSummary. */
export function summary(scan: ImageScan): Record<string, unknown> | undefined {
  if (scan.completedAt === undefined) return undefined;
  const counts: Record<string, number> = {};
  for (const { severity } of [...scan.findings, ...(scan.enhancedFindings ?? [])])
    counts[severity] = (counts[severity] ?? 0) + 1;
  const at = new Date(scan.completedAt);
  return { imageScanCompletedAt: at, vulnerabilitySourceUpdatedAt: at, findingSeverityCounts: counts };
}

/** ImageScanStatus. */
export function scanStatus({ status, description }: ImageScan): Record<string, unknown> {
  return { status, ...(description === undefined ? {} : { description }) };
}

async function keep(account: Place, image: { repositoryName: string; imageDigest: string }, scan: ImageScan) {
  await account.store.private.putDocument(documentKey(image.repositoryName, image.imageDigest), { ...scan });
}
