import {
  BatchGetImageCommand,
  DeregisterPullTimeUpdateExclusionCommand,
  DescribeImagesCommand,
  ListPullTimeUpdateExclusionsCommand,
  RegisterPullTimeUpdateExclusionCommand,
} from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { imageOf } from "./image-content.ts";
import { sharedCalls, startRegistries } from "./registry-apis.ts";
import { accountId, roleArn } from "./start-account.ts";

const arnOf = (name: string) => `arn:aws:iam::${accountId}:role/${name}`;

async function start() {
  const registries = await startRegistries({}, [{ Effect: "Allow", Action: "ecr:*", Resource: "*" }]);
  const { ecr } = registries;
  return {
    registries,
    register: (principalArn: string) => ecr.send(new RegisterPullTimeUpdateExclusionCommand({ principalArn })),
    deregister: (principalArn: string) => ecr.send(new DeregisterPullTimeUpdateExclusionCommand({ principalArn })),
    list: (page: object = {}) => ecr.send(new ListPullTimeUpdateExclusionsCommand(page)),
  };
}

describe("pull time update exclusions", () => {
  it("are registered, listed and taken back", async () => {
    const { register, deregister, list } = await start();
    expect(await register(roleArn)).toMatchObject({ principalArn: roleArn, createdAt: expect.any(Date) });
    expect((await list()).pullTimeUpdateExclusions).toEqual([roleArn]);
    expect(await deregister(roleArn)).toMatchObject({ principalArn: roleArn });
    expect((await list()).pullTimeUpdateExclusions).toEqual([]);
  });

  it("are registered once, and taken back once", async () => {
    const { register, deregister } = await start();
    await register(roleArn);
    await expect(register(roleArn)).rejects.toMatchObject({ name: "ExclusionAlreadyExistsException" });
    await deregister(roleArn);
    await expect(deregister(roleArn)).rejects.toMatchObject({ name: "ExclusionNotFoundException" });
  });

  it("come in pages, and no more than a hundred", async () => {
    const { register, list } = await start();
    const arns = Array.from({ length: 100 }, (_, index) => arnOf(`role-${String(index).padStart(3, "0")}`));
    for (const arn of arns) await register(arn);
    const first = await list({ maxResults: 60 });
    const second = await list({ maxResults: 60, nextToken: first.nextToken });
    expect([...(first.pullTimeUpdateExclusions ?? []), ...(second.pullTimeUpdateExclusions ?? [])]).toEqual(arns);
    expect(second.nextToken).toBeUndefined();
    await expect(register(arnOf("one-more"))).rejects.toMatchObject({ name: "LimitExceededException" });
  });

  it.each([
    "role/governor",
    `arn:aws:sts::${accountId}:assumed-role/governor/session`,
    `arn:aws:iam::${accountId}:role/${"a".repeat(200)}`,
  ])("refuse %s, which names no role and no user", async (arn) => {
    const { register } = await start();
    await expect(register(arn)).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: expect.stringContaining("'principalArn'"),
    });
  });
});

describe("the pull time of an image", () => {
  it("is left by the pulls of an excluded role, whatever its session, and by nobody else's", async () => {
    const { registries, register } = await start();
    const { ecr, client } = registries;
    const { push, repositoryName } = await sharedCalls(registries, "private");
    await push(imageOf(["layer"]), "v1");
    const pull = (by = ecr) => by.send(new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: "v1" }] }));
    const pulledAt = async () =>
      (await ecr.send(new DescribeImagesCommand({ repositoryName }))).imageDetails?.[0]?.lastRecordedPullTime;
    await register(roleArn);

    expect((await pull(client("role"))).images).toHaveLength(1);
    expect(await pulledAt()).toBeUndefined();

    await pull();
    expect(await pulledAt()).toBeInstanceOf(Date);
  });
});
