import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildImage, type IndexImage } from "../../local/tour/image.ts";
import { push } from "../../local/tour/push.ts";
import { startTestAccount, type TestAccount } from "../support/account.ts";
import { isInstalled, run } from "../support/command.ts";

describe.runIf(isInstalled("aws"))("the aws command line", () => {
  let test: TestAccount;
  let directory: string;
  let image: IndexImage;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-aws-"));
    test = await startTestAccount();
    image = buildImage({ platforms: ["linux/amd64"], layersPerPlatform: 1, layerBytes: 10_000 });
  });

  afterAll(async () => {
    await test?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  /** As a user of the printed endpoints would call it; no profile of this machine plays a part. */
  async function aws(service: "ecr" | "ecr-public", ...args: string[]) {
    const { account } = test;
    const { accessKeyId, secretAccessKey } = account.user("operator");
    const region = service === "ecr" ? account.region : "us-east-1";
    return run(
      "aws",
      [service, ...args, "--endpoint-url", account.endpoints.aws, "--region", region, "--output", "json"],
      {
        HOME: directory,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_PAGER: "",
      },
    );
  }

  it("logs in with a password that the private registry takes for a push", async () => {
    const { code, stdout } = await aws("ecr", "get-login-password");
    const authorization = `Basic ${Buffer.from(`AWS:${stdout.trim()}`).toString("base64")}`;

    const target = {
      registry: test.account.endpoints.privateRegistry,
      repository: "team-a/cli",
      tag: "v1.0.0",
      authorization,
    };
    const pushed = await push(image, target);

    expect(code).toBe(0);
    expect(pushed.writtenManifests).toBe(2);
  });

  it("describes the repository that the push has made", async () => {
    await test.decision("image-mirrored", "team-a/cli");

    const { code, stdout } = await aws("ecr", "describe-repositories", "--repository-names", "team-a/cli");

    expect(code).toBe(0);
    expect(JSON.parse(stdout).repositories).toEqual([
      expect.objectContaining({
        repositoryName: "team-a/cli",
        repositoryUri: `${new URL(test.account.endpoints.privateRegistry).host}/team-a/cli`,
        imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      }),
    ]);
  });

  it("describes the image that was pushed", async () => {
    const { code, stdout } = await aws("ecr", "describe-images", "--repository-name", "team-a/cli");

    expect(code).toBe(0);
    expect(JSON.parse(stdout).imageDetails).toContainEqual(
      expect.objectContaining({ imageDigest: image.root.digest, imageTags: ["v1.0.0"] }),
    );
  });

  it("sets the tag mutability, and finds it put back", async () => {
    const start = test.account.timeline.last();
    const { code, stdout } = await aws(
      "ecr",
      "put-image-tag-mutability",
      "--repository-name",
      "team-a/cli",
      "--image-tag-mutability",
      "MUTABLE",
    );
    await test.decision("drift-put-back", "team-a/cli", start);
    const after = await aws("ecr", "describe-repositories", "--repository-names", "team-a/cli");

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ repositoryName: "team-a/cli", imageTagMutability: "MUTABLE" });
    expect(JSON.parse(after.stdout).repositories[0].imageTagMutability).toBe("IMMUTABLE_WITH_EXCLUSION");
  });

  it("is told in ECR's words that a repository does not exist", async () => {
    const { code, stderr } = await aws("ecr", "describe-images", "--repository-name", "team-a/nowhere");

    expect(code).not.toBe(0);
    expect(stderr).toContain(
      "An error occurred (RepositoryNotFoundException) when calling the DescribeImages operation: " +
        `The repository with name 'team-a/nowhere' does not exist in the registry with id '${test.account.accountId}'`,
    );
  });

  it("describes the public repository and its catalog data", async () => {
    const repositories = await aws("ecr-public", "describe-repositories");
    const catalog = await aws("ecr-public", "get-repository-catalog-data", "--repository-name", "team-a-cli");

    expect(repositories).toMatchObject({ code: 0 });
    expect(JSON.parse(repositories.stdout).repositories).toEqual([
      expect.objectContaining({
        repositoryName: "team-a-cli",
        repositoryUri: `${new URL(test.account.endpoints.publicRegistry).host}/${test.account.publicAlias}/team-a-cli`,
      }),
    ]);
    expect(catalog).toMatchObject({ code: 0 });
    expect(JSON.parse(catalog.stdout)).toHaveProperty("catalogData");
  });
});
