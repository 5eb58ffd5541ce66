import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CUTS } from "../../../infra/sdk-cuts.ts";
import { bundleClients, lambdaEnvironment, loadClients, raised, type Sdk, startService } from "./lean-clients.ts";

let directory: string;
let lean: Sdk;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-left-out-"));
  await bundleClients(directory);
  lean = loadClients(directory);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe("what is left out", () => {
  it.each<[string, Record<string, string | undefined>, string]>([
    ["adaptive retries", { AWS_RETRY_MODE: "adaptive" }, "AdaptiveRetryStrategy"],
    ["a Region from nowhere", { AWS_REGION: undefined }, "getInstanceMetadataRegion"],
    ["another set of defaults", { AWS_DEFAULTS_MODE: "in-region" }, "AWS_DEFAULTS_MODE"],
  ])("says so when it is reached after all: %s", async (_, variables, name) => {
    const { url } = await startService({ body: {} });
    lambdaEnvironment({ AWS_ENDPOINT_URL_ECR: url, ...variables });

    const call = async () => await new lean.ECRClient({}).send(new lean.DescribeRepositoriesCommand({}));
    const error = await raised(call());

    expect(error.message).toBe(`${name} is left out of the bundles; infra/sdk-cuts.ts says why`);
  });

  it.each<[string, object, string]>([
    ["the host of a queue's URL", { md5: false }, "useQueueUrlAsEndpoint"],
    ["the MD5 of a message", { useQueueUrlAsEndpoint: false }, "the MD5 of a message"],
  ])("says so when a client of SQS is made to need it: %s", async (_, options, name) => {
    const { url } = await startService({ body: {} });
    lambdaEnvironment({ AWS_ENDPOINT_URL_SQS: url });
    const send = async () =>
      await new lean.SQSClient(options).send(new lean.SendMessageCommand({ QueueUrl: url, MessageBody: "m" }));

    expect((await raised(send())).message).toBe(`${name} is left out of the bundles; infra/sdk-cuts.ts says why`);
  });

  it("has a reason", () => {
    for (const { why } of CUTS) expect(why).toMatch(/^\S.{10,}[.5]$|https:/);
  });
});
