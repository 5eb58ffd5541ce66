import { DescribeImageScanFindingsCommand } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { push } from "../../local/tour/push.ts";
import { startTestAccount } from "../support/account.ts";
import { smallImage, targetFor } from "../support/pushing.ts";

describe("scan findings that a test sets", () => {
  it("are told by the API, and by ECR's own event", async () => {
    await using test = await startTestAccount();
    const image = smallImage();
    await push(image, await targetFor(test, "team-a/web"));
    const imageDigest = image.root.digest;

    await test.account.setScanFindings(
      { repositoryName: "team-a/web", imageDigest },
      {
        findings: [
          { name: "CVE-2026-0001", severity: "CRITICAL" },
          { name: "CVE-2026-0002", severity: "LOW" },
        ],
      },
    );

    const told = await test.ecr.send(
      new DescribeImageScanFindingsCommand({ repositoryName: "team-a/web", imageId: { imageDigest } }),
    );
    const event = test.account.timeline.after(0).find(({ what }) => what === "ECR Image Scan");
    expect(told.imageScanFindings?.findingSeverityCounts).toEqual({ CRITICAL: 1, LOW: 1 });
    expect(event?.facts.event).toMatchObject({
      source: "aws.ecr",
      detail: {
        "scan-status": "COMPLETE",
        "repository-name": "team-a/web",
        "finding-severity-counts": { CRITICAL: 1, LOW: 1 },
        "image-digest": imageDigest,
        "image-tags": ["v1.0.0"],
      },
    });
  });
});
