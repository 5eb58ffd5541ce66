import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isInstalled, run } from "../../../support/command.ts";
import { region } from "../ecr/start-account.ts";
import { startSqs, url } from "./start-sqs.ts";

describe.runIf(isInstalled("aws"))("aws sqs", () => {
  let home: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "aws-sqs-"));
  });

  afterAll(() => rm(home, { recursive: true, force: true }));

  type Sqs = Awaited<ReturnType<typeof startSqs>>;

  /** No profile of this machine plays a part. */
  function aws({ endpoint, user }: Sqs, ...args: string[]) {
    return run("aws", ["sqs", ...args, "--endpoint-url", endpoint, "--region", region, "--output", "json"], {
      HOME: home,
      AWS_ACCESS_KEY_ID: user.accessKeyId,
      AWS_SECRET_ACCESS_KEY: user.secretAccessKey,
      AWS_PAGER: "",
    });
  }

  async function ok(sqs: Sqs, ...args: string[]) {
    const { code, stdout, stderr } = await aws(sqs, ...args);
    if (code !== 0) throw new Error(`aws sqs ${args[0]}: ${stderr}`);
    return stdout === "" ? undefined : JSON.parse(stdout);
  }

  it("sends, receives and deletes a message, and checks its digests", async () => {
    const sqs = await startSqs();
    const queue = ["--queue-url", url("jobs")];
    const attributes = ["--message-attributes", '{"Foo":{"DataType":"String","StringValue":"Bar"}}'];

    expect(await ok(sqs, "get-queue-url", "--queue-name", "jobs")).toEqual({ QueueUrl: url("jobs") });
    await ok(sqs, "send-message", ...queue, "--message-body", "msg", ...attributes);
    const { Messages } = await ok(sqs, "receive-message", ...queue, "--message-attribute-names", "All");
    await ok(sqs, "delete-message", ...queue, "--receipt-handle", Messages[0].ReceiptHandle);

    expect(Messages).toMatchObject([{ Body: "msg", MessageAttributes: { Foo: { StringValue: "Bar" } } }]);
    expect(sqs.jobs.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it("moves dead letters back", async () => {
    const sqs = await startSqs();
    sqs.dead.send({ body: "direct" });
    const arns = [sqs.dead.definition.arn, "--destination-arn", sqs.jobs.definition.arn];

    await ok(sqs, "start-message-move-task", "--source-arn", ...arns);
    const { Results } = await ok(sqs, "list-message-move-tasks", "--source-arn", sqs.dead.definition.arn);

    expect(Results).toMatchObject([{ Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 1 }]);
    expect(sqs.jobs.counts().visible).toBe(1);
  });

  it("knows the error by its older name", async () => {
    const sqs = await startSqs();

    const { code, stderr } = await aws(sqs, "get-queue-attributes", "--queue-url", url("gone"));

    expect(code).not.toBe(0);
    expect(stderr).toContain(
      "An error occurred (AWS.SimpleQueueService.NonExistentQueue) when calling the GetQueueAttributes operation: The specified queue does not exist.",
    );
  });
});
