import { UpdateImageStorageClassCommand } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { describeImage, getManifestsByTag, listImages, listReferrers } from "#shared/ecr/images.ts";
import { digestOf, ociIndex } from "../../local/ecr/image-content.ts";
import { awsError, startScriptedEcr, success } from "./scripted-ecr.ts";
import { recorded, repository, startWithRepositories } from "./stored-images.ts";

const absent = `sha256:${"0".repeat(64)}`;
const found = { imageDigest: absent, imageTags: ["v1"] };

async function start() {
  const started = await startWithRepositories();
  const { ecr } = started;
  const archive = (imageDigest: string) =>
    ecr.send(
      new UpdateImageStorageClassCommand({
        repositoryName: repository,
        imageId: { imageDigest },
        targetStorageClass: "ARCHIVE",
      }),
    );
  return { ...started, archive };
}

describe("a private image", () => {
  it("is described by tag and by digest, with one call", async () => {
    const { ecr, put } = await start();
    const subject = await put("private", { number: 1 });
    const digest = await put("private", { tag: "v1", subject });
    const operations = recorded(ecr);

    for (const image of [{ tag: "v1" }, { digest }]) {
      expect(await describeImage(ecr, repository, image)).toEqual({
        digest,
        tags: ["v1"],
        pushedAt: expect.any(Date),
        archived: false,
        subject,
        sizeBytes: 0,
        mediaType: ociIndex,
      });
    }
    expect(operations).toEqual(["DescribeImages", "DescribeImages"]);
  });

  it("is described from the archive too", async () => {
    const { ecr, put, archive } = await start();
    const digest = await put("private", { tag: "v1" });
    await archive(digest);

    expect(await describeImage(ecr, repository, { tag: "v1" })).toMatchObject({ digest, archived: true });
  });

  it.each(["ARCHIVED", "ACTIVATING"])(
    "cannot be pulled while it is %s, whatever brings it to light",
    async (imageStatus) => {
      const { ecr } = await startScriptedEcr(success({ imageDetails: [{ ...found, imageStatus }] }));

      expect(await describeImage(ecr, repository, { tag: "v1" })).toMatchObject({ archived: true });
    },
  );

  it("is found in the archive where it is left out and not refused", async () => {
    const { ecr, operations } = await startScriptedEcr(
      success({ imageDetails: [] }),
      success({ imageDetails: [{ ...found, imageStatus: "ARCHIVED" }] }),
    );

    expect(await describeImage(ecr, repository, { tag: "v1" })).toMatchObject({ digest: absent, archived: true });
    expect(operations).toHaveLength(2);
  });

  it("is not there where the filter for the archive is refused beside its id", async () => {
    const { ecr } = await startScriptedEcr(awsError("ImageNotFoundException"), awsError("InvalidParameterException"));

    expect(await describeImage(ecr, repository, { tag: "v1" })).toBeUndefined();
  });

  it("is not taken for missing where the look into the archive is denied", async () => {
    const { ecr } = await startScriptedEcr(awsError("ImageNotFoundException"), awsError("AccessDeniedException"));

    await expect(describeImage(ecr, repository, { tag: "v1" })).rejects.toMatchObject({ code: "ecr-denied" });
  });

  it("is undefined without image or repository", async () => {
    const { ecr } = await start();

    expect(await describeImage(ecr, repository, { tag: "v1" })).toBeUndefined();
    expect(await describeImage(ecr, repository, { digest: absent })).toBeUndefined();
    expect(await describeImage(ecr, "team/none", { tag: "v1" })).toBeUndefined();
  });

  it("cannot have a tag that is none", async () => {
    const { ecr } = await start();

    await expect(describeImage(ecr, repository, { tag: "not a tag" })).rejects.toMatchObject({
      code: "ecr-invalid",
      permanent: true,
      message: expect.stringMatching(
        /^could not describe image 'not a tag' of 'team\/app': InvalidParameterException: /,
      ),
    });
  });
});

describe("the list of private images", () => {
  it("has those with tags, page by page", async () => {
    const { ecr, put } = await start();
    const numbers = Array.from({ length: 1001 }, (_, number) => number);
    const digests: string[] = [];
    for (const number of numbers) digests.push(await put("private", { number, tag: `v${number}` }));
    await put("private", { number: 1001 });
    const operations = recorded(ecr);

    const images = await Array.fromAsync(listImages(ecr, repository));

    expect(images.map(({ digest }) => digest).sort()).toEqual(digests.sort());
    expect(operations).toEqual(["DescribeImages", "DescribeImages"]);
  });

  it("has archived ones for those alone who ask for them", async () => {
    const { ecr, put, archive } = await start();
    const active = await put("private", { tag: "v1" });
    const archived = await put("private", { number: 1, tag: "v2" });
    await archive(archived);
    const list = async (options?: { archived: boolean }) =>
      (await Array.fromAsync(listImages(ecr, repository, options))).map(({ digest }) => digest);

    expect(await list()).toEqual([active]);
    expect(await list({ archived: true })).toEqual([active, archived].sort());
  });

  it("has those without a tag for those alone who ask for them", async () => {
    const { ecr, put } = await start();
    const tagged = await put("private", { tag: "v1" });
    const referrer = await put("private", { number: 1, subject: tagged });

    const all = await Array.fromAsync(listImages(ecr, repository, { untagged: true }));

    expect(all.map(({ digest, tags, subject }) => [digest, tags, subject]).sort()).toEqual(
      [
        [tagged, ["v1"], undefined],
        [referrer, [], tagged],
      ].sort(),
    );
  });

  it("is no empty list without the repository", async () => {
    const { ecr } = await start();

    await expect(Array.fromAsync(listImages(ecr, "team/none"))).rejects.toMatchObject({
      code: "ecr-not-found",
      permanent: false,
    });
  });
});

