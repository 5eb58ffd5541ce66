import { describe, expect, it } from "vitest";
import { parseFault } from "../../local/faults/parse-fault.ts";
import { push } from "../../local/tour/push.ts";
import { readStandards } from "../../local/tour/standards.ts";
import { startTestAccount } from "../support/account.ts";
import { sampleText } from "../support/events.ts";
import { smallImage, targetFor } from "../support/pushing.ts";

describe("the creation of a repository", () => {
  it.each([
    ["is throttled twice", "ecr:CreateRepository=throttle*2"],
    ["fails on the service's side", "ecr:CreateRepository=server-error*2"],
    ["meets a page that is no AWS error", "ecr:CreateRepository=unavailable*2"],
    ["loses its connection before the commit", "ecr:CreateRepository=reset-before*1"],
    ["loses its connection after the commit", "ecr:CreateRepository=reset-after*1"],
    ["is throttled while it reads", "ecr:DescribeRepositories=throttle*2"],
    ["loses the answer to a write", "ecr:PutLifecyclePolicy=reset-after*1"],
  ])("ends in the whole template when it %s", async (_, word) => {
    await using test = await startTestAccount();
    test.account.faults.add(parseFault(word));

    const result = await test.account.invoke("create-repository", [sampleText("push-to-missing-repository")]);
    await test.account.idle();

    expect(result).toEqual({ payload: { batchItemFailures: [] } });
    expect(await readStandards(test.ecr, "team-a/web")).toMatchObject({ missing: [] });
    expect(test.account.faults.list()[0]?.hits).toBeGreaterThan(0);
  });

  it("gives its message back, and no decision that is not true, when the service stays away", async () => {
    await using test = await startTestAccount();
    test.account.faults.add(parseFault("ecr:CreateRepository=server-error"));

    const result = await test.account.invoke("create-repository", [sampleText("push-to-missing-repository")]);

    expect(result).toEqual({ payload: { batchItemFailures: [{ itemIdentifier: "direct-1" }] } });
    expect(test.decisions()).not.toContain("repository-created");
    const failure = test.account.timeline.after(0).find(({ kind }) => kind === "failure");
    expect(failure).toMatchObject({
      what: "ecr-unavailable",
      text: expect.stringContaining("create repository 'team-a/web'"),
    });
  });
});

describe("a mirror", () => {
  it.each([
    ["a download that breaks off", "ecr:DownloadBlob=truncate-blob*3"],
    ["an upload that breaks off", "ecr-public:UploadLayerPart=reset-before*2"],
    ["an upload whose answer is lost", "ecr-public:CompleteLayerUpload=reset-after*1"],
    ["a throttled upload", "ecr-public:InitiateLayerUpload=throttle*2"],
    ["a registry that is away for a moment", "ecr-public:UploadLayerPart=unavailable*2"],
  ])("survives %s, and the public image is the same", async (_, word) => {
    await using test = await startTestAccount();
    test.account.faults.add(parseFault(word));
    const image = smallImage();

    await push(image, await targetFor(test, "team-a/web"));
    await test.decision("image-mirrored", "team-a/web");

    const registry = test.account.context.store.public;
    expect(registry.manifest("team-a-web", "v1.0.0")?.bytes).toEqual(image.root.bytes);
    for (const { digest, bytes } of image.blobs) {
      expect(Buffer.concat(await registry.readBlob("team-a-web", digest).toArray())).toEqual(bytes);
    }
    expect(test.account.faults.list()[0]?.hits).toBeGreaterThan(0);
  });

  it("shows no tag while its layers cannot be written", async () => {
    await using test = await startTestAccount();
    test.account.faults.add(parseFault("ecr-public:UploadLayerPart=server-error"));

    await push(smallImage(), await targetFor(test, "team-a/web"));
    await test.account.timeline.until(
      "the failure",
      { after: 0, timeoutMs: 60_000 },
      ({ kind, who }) => kind === "failure" && who === "mirror-image",
    );

    expect(test.account.context.store.public.tags("team-a-web")).toEqual([]);
  });
});

describe("the published rates", () => {
  it("slow a burst down and lose nothing", async () => {
    await using test = await startTestAccount({ throttle: true });
    const image = smallImage();
    const repositories = Array.from({ length: 3 }, (_, index) => `team-a/burst-${index}`);

    for (const repository of repositories) await push(image, await targetFor(test, repository));
    for (const repository of repositories) await test.decision("image-mirrored", repository);

    const published = test.account.context.store.public.repositories().map(({ name }) => name);
    expect(published).toEqual(["team-a-burst-0", "team-a-burst-1", "team-a-burst-2"]);
  });
});
