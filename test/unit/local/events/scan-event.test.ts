import { describe, expect, it } from "vitest";
import type { ImageScan } from "../../../../local/ecr/scan-findings.ts";
import { toScanEvent } from "../../../../local/events/scan-event.ts";
import { account } from "./samples.ts";

const place = { ...account, clock: () => new Date("2026-03-02T08:15:00.900Z") };
const image = { repositoryName: "team-a/web", imageDigest: `sha256:${"7".repeat(64)}`, tags: ["latest"] };
const arn = "arn:aws:ecr:us-west-2:123456789012:repository/team-a/web";
const basic: ImageScan = { status: "COMPLETE", completedAt: 0, findings: [{ name: "CVE-1", severity: "HIGH" }] };
const enhanced: ImageScan = {
  status: "ACTIVE",
  completedAt: 0,
  findings: [],
  enhancedFindings: ["CRITICAL", "MEDIUM", "MEDIUM", "LOW"].map((severity) => ({ severity })),
};

describe("toScanEvent", () => {
  it("tells of a basic scan as ECR", () => {
    expect(toScanEvent(place, image, basic)).toMatchObject({
      source: "aws.ecr",
      "detail-type": "ECR Image Scan",
      resources: [arn],
      detail: { "repository-name": "team-a/web", "finding-severity-counts": { HIGH: 1 } },
    });
  });

  it("tells of an enhanced scan as Inspector, with the repository's ARN for its name", () => {
    expect(toScanEvent(place, image, enhanced)).toEqual({
      version: "0",
      id: expect.any(String),
      "detail-type": "Inspector2 Scan",
      source: "aws.inspector2",
      account: "123456789012",
      time: "2026-03-02T08:15:00Z",
      region: "us-west-2",
      resources: [arn],
      detail: {
        "scan-status": "INITIAL_SCAN_COMPLETE",
        "repository-name": arn,
        "finding-severity-counts": { CRITICAL: 1, HIGH: 0, MEDIUM: 2, TOTAL: 4 },
        "image-digest": image.imageDigest,
        "image-tags": ["latest"],
      },
    });
  });

  it("says nothing of a scan that is under way or came to nothing", () => {
    expect(toScanEvent(place, image, { status: "IN_PROGRESS", findings: [] })).toBeUndefined();
    expect(toScanEvent(place, image, { ...enhanced, status: "UNSUPPORTED_IMAGE" })).toBeUndefined();
  });
});
