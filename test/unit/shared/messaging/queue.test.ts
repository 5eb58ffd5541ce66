import { afterEach, describe, expect, it, vi } from "vitest";
import { createQueueClient } from "#shared/messaging/clients.ts";
import { createQueue } from "#shared/messaging/queue.ts";
import { bodies } from "../../local/queues/set-up.ts";
import { startSqs, url } from "../../local/queues/start-sqs.ts";

async function start(options: Parameters<typeof startSqs>[0] = {}, queue = "jobs") {
  const sqs = await startSqs(options);
  const { accessKeyId, secretAccessKey } = sqs.user;
  vi.stubEnv("AWS_REGION", "eu-west-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", secretAccessKey);
  vi.stubEnv("AWS_SESSION_TOKEN", undefined);
  // The queue's URL is one of AWS: were the client to go by it, this test would leave the machine.
  vi.stubEnv("AWS_ENDPOINT_URL_SQS", sqs.endpoint);
  const client = createQueueClient();
  return { ...sqs, queue: createQueue(client, url(queue)) };
}

afterEach(() => void vi.unstubAllEnvs());

describe("a message to a queue", () => {
  it("is received as it was sent", async () => {
    const { queue, jobs } = await start();

    await queue.send('{"prefix":"ä"}');

    expect(await bodies(jobs)).toEqual(['{"prefix":"ä"}']);
  });

  it("waits as long as it is told to", async () => {
    const { queue, jobs, clock } = await start();

    await queue.send("later", { delaySeconds: 60 });

    expect(await bodies(jobs)).toEqual([]);
    clock.advance(60_000);
    expect(await bodies(jobs)).toEqual(["later"]);
  });

  it("that is refused is an error that sends the work back to its own queue", async () => {
    const { queue } = await start({}, "nobody");

    await expect(queue.send("x")).rejects.toMatchObject({
      code: "message-not-sent",
      permanent: false,
      message: `could not send a message to ${url("nobody")}: QueueDoesNotExist: The specified queue does not exist.`,
      cause: expect.any(Error),
    });
  });
});
