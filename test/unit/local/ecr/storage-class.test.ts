import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  DescribeImageScanFindingsCommand,
  DescribeImagesCommand,
  ListImageReferrersCommand,
  ListImagesCommand,
  StartImageScanCommand,
  UpdateImageStorageClassCommand,
} from "@aws-sdk/client-ecr";
import { describe, expect, it, vi } from "vitest";
import { setScanFindings } from "../../../../local/ecr/scan-findings.ts";
import { imageOf } from "./image-content.ts";
import { sharedCalls, startRegistries } from "./registry-apis.ts";
import { accountId } from "./start-account.ts";

async function start() {
  const registries = await startRegistries();
  const calls = await sharedCalls(registries, "private");
  const { ecr } = registries;
  const { repositoryName } = calls;
  const image = imageOf(["layer"]);
  await calls.push(image, "v1");
  const update = (targetStorageClass: "STANDARD" | "ARCHIVE", imageId: object = { imageTag: "v1" }) =>
    ecr.send(new UpdateImageStorageClassCommand({ repositoryName, imageId, targetStorageClass }));
  const describeBy = (filter: object = {}, imageIds?: object[]) =>
    ecr.send(new DescribeImagesCommand({ repositoryName, filter, imageIds }));
  const pull = () => ecr.send(new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: "v1" }] }));
  return { ...registries, ...calls, image, update, describeBy, pull };
}

describe("an archived image", () => {
  it("is shown to those alone who ask for archived images", async () => {
    const { ecr, repositoryName, image, update, describeBy } = await start();

    expect(await update("ARCHIVE")).toMatchObject({
      registryId: accountId,
      repositoryName,
      imageId: { imageDigest: image.digest, imageTag: "v1" },
      imageStatus: "ARCHIVED",
    });

    for (const imageStatus of ["ANY", "ARCHIVED"]) {
      expect((await describeBy({ imageStatus })).imageDetails).toMatchObject([
        { imageDigest: image.digest, imageStatus: "ARCHIVED", lastArchivedAt: expect.any(Date) },
      ]);
    }
    for (const filter of [{}, { imageStatus: "ACTIVE" }, { imageStatus: "ACTIVATING" }]) {
      expect((await describeBy(filter)).imageDetails).toEqual([]);
    }
    const list = (filter: object) => ecr.send(new ListImagesCommand({ repositoryName, filter }));
    expect((await list({})).imageIds).toEqual([]);
    expect((await list({ imageStatus: "ANY" })).imageIds).toEqual([{ imageDigest: image.digest, imageTag: "v1" }]);
  });

  it("is not found by its id without a filter for it", async () => {
    const { image, update, describeBy } = await start();
    await update("ARCHIVE");

    await expect(describeBy({}, [{ imageTag: "v1" }])).rejects.toMatchObject({ name: "ImageNotFoundException" });
    expect((await describeBy({ imageStatus: "ANY" }, [{ imageTag: "v1" }])).imageDetails).toMatchObject([
      { imageDigest: image.digest, imageStatus: "ARCHIVED" },
    ]);
  });

  it("cannot be pulled until it is restored", async () => {
    const { update, pull, describeBy } = await start();
    await update("ARCHIVE");
    expect(await pull()).toMatchObject({
      images: [],
      failures: [{ imageId: { imageTag: "v1" }, failureCode: "ImageNotFound" }],
    });

    expect(await update("STANDARD")).toMatchObject({ imageStatus: "ACTIVATING" });

    expect((await pull()).images).toHaveLength(1);
    expect((await describeBy()).imageDetails).toMatchObject([
      { imageStatus: "ACTIVE", lastArchivedAt: expect.any(Date), lastActivatedAt: expect.any(Date) },
    ]);
  });

  it("comes back with a push of what it is, and with a push of another tag", async () => {
    const { image, update, push, pull } = await start();
    for (const tag of ["v1", "v2"]) {
      await update("ARCHIVE");
      await push(image, tag);
      expect((await pull()).images).toHaveLength(1);
    }
    await expect(push(image, "v1")).rejects.toMatchObject({ name: "ImageAlreadyExistsException" });
  });

  it("is deleted as any other, and is active when it is pushed anew", async () => {
    const { ecr, repositoryName, image, update, push, describeBy } = await start();
    await update("ARCHIVE");
    const archivedAt = Date.now();
    const imageIds = [{ imageDigest: image.digest }];
    expect(await ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }))).toMatchObject({ failures: [] });
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(archivedAt));

    await push(image, "v1");

    expect((await describeBy()).imageDetails).toMatchObject([{ imageStatus: "ACTIVE" }]);
  });

  it("has no findings, nor those from before when it is restored", async () => {
    const { ecr, account, repositoryName, image, update } = await start();
    const findings = [{ name: "CVE-1", severity: "HIGH" as const }];
    await setScanFindings(account, { repositoryName, imageDigest: image.digest }, { findings });
    const about = { repositoryName, imageId: { imageTag: "v1" } };
    await update("ARCHIVE");

    const archived = await ecr.send(new DescribeImageScanFindingsCommand(about));
    expect(archived.imageScanStatus).toEqual({ status: "IMAGE_ARCHIVED" });
    expect(archived.imageScanFindings).toBeUndefined();
    await expect(ecr.send(new StartImageScanCommand(about))).rejects.toMatchObject({ name: "ImageArchivedException" });

    await update("STANDARD");
    await expect(ecr.send(new DescribeImageScanFindingsCommand(about))).rejects.toMatchObject({
      name: "ScanNotFoundException",
    });
  });
});

describe("an archived referrer", () => {
  it("is listed for those alone who ask for archived artifacts", async () => {
    const { ecr, repositoryName, image, push, update } = await start();
    const subject = { mediaType: image.mediaType, digest: image.digest, size: image.manifest.length };
    const sbom = imageOf(["sbom"], { subject, artifactType: "application/vnd.example.sbom" });
    await push(sbom);
    await update("ARCHIVE", { imageDigest: sbom.digest });
    const list = (filter: object) =>
      ecr.send(new ListImageReferrersCommand({ repositoryName, subjectId: { imageDigest: image.digest }, filter }));

    expect((await list({})).referrers).toEqual([]);
    expect((await list({ artifactStatus: "ARCHIVED" })).referrers).toMatchObject([
      { digest: sbom.digest, artifactStatus: "ARCHIVED" },
    ]);
  });
});

describe("UpdateImageStorageClass", () => {
  it("refuses the class that the image has", async () => {
    const { image, update } = await start();
    const refused = { name: "ImageStorageClassUpdateNotSupportedException" };
    await expect(update("STANDARD")).rejects.toMatchObject({
      ...refused,
      message: `The image with digest '${image.digest}' is in the storage class 'STANDARD' already`,
    });
    await update("ARCHIVE");
    await expect(update("ARCHIVE")).rejects.toMatchObject(refused);
  });

  it("refuses what is not there, and a class that is none", async () => {
    const { ecr, update, repositoryName } = await start();
    await expect(update("ARCHIVE", { imageTag: "v2" })).rejects.toMatchObject({ name: "ImageNotFoundException" });
    await expect(update("GLACIER" as "ARCHIVE")).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: expect.stringContaining("'targetStorageClass'"),
    });
    const elsewhere = { repositoryName: `${repositoryName}-2`, imageId: { imageTag: "v1" } };
    await expect(
      ecr.send(new UpdateImageStorageClassCommand({ ...elsewhere, targetStorageClass: "ARCHIVE" })),
    ).rejects.toMatchObject({ name: "RepositoryNotFoundException" });
  });
});
