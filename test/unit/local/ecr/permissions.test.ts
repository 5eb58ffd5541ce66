import {
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  PutImageTagMutabilityCommand,
} from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { accountId, region, roleArn, startAccount } from "./start-account.ts";

const arn = (name: string) => `arn:aws:ecr:${region}:${accountId}:repository/${name}`;

describe("permissions over the wire", () => {
  it("hold a role to its policy, resource tags included", async () => {
    const { client, usage } = await startAccount({
      statements: [
        {
          Effect: "Allow",
          Action: ["ecr:DescribeRepositories", "ecr:PutImageTagMutability"],
          Resource: arn("team-a/*"),
          Condition: { StringEquals: { "ecr:ResourceTag/managed": "yes" } },
        },
      ],
    });
    const tags = [{ Key: "managed", Value: "yes" }];
    await client().send(new CreateRepositoryCommand({ repositoryName: "team-a/web", tags }));
    await client().send(new CreateRepositoryCommand({ repositoryName: "team-a/api" }));
    const role = client("role");
    const put = (repositoryName: string) =>
      role.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: "IMMUTABLE" }));

    await expect(put("team-a/web")).resolves.toMatchObject({ imageTagMutability: "IMMUTABLE" });
    await expect(put("team-a/api")).rejects.toMatchObject({
      name: "AccessDeniedException",
      $metadata: { httpStatusCode: 400 },
    });
    await expect(role.send(new DescribeRepositoriesCommand({}))).rejects.toThrow(
      `User: arn:aws:sts::${accountId}:assumed-role/governor/session is not authorized to perform: ecr:DescribeRepositories on resource: ${arn("*")} because no identity-based policy allows the ecr:DescribeRepositories action`,
    );
    expect(usage().filter(({ principal }) => principal === roleArn)).toEqual([
      { principal: roleArn, action: "ecr:DescribeRepositories", allowed: 0, denied: 1 },
      { principal: roleArn, action: "ecr:PutImageTagMutability", allowed: 1, denied: 1 },
    ]);
  });

  it("let ECR use a customer's key only where the role may use it through ECR", async () => {
    const key = (id: string) => `arn:aws:kms:${region}:${accountId}:key/${id}`;
    const { client, usage, store, trail } = await startAccount({
      statements: [
        { Effect: "Allow", Action: "ecr:CreateRepository", Resource: "*" },
        {
          Effect: "Allow",
          Action: ["kms:DescribeKey", "kms:CreateGrant"],
          Resource: key("1111"),
          Condition: { StringEquals: { "kms:ViaService": `ecr.${region}.amazonaws.com` } },
        },
      ],
    });
    const create = (repositoryName: string, kmsKey?: string) =>
      client("role").send(
        new CreateRepositoryCommand({
          repositoryName,
          encryptionConfiguration: { encryptionType: "KMS", ...(kmsKey !== undefined && { kmsKey }) },
        }),
      );

    await create("team-a/web", key("1111"));
    await create("team-a/api");
    await expect(create("team-a/job", key("2222"))).rejects.toMatchObject({
      name: "KmsException",
      kmsError: "AccessDeniedException",
      message: `User: arn:aws:sts::${accountId}:assumed-role/governor/session is not authorized to perform: kms:DescribeKey on resource: ${key("2222")} because no identity-based policy allows the kms:DescribeKey action`,
    });

    expect(store.private.repositories().map(({ name }) => name)).toEqual(["team-a/api", "team-a/web"]);
    expect(trail.at(-1)?.error?.code).toBe("KmsException");
    expect(usage()).toEqual([
      { principal: roleArn, action: "ecr:CreateRepository", allowed: 3, denied: 0 },
      { principal: roleArn, action: "kms:CreateGrant", allowed: 1, denied: 0 },
      { principal: roleArn, action: "kms:DescribeKey", allowed: 1, denied: 1 },
    ]);
  });

  it("let a request tag decide about a creation", async () => {
    const { client } = await startAccount({
      statements: [
        {
          Effect: "Allow",
          Action: ["ecr:CreateRepository", "ecr:TagResource"],
          Resource: "*",
          Condition: {
            "ForAllValues:StringEquals": { "aws:TagKeys": ["owner"] },
            StringLike: { "aws:RequestTag/owner": "team-*" },
          },
        },
      ],
    });
    const create = (repositoryName: string, Key: string, Value: string) =>
      client("role").send(new CreateRepositoryCommand({ repositoryName, tags: [{ Key, Value }] }));

    await expect(create("team-a/web", "owner", "team-a")).resolves.toBeDefined();
    await expect(create("team-a/api", "owner", "nobody")).rejects.toThrow("ecr:CreateRepository");
    await expect(create("team-a/api", "cost", "team-a")).rejects.toThrow("ecr:CreateRepository");
  });
});
