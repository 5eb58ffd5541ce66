import {
  BatchGetRepositoryScanningConfigurationCommand,
  CreateRepositoryCommand,
  DeleteRegistryPolicyCommand,
  DescribeRegistryCommand,
  GetAccountSettingCommand,
  GetAuthorizationTokenCommand,
  GetRegistryPolicyCommand,
  GetRegistryScanningConfigurationCommand,
  PutAccountSettingCommand,
  PutRegistryPolicyCommand,
  PutRegistryScanningConfigurationCommand,
  PutReplicationConfigurationCommand,
  RegistryPolicyNotFoundException,
} from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { accountSetting } from "../../../../local/ecr/account-settings.ts";
import { accountId, startAccount } from "./start-account.ts";

describe("the registry", () => {
  it("gives a token of the caller for twelve hours", async () => {
    const { client, account, user } = await startAccount();

    const { authorizationData } = await client().send(new GetAuthorizationTokenCommand({}));

    const [data] = authorizationData ?? [];
    expect(authorizationData).toHaveLength(1);
    expect(data?.expiresAt).toEqual(new Date("2026-03-01T22:00:00.250Z"));
    expect(data?.proxyEndpoint).toBe("http://private.localhost:5000");
    expect(account.tokenHolder("private", data?.authorizationToken ?? "")).toEqual(user.identity);
  });

  it("gives one token entry per registry asked for", async () => {
    const { client } = await startAccount();

    const { authorizationData } = await client().send(
      new GetAuthorizationTokenCommand({ registryIds: [accountId, "210987654321"] }),
    );
    const refused = client().send(new GetAuthorizationTokenCommand({ registryIds: ["1"] }));

    expect(authorizationData).toHaveLength(2);
    await expect(refused).rejects.toThrow(
      "Invalid parameter at 'registryIds' failed to satisfy constraint: 'Member must satisfy constraint: [Member must satisfy regular expression pattern: [0-9]{12}]'",
    );
  });

  it("keeps its replication rules", async () => {
    const { client } = await startAccount();
    const rules = [{ destinations: [{ region: "eu-central-1", registryId: accountId }] }];

    expect(await client().send(new DescribeRegistryCommand({}))).toMatchObject({
      registryId: accountId,
      replicationConfiguration: { rules: [] },
    });
    await client().send(new PutReplicationConfigurationCommand({ replicationConfiguration: { rules } }));
    expect((await client().send(new DescribeRegistryCommand({}))).replicationConfiguration).toEqual({ rules });
  });

  it("holds a policy, until it is deleted", async () => {
    const { client } = await startAccount();
    const ecr = client();
    const policy = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: "*", Action: "ecr:ReplicateImage", Resource: "*" }],
    };

    await expect(ecr.send(new GetRegistryPolicyCommand({}))).rejects.toBeInstanceOf(RegistryPolicyNotFoundException);
    await ecr.send(new PutRegistryPolicyCommand({ policyText: JSON.stringify(policy) }));
    const { policyText } = await ecr.send(new GetRegistryPolicyCommand({}));
    expect(JSON.parse(policyText ?? "")).toEqual(policy);
    await ecr.send(new DeleteRegistryPolicyCommand({}));
    await expect(ecr.send(new DeleteRegistryPolicyCommand({}))).rejects.toThrow(
      `Registry policy does not exist in the registry with id '${accountId}'`,
    );
  });

  it("has account settings with their defaults", async () => {
    const { client, account } = await startAccount();
    const ecr = client();

    expect(await ecr.send(new GetAccountSettingCommand({ name: "BLOB_MOUNTING" }))).toMatchObject({
      name: "BLOB_MOUNTING",
      value: "DISABLED",
    });
    await ecr.send(new PutAccountSettingCommand({ name: "BLOB_MOUNTING", value: "ENABLED" }));
    expect(accountSetting(account, "BLOB_MOUNTING")).toBe("ENABLED");
    expect(accountSetting(account, "BASIC_SCAN_TYPE_VERSION")).toBe("AWS_NATIVE");
    await expect(ecr.send(new PutAccountSettingCommand({ name: "BLOB_MOUNTING", value: "YES" }))).rejects.toThrow(
      "Invalid parameter at 'value' failed to satisfy constraint: 'Member must satisfy enum value set: [ENABLED, DISABLED]'",
    );
    await expect(ecr.send(new GetAccountSettingCommand({ name: "constructor" }))).rejects.toThrow(
      "Invalid parameter at 'name' failed to satisfy constraint: 'Member must satisfy enum value set: [BASIC_SCAN_TYPE_VERSION, REGISTRY_POLICY_SCOPE, BLOB_MOUNTING]'",
    );
  });

  it("says how each repository is scanned", async () => {
    const { client } = await startAccount();
    const ecr = client();
    for (const repositoryName of ["prod/web", "dev/web", "dev/api"]) {
      const scanOnPush = repositoryName === "dev/api";
      await ecr.send(new CreateRepositoryCommand({ repositoryName, imageScanningConfiguration: { scanOnPush } }));
    }
    const repositoryFilters = [{ filter: "prod/*", filterType: "WILDCARD" as const }];
    await ecr.send(
      new PutRegistryScanningConfigurationCommand({
        scanType: "BASIC",
        rules: [{ scanFrequency: "SCAN_ON_PUSH", repositoryFilters }],
      }),
    );

    const { scanningConfigurations, failures } = await ecr.send(
      new BatchGetRepositoryScanningConfigurationCommand({
        repositoryNames: ["prod/web", "dev/web", "dev/api", "none"],
      }),
    );

    expect(scanningConfigurations).toMatchObject([
      {
        repositoryName: "prod/web",
        scanFrequency: "SCAN_ON_PUSH",
        scanOnPush: true,
        appliedScanFilters: repositoryFilters,
      },
      { repositoryName: "dev/web", scanFrequency: "MANUAL", scanOnPush: false, appliedScanFilters: [] },
      { repositoryName: "dev/api", scanFrequency: "SCAN_ON_PUSH", scanOnPush: true, appliedScanFilters: [] },
    ]);
    expect(failures).toEqual([
      {
        repositoryName: "none",
        failureCode: "REPOSITORY_NOT_FOUND",
        failureReason: `The repository with name 'none' does not exist in the registry with id '${accountId}'`,
      },
    ]);
  });

  it("scans continuously with enhanced scanning only", async () => {
    const { client } = await startAccount();
    const ecr = client();
    const rules = [
      {
        scanFrequency: "CONTINUOUS_SCAN" as const,
        repositoryFilters: [{ filter: "*", filterType: "WILDCARD" as const }],
      },
    ];

    await expect(ecr.send(new PutRegistryScanningConfigurationCommand({ rules }))).rejects.toMatchObject({
      name: "ValidationException",
    });
    await ecr.send(new PutRegistryScanningConfigurationCommand({ scanType: "ENHANCED", rules }));
    expect(await ecr.send(new GetRegistryScanningConfigurationCommand({}))).toMatchObject({
      registryId: accountId,
      scanningConfiguration: { scanType: "ENHANCED", rules },
    });
  });
});
