import { DescribeImageScanFindingsCommand, UpdateImageStorageClassCommand } from "@aws-sdk/client-ecr";
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

  it("are Inspector's when they are enhanced", async () => {
    await using test = await startTestAccount();
    const image = smallImage();
    await push(image, await targetFor(test, "team-a/web"));
    const about = { repositoryName: "team-a/web", imageDigest: image.root.digest };

    await test.account.setScanFindings(about, { enhancedFindings: [{ title: "CVE-2026-0003", severity: "HIGH" }] });

    const events = test.account.timeline.after(0).filter(({ what }) => / Scan$/.test(what));
    expect(events.map(({ facts }) => facts.event)).toMatchObject([
      {
        source: "aws.inspector2",
        "detail-type": "Inspector2 Scan",
        detail: {
          "repository-name": expect.stringMatching(/^arn:aws:ecr:.*:repository\/team-a\/web$/),
          "finding-severity-counts": { HIGH: 1, TOTAL: 1 },
          "image-digest": image.root.digest,
        },
      },
    ]);
  });
});

describe("an image that goes to the archive and comes back", () => {
  it("is told by ECR's own event", async () => {
    await using test = await startTestAccount();
    const image = smallImage();
    await push(image, await targetFor(test, "team-a/web"));
    const about = { repositoryName: "team-a/web", imageId: { imageDigest: image.root.digest } };

    for (const targetStorageClass of ["ARCHIVE", "STANDARD"] as const) {
      await test.ecr.send(new UpdateImageStorageClassCommand({ ...about, targetStorageClass }));
    }

    const told = test.account.timeline
      .after(0)
      .filter(({ what }) => what === "ECR Image Action")
      .map(({ facts }) => (facts.event as { detail: Record<string, unknown> }).detail);
    expect(told.filter((detail) => detail["action-type"] === "UPDATE_STORAGE_CLASS")).toMatchObject([
      { "target-storage-class": "ARCHIVE", "image-digest": image.root.digest, "repository-name": "team-a/web" },
      { "target-storage-class": "STANDARD", "image-digest": image.root.digest, "repository-name": "team-a/web" },
    ]);
  });
});
