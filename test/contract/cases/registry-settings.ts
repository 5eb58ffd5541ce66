import { expect } from "vitest";
import type { ContractCase } from "../../support/contract-case.ts";
import type { ContractContext } from "../../support/contract-context.ts";
import { imageWith } from "../../support/contract-images.ts";
import { expectRefusal } from "../../support/contract-refusals.ts";

const owned = { on: "private", needs: "own-account" } as const;

async function withSetting(context: ContractContext, name: "BLOB_MOUNTING", value: string): Promise<void> {
  const before = await context.ecr.getAccountSetting({ name });
  context.atEnd(() => context.ecr.putAccountSetting({ name, value: before.value }));
  await context.ecr.putAccountSetting({ name, value });
}

/** Settings of the private registry as a whole. */
export const cases: readonly ContractCase[] = [
  {
    name: "tells its id and its replication rules",
    on: "private",
    async run({ ecr }) {
      const { registryId, replicationConfiguration } = await ecr.describeRegistry({});
      expect(registryId).toMatch(/^\d{12}$/);
      expect(replicationConfiguration?.rules).toBeInstanceOf(Array);
    },
  },
  {
    ...owned,
    name: "keeps a registry policy until it is deleted",
    async run(context) {
      const registryId = await context.registryId();
      await expectRefusal(context.ecr.getRegistryPolicy({}), "RegistryPolicyNotFoundException");
      const Resource = [`arn:aws:ecr:${context.region}:${registryId}:repository/${context.prefix}/*`];
      const policy = {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "Contract",
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${registryId}:root` },
            Action: ["ecr:ReplicateImage"],
            Resource,
          },
        ],
      };
      await context.ecr.putRegistryPolicy({ policyText: JSON.stringify(policy) });
      const { policyText } = await context.ecr.getRegistryPolicy({});
      expect(JSON.parse(policyText ?? "")).toMatchObject({ Statement: [{ Sid: "Contract" }] });
      await context.ecr.deleteRegistryPolicy({});
      await expectRefusal(context.ecr.deleteRegistryPolicy({}), "RegistryPolicyNotFoundException");
    },
  },
  {
    ...owned,
    name: "keeps replication rules",
    async run(context) {
      const { registryId, replicationConfiguration: before } = await context.ecr.describeRegistry({});
      context.atEnd(() => context.ecr.putReplicationConfiguration({ replicationConfiguration: before }));
      const region = context.region === "eu-central-1" ? "eu-west-1" : "eu-central-1";
      const repositoryFilters = [{ filter: `${context.prefix}/none`, filterType: "PREFIX_MATCH" as const }];
      const rules = [{ destinations: [{ region, registryId }], repositoryFilters }];
      await context.ecr.putReplicationConfiguration({ replicationConfiguration: { rules } });
      expect((await context.ecr.describeRegistry({})).replicationConfiguration).toEqual({ rules });
    },
  },
  {
    name: "refuses a setting that there is not",
    on: "private",
    run: ({ ecr }) =>
      expect(ecr.getAccountSetting({ name: "NO_SUCH_SETTING" as "BLOB_MOUNTING" })).rejects.toMatchObject({
        name: expect.stringMatching(/^(InvalidParameterException|ValidationException)$/),
      }),
  },
  {
    ...owned,
    name: "mounts a blob of an image of another repository once mounting is enabled, and uploads it otherwise",
    async run(context) {
      const [source, target] = [await context.repository("private"), await context.repository("private")];
      const image = imageWith("to be mounted");
      await source.push(image, "v1");
      const [, layer] = image.blobs;
      const mount = () => target.send("POST", `blobs/uploads/?mount=${layer?.digest}&from=${source.name}`);
      const isThere = async () => (await target.send("HEAD", `blobs/${layer?.digest}`)).status;

      await withSetting(context, "BLOB_MOUNTING", "DISABLED");
      expect((await mount()).status).toBe(202);
      expect(await isThere()).toBe(404);
      await context.ecr.putAccountSetting({ name: "BLOB_MOUNTING", value: "ENABLED" });
      expect((await mount()).status).toBe(201);
      expect(await isThere()).toBe(200);
    },
  },
];
