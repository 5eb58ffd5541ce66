import { UpdateImageStorageClassCommand } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { getScanFindings } from "#shared/ecr/scan-findings.ts";
import type { ScanFindings as JudgedFindings } from "#shared/mirror/scan-verdict.ts";
import { type ScanResult, setScanFindings, startScan } from "../../../../local/ecr/scan-findings.ts";
import { startScriptedEcr, success } from "./scripted-ecr.ts";
import { recorded, repository, startWithRepositories } from "./stored-images.ts";

const absent = `sha256:${"0".repeat(64)}`;

async function start() {
  const started = await startWithRepositories();
  const { ecr, account, put } = started;
  const digest = await put("private", { tag: "v1" });
  const about = { repositoryName: repository, imageDigest: digest };
  return {
    ...started,
    digest,
    scanned: (result: ScanResult) => setScanFindings(account, about, result),
    startScan: () => startScan(account, about),
    archive: () =>
      ecr.send(
        new UpdateImageStorageClassCommand({
          repositoryName: repository,
          imageId: { imageDigest: digest },
          targetStorageClass: "ARCHIVE",
        }),
      ),
  };
}

const numbered = (length: number) =>
  Array.from({ length }, (_, index) => ({ name: `CVE-${index}`, severity: "LOW" as const }));

describe("scan findings", () => {
  it("of a basic scan go by their names", async () => {
    const { ecr, digest, scanned } = await start();
    const before = Date.now();
    await scanned({ findings: [{ name: "CVE-2026-1", severity: "CRITICAL" }] });

    const found: JudgedFindings | undefined = await getScanFindings(ecr, repository, digest);

    expect(found).toEqual({
      status: "COMPLETE",
      description: "The scan was completed successfully.",
      completedAt: expect.any(Date),
      findings: [{ id: "CVE-2026-1", severity: "CRITICAL" }],
    });
    expect(found?.completedAt?.getTime()).toBeGreaterThanOrEqual(before);
  });

  it("of an enhanced scan go by their vulnerabilities, and leave closed ones out", async () => {
    const { ecr, digest, scanned } = await start();
    const packageVulnerabilityDetails = { vulnerabilityId: "CVE-2026-2" };
    await scanned({
      enhancedFindings: [
        { title: "CVE-2026-2 - openssl", severity: "HIGH", status: "ACTIVE", packageVulnerabilityDetails },
        { title: "a finding of its own", severity: "UNTRIAGED", findingArn: "arn:finding" },
        { title: "a finding without ARN", severity: "LOW", status: "SUPPRESSED" },
        { title: "no longer there", severity: "CRITICAL", status: "CLOSED" },
      ],
    });

    expect(await getScanFindings(ecr, repository, digest)).toEqual({
      status: "ACTIVE",
      description: "Continuous scan is selected for image.",
      completedAt: expect.any(Date),
      findings: [
        { id: "CVE-2026-2", severity: "HIGH" },
        { id: "arn:finding", severity: "UNTRIAGED" },
        { id: "a finding without ARN", severity: "LOW" },
      ],
    });
  });

  it("are none while a scan is under way, and without findings", async () => {
    const { ecr, digest, scanned, startScan } = await start();
    await startScan();
    expect(await getScanFindings(ecr, repository, digest)).toEqual({ status: "IN_PROGRESS", findings: [] });

    await scanned({});
    expect(await getScanFindings(ecr, repository, digest)).toMatchObject({ status: "COMPLETE", findings: [] });
  });

  it.each(["FAILED", "UNSUPPORTED_IMAGE"] as const)("come with the status %s and its reason", async (status) => {
    const { ecr, digest, scanned } = await start();
    await scanned({ status, description: "told by the test" });

    expect(await getScanFindings(ecr, repository, digest)).toMatchObject({ status, description: "told by the test" });
  });

  it("say of an archived image that it is", async () => {
    const { ecr, digest, scanned, archive } = await start();
    await scanned({ findings: numbered(1) });
    await archive();

    expect(await getScanFindings(ecr, repository, digest)).toEqual({ status: "IMAGE_ARCHIVED", findings: [] });
  });

  it.each([
    [1001, 2],
    [10_000, 10],
  ])("come whole when they are %i, with %i calls", async (length, calls) => {
    const { ecr, digest, scanned } = await start();
    await scanned({ findings: numbered(length) });
    const operations = recorded(ecr);

    const found = await getScanFindings(ecr, repository, digest);

    expect(found?.findings.map(({ id }) => id)).toEqual(numbered(length).map(({ name }) => name));
    expect(found).not.toHaveProperty("truncated");
    expect(operations).toHaveLength(calls);
  });

  it("are cut at ten thousand, and say so", async () => {
    const { ecr, digest, scanned } = await start();
    await scanned({ findings: numbered(10_001) });
    const operations = recorded(ecr);

    const found = await getScanFindings(ecr, repository, digest);

    expect(found?.findings).toHaveLength(10_000);
    expect(found?.truncated).toBe(true);
    expect(operations).toHaveLength(10);
  });

  it("without a severity have one that no gate knows", async () => {
    const { ecr } = await startScriptedEcr(
      success({ imageScanStatus: { status: "COMPLETE" }, imageScanFindings: { findings: [{ name: "CVE-1" }] } }),
    );

    expect(await getScanFindings(ecr, repository, absent)).toEqual({
      status: "COMPLETE",
      findings: [{ id: "CVE-1", severity: "UNTOLD" }],
    });
  });

  it("are undefined without scan, image or repository", async () => {
    const { ecr, digest } = await start();

    expect(await getScanFindings(ecr, repository, digest)).toBeUndefined();
    expect(await getScanFindings(ecr, repository, absent)).toBeUndefined();
    expect(await getScanFindings(ecr, "team/none", digest)).toBeUndefined();
  });
});
