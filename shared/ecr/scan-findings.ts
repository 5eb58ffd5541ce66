import {
  type DescribeImageScanFindingsResponse,
  type ECRClient,
  type ImageScanFindings,
  paginateDescribeImageScanFindings,
} from "@aws-sdk/client-ecr";
import { unless } from "./errors.ts";

/** What a scan found in an image. */
export interface ScanFindings {
  /** ScanStatus (API model): COMPLETE of a basic scan, ACTIVE of an enhanced one that goes on, and those of scans without a result. */
  readonly status: string;
  readonly description?: string;
  readonly completedAt?: Date;
  readonly findings: readonly {
    /** A CVE number, nearly always. */
    readonly id: string;
    /** FindingSeverity (API model), or Inspector's word for it. */
    readonly severity: string;
  }[];
  /** True when there are more findings than were read. */
  readonly truncated?: boolean;
}

/** Ten of the largest pages: an image with more findings is not to be read to its end while others wait. */
const MOST_FINDINGS = 10_000;

/**
 * What the last scan of an image found, basic or enhanced, all pages up to 10,000 findings. Undefined without image, repository or scan
 * (ScanNotFoundException), which basic scanning also says of an index. Errors: AutopilotError.
 */
export async function getScanFindings(
  ecr: ECRClient,
  repository: string,
  digest: string,
): Promise<ScanFindings | undefined> {
  const input = { repositoryName: repository, imageId: { imageDigest: digest } };
  return unless(["not-found"], `read the scan of '${digest}' of '${repository}'`, async () => {
    const findings: ScanFindings["findings"][number][] = [];
    let last: DescribeImageScanFindingsResponse = {};
    for await (const page of paginateDescribeImageScanFindings({ client: ecr, pageSize: 1000 }, input)) {
      last = page;
      findings.push(...findingsOf(page.imageScanFindings));
      if (findings.length >= MOST_FINDINGS) break;
    }
    const { imageScanStatus: { status = "none", description } = {}, imageScanFindings, nextToken } = last;
    const completedAt = imageScanFindings?.imageScanCompletedAt;
    return {
      status,
      ...(description !== undefined && { description }),
      ...(completedAt !== undefined && { completedAt }),
      findings: findings.slice(0, MOST_FINDINGS),
      ...((nextToken !== undefined || findings.length > MOST_FINDINGS) && { truncated: true }),
    };
  });
}

/** A severity that is missing is a word that nobody knows, not none: a gate refuses it. */
const UNTOLD = "UNTOLD";

/**
 * Basic findings are named after the vulnerability; enhanced ones tell it among their details, and a finding without (of another type
 * than a package's) goes by its ARN. Inspector's CLOSED ones are no longer there (Inspector API reference, Finding, status).
 */
function findingsOf({ findings = [], enhancedFindings = [] }: ImageScanFindings = {}): ScanFindings["findings"] {
  return [
    ...findings.map(({ name = "", severity = UNTOLD }) => ({ id: name, severity })),
    ...enhancedFindings
      .filter(({ status }) => status !== "CLOSED")
      .map(({ packageVulnerabilityDetails, findingArn, title = "", severity = UNTOLD }) => ({
        id: packageVulnerabilityDetails?.vulnerabilityId ?? findingArn ?? title,
        severity,
      })),
  ];
}
