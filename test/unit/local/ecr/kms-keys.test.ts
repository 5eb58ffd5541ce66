import { CreateRepositoryCommand, DescribeRepositoriesCommand, KmsException } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { accountId, region, startAccount } from "./start-account.ts";

const id = "1234abcd-12ab-34cd-56ef-1234567890ab";
const multiRegion = `mrk-${"0a".repeat(16)}`;
const key = (of: string, at = region, owner = accountId) => `arn:aws:kms:${at}:${owner}:key/${of}`;
const service = expect.stringMatching(new RegExp(`^arn:aws:kms:${region}:${accountId}:key/[0-9a-f-]{36}$`));

async function withKeys(kmsKeys?: readonly string[]) {
  const { client, store, trail } = await startAccount(kmsKeys === undefined ? {} : { context: { kmsKeys } });
  const repositoryName = "team-a/web";
  async function create(kmsKey?: string) {
    const encryptionConfiguration = { encryptionType: "KMS", ...(kmsKey !== undefined && { kmsKey }) } as const;
    await client().send(new CreateRepositoryCommand({ repositoryName, encryptionConfiguration }));
    const { repositories } = await client().send(new DescribeRepositoriesCommand({}));
    return repositories?.[0]?.encryptionConfiguration;
  }
  return { create, store, trail };
}

describe("a repository with KMS encryption", () => {
  it.each([
    ["a key ARN", key(id), key(id)],
    ["a key id", id, key(id)],
    ["a multi-Region key's id", multiRegion, key(multiRegion)],
    ["the alias of the key that AWS manages", "alias/aws/ecr", service],
    ["that alias as an ARN", `arn:aws:kms:${region}:${accountId}:alias/aws/ecr`, service],
    ["nothing", undefined, service],
  ])("shows the key's ARN for %s", async (_, asked, kmsKey) => {
    const { create } = await withKeys();

    expect(await create(asked)).toEqual({ encryptionType: "KMS", kmsKey });
  });

  it("takes the listed keys alone, by ARN or id", async () => {
    const { create } = await withKeys([id, key(multiRegion)]);

    expect(await create(key(id))).toEqual({ encryptionType: "KMS", kmsKey: key(id) });
    await expect(create(key("2222"))).rejects.toThrow(`Key '${key("2222")}' does not exist`);
  });

  it("needs none of the listed keys for the one that AWS manages", async () => {
    const { create } = await withKeys([]);

    expect(await create()).toEqual({ encryptionType: "KMS", kmsKey: service });
  });

  it.each([
    ["of another Region", key(id, "us-east-1"), "NotFoundException", "Invalid arn us-east-1"],
    [
      "that is an alias",
      "alias/ecr",
      "NotFoundException",
      `Alias arn:aws:kms:${region}:${accountId}:alias/ecr is not found.`,
    ],
    [
      "that is an alias of another Region",
      `arn:aws:kms:us-east-1:${accountId}:alias/aws/ecr`,
      "NotFoundException",
      "Invalid arn us-east-1",
    ],
    [
      "that is an alias of another account",
      `arn:aws:kms:${region}:210987654321:alias/aws/ecr`,
      "NotFoundException",
      `Alias arn:aws:kms:${region}:210987654321:alias/aws/ecr is not found.`,
    ],
    ["that is malformed", "my key", "NotFoundException", "Invalid keyId 'my key'"],
    [
      "of another account",
      key(id, region, "210987654321"),
      "AccessDeniedException",
      `User: arn:aws:iam::${accountId}:user/mary is not authorized to perform: kms:DescribeKey on resource: ${key(id, region, "210987654321")} because no resource-based policy allows the kms:DescribeKey action`,
    ],
  ])("is not made with a key %s", async (_, asked, kmsError, message) => {
    const { create, store, trail } = await withKeys();

    const refused = create(asked);

    await expect(refused).rejects.toBeInstanceOf(KmsException);
    await expect(refused).rejects.toMatchObject({ kmsError, message, $metadata: { httpStatusCode: 400 } });
    expect(store.private.repositories()).toEqual([]);
    expect(trail.at(-1)).toMatchObject({ call: { operation: "CreateRepository" }, error: { code: "KmsException" } });
  });
});
