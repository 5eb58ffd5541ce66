import { describe, expect, it } from "vitest";
import { paced } from "#shared/ecr/paced.ts";
import { describeRepository, listRepositories, putScanOnPush } from "#shared/ecr/repositories.ts";
import type { Limiter } from "#shared/pacing/limiter.ts";
import { type Answer, awsError, startScriptedEcr, success } from "./scripted-ecr.ts";

/** A limiter that keeps what it is asked, and lets through as the test says. */
function recordingLimiter(turn: () => Promise<void> = async () => {}) {
  const asked: string[] = [];
  const limiter: Limiter = {
    take: async () => {
      asked.push("take");
      await turn();
    },
    throttled: () => void asked.push("throttled"),
  };
  return { limiter, asked };
}

const none = success({ repositories: [] });

describe("a paced client", () => {
  it("is held before each call", async () => {
    const { ecr } = await startScriptedEcr(none);
    const { limiter, asked } = recordingLimiter();
    const client = paced(ecr, () => limiter);

    await listRepositories(client, { size: 10 });
    await describeRepository(client, "a/web");

    expect(client).toBe(ecr);
    expect(asked).toEqual(["take", "take"]);
  });

  it("sends nothing before the limiter lets it", async () => {
    const { ecr, operations } = await startScriptedEcr(none);
    const held = Promise.withResolvers<void>();
    const { limiter, asked } = recordingLimiter(() => held.promise);

    const call = listRepositories(
      paced(ecr, () => limiter),
      { size: 10 },
    );
    await expect.poll(() => asked).toEqual(["take"]);
    expect(operations).toEqual([]);
    held.resolve();
    await call;

    expect(operations).toEqual(["DescribeRepositories"]);
  });

  it.each<[string, Answer, string[]]>([
    ["a throttle, of which the limiter is told", awsError("ThrottlingException"), ["take", "throttled", "take"]],
    ["429", awsError("TooManyRequestsException", 429), ["take", "throttled", "take"]],
    ["500, which is no throttle", awsError("ServerException", 500), ["take", "take"]],
  ])("is held again before the SDK tries again after %s", async (_what, answer, expected) => {
    const { ecr, operations } = await startScriptedEcr(answer, none);
    const { limiter, asked } = recordingLimiter();

    await listRepositories(
      paced(ecr, () => limiter),
      { size: 10 },
    );

    expect(asked).toEqual(expected);
    expect(operations).toHaveLength(2);
  });

  it("tells of each throttle, and raises the last", async () => {
    const { ecr } = await startScriptedEcr(awsError("ThrottlingException"));
    const { limiter, asked } = recordingLimiter();

    await expect(
      listRepositories(
        paced(ecr, () => limiter),
        { size: 10 },
      ),
    ).rejects.toMatchObject({ code: "ecr-throttled" });

    expect(asked).toEqual(["take", "throttled", "take", "throttled", "take", "throttled"]);
  });

  it("leaves errors that are outcomes as they are", async () => {
    const { ecr } = await startScriptedEcr(awsError("RepositoryNotFoundException"));
    const { limiter, asked } = recordingLimiter();

    expect(
      await putScanOnPush(
        paced(ecr, () => limiter),
        "a/web",
        true,
      ),
    ).toBe(false);
    expect(asked).toEqual(["take"]);
  });

  it("asks for the limiter by the operation's name, and holds no operation that has none", async () => {
    const { ecr } = await startScriptedEcr(none, success({}));
    const { limiter, asked } = recordingLimiter();
    const operations: string[] = [];
    const client = paced(ecr, (operation) => {
      operations.push(operation);
      return operation === "PutImageScanningConfiguration" ? limiter : undefined;
    });

    await listRepositories(client, { size: 10 });
    await putScanOnPush(client, "a/web", true);

    expect(operations).toEqual(["DescribeRepositories", "PutImageScanningConfiguration"]);
    expect(asked).toEqual(["take"]);
  });
});
