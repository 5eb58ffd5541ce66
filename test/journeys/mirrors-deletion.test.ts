import { DeleteRepositoryCommand, UpdateImageStorageClassCommand } from "@aws-sdk/client-ecr";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestAccount } from "../support/account.ts";
import { newSigner, signatureImage } from "../support/cosign.ts";
import { indexOf, type Part, type TestImage } from "../support/image-parts.ts";
import { type Assemblies, testAssemblies } from "../support/policies.ts";

import {
  deletePrivate,
  newImage,
  POLICY,
  published,
  pushUnseen,
  putBackMarks,
  referrerOf,
  resourceTags,
  sweep,
  unseen,
} from "./mirrors-sweeping.ts";

let assemblies: Assemblies;
let assemblyDir: string;
beforeAll(async () => {
  assemblies = await testAssemblies();
  assemblyDir = await assemblies.of(POLICY);
});
afterAll(() => assemblies[Symbol.asyncDispose]());

describe("retention", () => {
  it("takes old tags with what only they needed, and leaves what a kept index needs", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const [shared, own, newer] = [newImage(), newImage(), newImage()];
    const [old, kept] = [indexOf([shared, own]), indexOf([shared, newer])];
    const [oldSignature, sharedSignature] = [signatureImage([newSigner()], old), signatureImage([newSigner()], shared)];
    const [oldSbom, sharedSbom] = [referrerOf(own), referrerOf(shared)];
    const tagOf = ({ digest }: Part) => `${digest.replace(":", "-")}.sig`;
    await pushUnseen(
      test,
      "keep/web",
      ...[[old, "v1.0.0"] as [TestImage, string]],
      ...([oldSignature, sharedSignature] as const).map(
        (image, index) => [image, tagOf([old, shared][index] ?? old)] as [TestImage, string],
      ),
      ...[oldSbom, sharedSbom].map((image) => [image] as [TestImage]),
    );
    await sweep(test);
    await pushUnseen(test, "keep/web", [kept, "v2.0.0"]);

    // The first one publishes v2.0.0, the second one sees that v1.0.0 is one too many.
    await sweep(test);
    const { counts, told, events } = await sweep(test);

    expect(await published(test, "keep-web")).toEqual({
      "v2.0.0": kept.digest,
      [tagOf(shared)]: sharedSignature.digest,
      "": [shared.digest, newer.digest, sharedSbom.digest].sort(),
    });
    expect(counts).toMatchObject({ requested: 0, dropped: 1, deleted: 0, held: 0, followed: 3, failed: 0 });
    expect(told("public-tag-deleted")).toMatchObject([
      { destination: "keep-web", tag: "v1.0.0", digest: old.digest, cause: "retention" },
      { destination: "keep-web", tag: tagOf(old), digest: oldSignature.digest, cause: "follows" },
    ]);
    expect(events.map((event) => event["detail-type"])).toEqual([
      "Public Tag Deleted",
      "Public Tag Deleted",
      "Mirrors Swept",
    ]);
    expect((await sweep(test)).counts).toMatchObject({ requested: 0, dropped: 0, held: 0 });
  });

  it("leaves an image that a kept index names, and says which", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const child = newImage();
    const index = indexOf([child]);
    await pushUnseen(test, "keep/web", [child, "v1.0.0"]);
    await sweep(test);
    await pushUnseen(test, "keep/web", [index, "v2.0.0"]);
    await sweep(test);

    const { counts, told } = await sweep(test);

    expect(counts).toMatchObject({ dropped: 0, held: 1 });
    expect(told("public-deletion-waits")).toMatchObject([{ tags: ["v1.0.0"] }]);
    expect(await published(test, "keep-web")).toEqual({ "v1.0.0": child.digest, "v2.0.0": index.digest });
  });
});

