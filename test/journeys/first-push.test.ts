import { DescribeRepositoriesCommand, DescribeRepositoryCreationTemplatesCommand } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { PushRefused, push } from "../../local/tour/push.ts";
import { readStandards } from "../../local/tour/standards.ts";
import { startTestAccount } from "../support/account.ts";
import { smallImage, targetFor } from "../support/pushing.ts";

const image = smallImage();

describe("the first push to a repository that does not exist", () => {
  it("succeeds, since the policy's templates stand in ECR from the deployment on", async () => {
    await using test = await startTestAccount();

    const { repositoryCreationTemplates } = await test.ecr.send(new DescribeRepositoryCreationTemplatesCommand({}));
    const pushed = await push(image, await targetFor(test, "team-a/first"));

    expect(repositoryCreationTemplates?.map(({ prefix, appliedFor }) => [prefix, appliedFor])).toEqual([
      ["team-a", ["CREATE_ON_PUSH", "PULL_THROUGH_CACHE", "REPLICATION"]],
    ]);
    expect(pushed.writtenManifests).toBe(3);
  });

  it.each([true, false])(
    "ends in the whole template when ECR's own creation is on the trail: %s",
    async (createOnPushInTrail) => {
      await using test = await startTestAccount({ createOnPushInTrail });

      await push(image, await targetFor(test, "team-a/standard"));
      await test.decision("repository-brought-to-standard", "team-a/standard");

      expect(await readStandards(test.ecr, "team-a/standard")).toMatchObject({ missing: [] });
    },
  );

  it("is refused in ECR's words where ECR creates nothing, and succeeds once the event has made the repository", async () => {
    await using test = await startTestAccount({ createOnPush: false });
    const target = await targetFor(test, "team-a/second");

    const refused = await push(image, target).catch((error: unknown) => error);
    await test.decision("repository-created", "team-a/second");
    await push(image, target);
    await test.account.idle();

    expect(refused).toBeInstanceOf(PushRefused);
    expect(refused).toMatchObject({
      status: 404,
      code: "NAME_UNKNOWN",
      message: `The repository with name 'team-a/second' does not exist in the registry with id '${test.account.accountId}'`,
    });
    expect(await readStandards(test.ecr, "team-a/second")).toMatchObject({ missing: [] });
  });

  it("makes one repository and no failure when many layers meet it at once", async () => {
    await using test = await startTestAccount({ createOnPush: false });
    const target = await targetFor(test, "team-a/many");
    const start = () =>
      fetch(`${target.registry}/v2/team-a/many/blobs/uploads/`, {
        method: "POST",
        headers: { authorization: target.authorization },
      });

    const statuses = (await Promise.all(Array.from({ length: 8 }, start))).map(({ status }) => status);
    await test.decision("repository-created", "team-a/many");
    await test.account.idle();
    const { repositories } = await test.ecr.send(new DescribeRepositoriesCommand({}));

    expect(statuses).toEqual(Array(8).fill(404));
    expect(repositories?.map(({ repositoryName }) => repositoryName)).toEqual(["team-a/many"]);
    expect(test.decisions().filter((decision) => decision === "repository-created")).toHaveLength(1);
    expect(test.account.timeline.after(0).filter(({ kind }) => kind === "failure")).toEqual([]);
    expect(test.account.deadLetters()).toBe(0);
  });

  it("outside every template is refused, on record, and makes nothing", async () => {
    await using test = await startTestAccount();

    const refused = await push(image, await targetFor(test, "nobody/knows")).catch((error: unknown) => error);
    const decision = await test.decision("repository-refused", "nobody/knows");

    expect(refused).toMatchObject({ status: 404, code: "NAME_UNKNOWN" });
    expect(decision.text).toContain("no template of the policy covers 'nobody/knows'");
    expect((await test.ecr.send(new DescribeRepositoriesCommand({}))).repositories).toEqual([]);
  });

  it("of a name that no registry takes is refused with the rule, and makes nothing", async () => {
    await using test = await startTestAccount();
    const target = await targetFor(test, "Team-A/Web");

    const response = await fetch(`${target.registry}/v2/Team-A/Web/blobs/uploads/`, {
      method: "POST",
      headers: { authorization: target.authorization },
    });

    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect((await test.ecr.send(new DescribeRepositoriesCommand({}))).repositories).toEqual([]);
  });
});
