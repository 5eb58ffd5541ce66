import {
  DescribeImageScanFindingsCommand,
  DescribeImagesCommand,
  paginateDescribeImageScanFindings,
  StartImageScanCommand,
} from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { type Finding, setScanFindings } from "../../../../local/ecr/scan-findings.ts";
import { imageOf, indexOf } from "./image-content.ts";
import { sharedCalls, startRegistries } from "./registry-apis.ts";
import { accountId } from "./start-account.ts";

async function start() {
  const registries = await startRegistries();
  const calls = await sharedCalls(registries, "private");
  const image = imageOf(["layer"]);
  await calls.push(image, "v1");
  const { repositoryName } = calls;
  const imageId = { imageTag: "v1" };
  const describe = () => registries.ecr.send(new DescribeImageScanFindingsCommand({ repositoryName, imageId }));
  const startScan = () => registries.ecr.send(new StartImageScanCommand({ repositoryName, imageId }));
  return { ...registries, ...calls, image, imageId, describe, startScan };
}

const finding = (name: string, severity: Finding["severity"]): Finding => ({ name, severity });

describe("image scans", () => {
  it("are not found for an image that was never scanned", async () => {
    const { repositoryName, describe } = await start();
    await expect(describe()).rejects.toMatchObject({
      name: "ScanNotFoundException",
      message: `Image scan does not exist for the image with '{imageDigest:'null', imageTag:'v1'}' in the repository with name '${repositoryName}' in the registry with id '${accountId}'`,
    });
  });

  it("are in progress after a start until findings are set", async () => {
    const { account, repositoryName, image, imageId, startScan, describe } = await start();
    expect(await startScan()).toMatchObject({
      registryId: accountId,
      repositoryName,
      imageId: { ...imageId, imageDigest: image.digest },
      imageScanStatus: { status: "IN_PROGRESS" },
    });
    const running = await describe();
    expect(running.imageScanStatus).toEqual({ status: "IN_PROGRESS" });
    expect(running.imageScanFindings).toBeUndefined();

    const findings = [finding("CVE-1", "HIGH"), finding("CVE-2", "LOW"), finding("CVE-3", "HIGH")];
    await setScanFindings(account, { repositoryName, imageDigest: image.digest }, { findings });
    expect(await describe()).toMatchObject({
      imageId: { imageDigest: image.digest, imageTag: "v1" },
      imageScanStatus: { status: "COMPLETE", description: "The scan was completed successfully." },
      imageScanFindings: {
        imageScanCompletedAt: expect.any(Date),
        vulnerabilitySourceUpdatedAt: expect.any(Date),
        findingSeverityCounts: { HIGH: 2, LOW: 1 },
        findings,
      },
    });
  });

  it("show in DescribeImages", async () => {
    const { ecr, account, repositoryName, image } = await start();
    await setScanFindings(
      account,
      { repositoryName, imageDigest: image.digest },
      { findings: [finding("CVE-1", "CRITICAL")] },
    );
    const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName }));
    expect(imageDetails?.[0]).toMatchObject({
      imageScanStatus: { status: "COMPLETE" },
      imageScanFindingsSummary: { findingSeverityCounts: { CRITICAL: 1 } },
    });
  });

  it("give their findings in pages", async () => {
    const { ecr, account, repositoryName, image, imageId } = await start();
    const enhancedFindings = Array.from({ length: 12 }, (_, index) => ({ title: `finding ${index}`, severity: "LOW" }));
    await setScanFindings(account, { repositoryName, imageDigest: image.digest }, { enhancedFindings });
    const titles: (string | undefined)[][] = [];
    const pages = paginateDescribeImageScanFindings({ client: ecr, pageSize: 5 }, { repositoryName, imageId });
    for await (const { imageScanFindings } of pages) {
      expect(imageScanFindings?.findingSeverityCounts).toEqual({ LOW: 12 });
      titles.push((imageScanFindings?.enhancedFindings ?? []).map(({ title }) => title));
    }
    expect(titles.map(({ length }) => length)).toEqual([5, 5, 2]);
    expect(titles.flat()).toEqual(enhancedFindings.map(({ title }) => title));
  });

  it("go on when they are enhanced, with and without findings", async () => {
    const { account, repositoryName, image, describe } = await start();
    for (const enhancedFindings of [[{ title: "finding", severity: "HIGH" }], []]) {
      await setScanFindings(account, { repositoryName, imageDigest: image.digest }, { enhancedFindings });
      const { imageScanStatus, imageScanFindings } = await describe();
      expect(imageScanStatus).toEqual({ status: "ACTIVE", description: "Continuous scan is selected for image." });
      expect(imageScanFindings?.enhancedFindings).toEqual(enhancedFindings);
      expect(imageScanFindings?.findings).toBeUndefined();
    }
  });

  it("can be started once in 24 hours, and not for an index", async () => {
    const { ecr, repositoryName, push, image, startScan, time } = await start();
    await startScan();
    await expect(startScan()).rejects.toMatchObject({
      name: "LimitExceededException",
      message: "The scan quota per image has been exceeded. Wait and try again.",
    });
    time.ahead = 25 * 3600_000;
    expect(await startScan()).toMatchObject({ imageScanStatus: { status: "IN_PROGRESS" } });

    await push(indexOf([image]), "index");
    const imageId = { imageTag: "index" };
    await expect(ecr.send(new StartImageScanCommand({ repositoryName, imageId }))).rejects.toMatchObject({
      name: "UnsupportedImageTypeException",
    });
  });

  it("need an image that is there", async () => {
    const { ecr, repositoryName } = await start();
    const missing = { repositoryName, imageId: { imageTag: "v2" } };
    const error = { name: "ImageNotFoundException" };
    await expect(ecr.send(new StartImageScanCommand(missing))).rejects.toMatchObject(error);
    await expect(ecr.send(new DescribeImageScanFindingsCommand(missing))).rejects.toMatchObject(error);
    await expect(ecr.send(new StartImageScanCommand({ repositoryName, imageId: {} }))).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });
});