describe("the deletion of a private tag", () => {
  it("is followed once its grace is over, at most so many tags a run", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const images = [newImage(), newImage(), newImage(), newImage()];
    await pushUnseen(test, "gone/web", ...images.map((image, at) => [image, `v${at}`] as [TestImage, string]));
    await sweep(test);
    await deletePrivate(test, "gone/web", "v0", "v1", "v2");

    const first = await sweep(test);
    const second = await sweep(test);

    expect(first.counts).toMatchObject({ deleted: 2, waiting: 1, deletedByRule: { 2: 2 } });
    expect(first.told("public-tag-deleted")).toMatchObject([
      { tag: "v0", digest: images[0]?.digest, cause: "deletion" },
      { tag: "v1", digest: images[1]?.digest, cause: "deletion" },
    ]);
    expect(second.counts).toMatchObject({ deleted: 1, waiting: 0 });
    expect(await published(test, "gone-web")).toEqual({ v3: images[3]?.digest });
  });

  it("waits for its grace, marked by a resource tag that goes when the tag is back", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const [image, other] = [newImage(), newImage()];
    await pushUnseen(test, "wait/web", [image, "v1"], [other, "v2"]);
    await sweep(test);
    await deletePrivate(test, "wait/web", "v1");

    const first = await sweep(test);
    const marked = await resourceTags(test, "wait-web");
    const second = await sweep(test);

    expect(first.counts).toMatchObject({ deleted: 0, waiting: 1 });
    expect(first.told("public-deletion-waits")).toMatchObject([{ destination: "wait-web", tags: ["v1"] }]);
    expect(Object.keys(marked)).toEqual([
      expect.stringMatching(/^ecr-autopilot:missing:[0-9a-f]{16}$/),
      "ecr-autopilot:source",
    ]);
    expect(second.counts).toMatchObject({ deleted: 0, waiting: 1 });
    expect(second.told("public-deletion-waits")).toEqual([]);
    expect(await resourceTags(test, "wait-web")).toEqual(marked);
    expect(await published(test, "wait-web")).toEqual({ v1: image.digest, v2: other.digest });

    await pushUnseen(test, "wait/web", [image, "v1"]);
    const third = await sweep(test);

    expect(third.counts).toMatchObject({ requested: 0, waiting: 0 });
    expect(await resourceTags(test, "wait-web")).toEqual({ "ecr-autopilot:source": "eu-west-1/wait/web" });
  });

  it("is followed after the time in the mark, and takes the mark away", async () => {
    await using test = await startTestAccount({ assemblyDir });
    await pushUnseen(test, "wait/web", [newImage(), "v1"], [newImage(), "v2"]);
    await sweep(test);
    await deletePrivate(test, "wait/web", "v1");
    await sweep(test);
    await putBackMarks(test, "wait-web", 73);

    const { counts } = await sweep(test);

    expect(counts).toMatchObject({ deleted: 1, waiting: 0 });
    expect(Object.keys(await published(test, "wait-web"))).toEqual(["v2"]);
    expect(await resourceTags(test, "wait-web")).toEqual({ "ecr-autopilot:source": "eu-west-1/wait/web" });
  });

  it("is not seen in a tag that is in the archive", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const [image, other] = [newImage(), newImage()];
    await pushUnseen(test, "gone/web", [image, "v1"], [other, "v2"]);
    await sweep(test);
    const imageId = { imageDigest: image.digest };
    const command = { repositoryName: "gone/web", imageId, targetStorageClass: "ARCHIVE" } as const;
    await unseen(test, () => test.ecr.send(new UpdateImageStorageClassCommand(command)));

    const { counts } = await sweep(test);

    expect(counts).toMatchObject({ deleted: 0, waiting: 0, held: 0, requested: 0 });
    expect(await published(test, "gone-web")).toEqual({ v1: image.digest, v2: other.digest });
  });

  it("is doubted where all tags of a repository are gone, and believed where the repository is", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const [image, other] = [newImage(), newImage()];
    await pushUnseen(test, "gone/web", [image, "v1"], [other, "v2"]);
    await sweep(test);
    await deletePrivate(test, "gone/web", "v1", "v2");

    const doubted = await sweep(test);
    await test.ecr.send(new DeleteRepositoryCommand({ repositoryName: "gone/web", force: true }));
    const believed = await sweep(test);

    expect(doubted.counts).toMatchObject({ deleted: 0, held: 2 });
    expect(doubted.told("public-deletion-waits")).toMatchObject([{ repository: "gone/web", tags: ["v1", "v2"] }]);
    expect(believed.counts).toMatchObject({ repositories: 1, deleted: 2 });
    expect(await published(test, "gone-web")).toEqual({});
  });
});
