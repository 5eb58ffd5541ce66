import type { PutRegistryScanningConfigurationCommandInput } from "@aws-sdk/client-ecr";
import { expect } from "vitest";
import type { ContractCase } from "../../support/contract-case.ts";
import type { ContractContext } from "../../support/contract-context.ts";
import { imageWith } from "../../support/contract-images.ts";
import { expectRefusal } from "../../support/contract-refusals.ts";

/** Sets the scanning of the whole registry for this case. */
async function withRegistryScanning(context: ContractContext, wanted: PutRegistryScanningConfigurationCommandInput) {
  const { scanningConfiguration } = await context.ecr.getRegistryScanningConfiguration({});
  const { scanType, rules } = scanningConfiguration ?? {};
  context.atEnd(() => context.ecr.putRegistryScanningConfiguration({ scanType, rules }));
  return context.ecr.putRegistryScanningConfiguration(wanted);
}

async function scanningOf({ ecr }: ContractContext, ...repositoryNames: string[]) {
  return ecr.batchGetRepositoryScanningConfiguration({ repositoryNames });
}

/** Scan settings of repositories and of the registry. */
export const cases: readonly ContractCase[] = [
  {
    name: "sets scanning on push, and takes it back",
    on: "private",
    async run(context) {
      const { name: repositoryName, registryId } = await context.repository("private");
      for (const scanOnPush of [true, false]) {
        const imageScanningConfiguration = { scanOnPush };
        const put = await context.ecr.putImageScanningConfiguration({ repositoryName, imageScanningConfiguration });
        expect(put).toMatchObject({ registryId, repositoryName, imageScanningConfiguration });
        const { repositories } = await context.ecr.describeRepositories({ repositoryNames: [repositoryName] });
        expect(repositories?.[0]?.imageScanningConfiguration).toEqual(imageScanningConfiguration);
      }
    },
  },
  {
    name: "refuses to set the scanning of a repository that is not there",
    on: "private",
    run: (context) =>
      expectRefusal(
        context.ecr.putImageScanningConfiguration({
          repositoryName: context.newName("private"),
          imageScanningConfiguration: { scanOnPush: true },
        }),
        "RepositoryNotFoundException",
      ),
  },
  {
    name: "tells how repositories are scanned, and which of them are not there",
    on: "private",
    async run(context) {
      const { name, arn } = await context.repository("private");
      const missing = context.newName("private");
      const { scanningConfigurations, failures } = await scanningOf(context, name, missing);
      expect(scanningConfigurations).toMatchObject([{ repositoryArn: arn, repositoryName: name }]);
      expect(failures).toMatchObject([{ repositoryName: missing, failureCode: "REPOSITORY_NOT_FOUND" }]);
    },
  },
  {
    name: "has no findings for an image that was never scanned",
    on: "private",
    async run(context) {
      const repository = await context.repository("private");
      await repository.push(imageWith("layer"), "v1");
      const input = { repositoryName: repository.name, imageId: { imageTag: "v1" } };
      await expectRefusal(context.ecr.describeImageScanFindings(input), "ScanNotFoundException");
    },
  },
  {
    name: "has no findings for an image that is not there",
    on: "private",
    async run(context) {
      const { name: repositoryName } = await context.repository("private");
      const input = { repositoryName, imageId: { imageTag: "v1" } };
      await expectRefusal(context.ecr.describeImageScanFindings(input), "ImageNotFoundException");
      await expectRefusal(context.ecr.startImageScan(input), "ImageNotFoundException");
    },
  },
  {
    name: "scans on push what the registry's rule names, whatever the repository says",
    on: "private",
    needs: "own-account",
    async run(context) {
      const [inside, outside] = [await context.repository("private"), await context.repository("private")];
      const repositoryFilters = [{ filter: inside.name, filterType: "WILDCARD" as const }];
      await withRegistryScanning(context, {
        scanType: "BASIC",
        rules: [{ scanFrequency: "SCAN_ON_PUSH", repositoryFilters }],
      });
      const { scanningConfigurations } = await scanningOf(context, inside.name, outside.name);
      expect(scanningConfigurations).toMatchObject([
        {
          repositoryName: inside.name,
          scanOnPush: true,
          scanFrequency: "SCAN_ON_PUSH",
          appliedScanFilters: repositoryFilters,
        },
        { repositoryName: outside.name, scanOnPush: false, scanFrequency: "MANUAL" },
      ]);
    },
  },
  {
    name: "refuses continuous scanning with the basic scan type",
    on: "private",
    needs: "own-account",
    async run(context) {
      const repositoryFilters = [{ filter: `${context.prefix}/*`, filterType: "WILDCARD" as const }];
      const rules = [{ scanFrequency: "CONTINUOUS_SCAN" as const, repositoryFilters }];
      // The API lists both; which it is has not been seen.
      const refused = withRegistryScanning(context, { scanType: "BASIC", rules });
      await expect(refused).rejects.toMatchObject({
        name: expect.stringMatching(/^(ValidationException|InvalidParameterException)$/),
      });
    },
  },
  {
    name: "scans continuously with the enhanced scan type",
    on: "private",
    needs: "money",
    async run(context) {
      const { name } = await context.repository("private");
      const repositoryFilters = [{ filter: name, filterType: "WILDCARD" as const }];
      const wanted = {
        scanType: "ENHANCED",
        rules: [{ scanFrequency: "CONTINUOUS_SCAN", repositoryFilters }],
      } as const;
      const put = await withRegistryScanning(context, { ...wanted, rules: [...wanted.rules] });
      expect(put.registryScanningConfiguration).toMatchObject(wanted);
      const { scanningConfigurations } = await scanningOf(context, name);
      expect(scanningConfigurations).toMatchObject([{ repositoryName: name, scanFrequency: "CONTINUOUS_SCAN" }]);
    },
  },
];