describe("the referrers of a private image", () => {
  it("come with every page, archived ones left out", async () => {
    const { ecr, put, archive } = await start();
    const subject = await put("private", { tag: "v1" });
    const digests: string[] = [];
    for (let number = 1; number <= 51; number++) digests.push(await put("private", { number, subject }));
    await archive(digests.pop() ?? "");
    digests.push(await put("private", { number: 52, subject }));
    const operations = recorded(ecr);

    const referrers = await listReferrers(ecr, repository, subject);

    expect(referrers.map(({ digest }) => digest).sort()).toEqual(digests.sort());
    expect(referrers[0]).toEqual({
      digest: expect.any(String),
      mediaType: ociIndex,
      size: expect.any(Number),
      artifactType: undefined,
    });
    expect(operations).toEqual(["ListImageReferrers", "ListImageReferrers"]);
  });

  it("are none where nothing refers to it", async () => {
    const { ecr } = await start();

    expect(await listReferrers(ecr, repository, absent)).toEqual([]);
  });

  it.each(["UnsupportedCommandException", "UnknownOperationException"])("are not known with %s", async (name) => {
    const { ecr } = await startScriptedEcr(awsError(name));

    await expect(listReferrers(ecr, repository, absent)).rejects.toMatchObject({
      code: "ecr-unsupported",
      permanent: true,
    });
  });
});

describe("manifests by tag", () => {
  it("are those that are there, a hundred tags a call", async () => {
    const { ecr, put } = await start();
    const tags = Array.from({ length: 101 }, (_, index) => `v${index}`);
    for (const tag of tags) await put("private", { tag });
    const other = await put("private", { number: 1, tag: "other" });
    const operations = recorded(ecr);

    const manifests = await getManifestsByTag(ecr, repository, [...tags, "missing", "other"]);

    expect([...manifests.keys()].sort()).toEqual([...tags, "other"].sort());
    const { digest, mediaType, bytes } = manifests.get("other") ?? expect.fail("no manifest");
    expect({ digest, mediaType }).toEqual({ digest: other, mediaType: ociIndex });
    expect(digestOf(bytes)).toBe(other);
    expect(operations).toEqual(["BatchGetImage", "BatchGetImage"]);
  });

  it("are none of an archived image, and none without the repository", async () => {
    const { ecr, put, archive } = await start();
    await archive(await put("private", { tag: "v1" }));

    expect(await getManifestsByTag(ecr, repository, ["v1"])).toEqual(new Map());
    expect(await getManifestsByTag(ecr, "team/none", ["v1"])).toEqual(new Map());
  });

  it("are asked for by nobody without tags", async () => {
    const { ecr } = await start();
    const operations = recorded(ecr);

    expect(await getManifestsByTag(ecr, repository, [])).toEqual(new Map());
    expect(operations).toEqual([]);
  });

  it("must be what their digests say", async () => {
    const imageId = { imageDigest: absent, imageTag: "v1" };
    const { ecr } = await startScriptedEcr(success({ images: [{ imageId, imageManifest: "{}" }], failures: [] }));

    await expect(getManifestsByTag(ecr, repository, ["v1"])).rejects.toMatchObject({
      code: "digest-mismatch",
      permanent: true,
      message: `ECR gave the manifest ${digestOf("{}")} for the image ${absent} of 'team/app:v1'`,
    });
  });

  it.each([
    ["KmsError", "ecr-kms", true],
    ["InvalidImageTag", "ecr-invalid", true],
    ["ImageInaccessible", "ecr-image-failure", false],
    ["UpstreamUnavailable", "ecr-image-failure", false],
    ["SomethingNew", "ecr-image-failure", false],
  ])("are not taken for missing with the failure %s", async (failureCode, code, permanent) => {
    const failures = [
      { imageId: { imageTag: "v1" }, failureCode: "ImageNotFound", failureReason: "not found" },
      { imageId: { imageTag: "v2" }, failureCode, failureReason: "told by the test" },
    ];
    const { ecr } = await startScriptedEcr(success({ images: [], failures }));

    await expect(getManifestsByTag(ecr, repository, ["v1", "v2"])).rejects.toMatchObject({
      code,
      permanent,
      message: `could not get manifests of 'team/app': ${failureCode}: told by the test ('v2')`,
    });
  });
});
