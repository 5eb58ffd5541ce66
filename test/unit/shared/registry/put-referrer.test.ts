import { describe, expect, it, vi } from "vitest";
import { descriptorOf, type Part, partOf, TYPE } from "../../../support/image-parts.ts";
import { ociError } from "../../../support/scripted-faults.ts";
import type { ScriptedRegistry } from "../../../support/scripted-registry.ts";
import {
  API,
  askedByApi,
  config,
  holdTagged,
  image,
  listOf,
  readByTag,
  referrer,
  sbom,
  signature,
  startWithImage,
  TAG,
  TAGGED,
  told,
} from "./referrers-set-up.ts";
import { clientOf } from "./set-up.ts";

const BY_DIGEST = /\/manifests\/sha256:/;
const SUBJECT_SEEN = { "oci-subject": image.digest };
const writtenByTag = `PUT a/manifests/${TAG}`;
const writtenByDigest = (part: Part) => `PUT a/manifests/${part.digest.slice(7, 13)}`;
const tagged = (registry: ScriptedRegistry) =>
  JSON.parse(String(registry.repository("a").manifests.get(TAG)?.bytes)) as { manifests: { digest: string }[] };

describe("a referrer that is written", () => {
  it("goes by its digest, and that is all where the registry has seen the subject and has the API", async () => {
    const registry = await startWithImage();
    registry.on("PUT", BY_DIGEST, { answer: 201, headers: SUBJECT_SEEN });
    registry.on("GET", API, { answer: 200, body: listOf([]) });

    await clientOf(registry).putReferrer("a", signature, image.digest);

    expect(registry.lines()).toEqual([writtenByDigest(signature), askedByApi]);
  });

  it("is listed under the tag where the registry claims to have seen the subject, and has no API", async () => {
    const registry = await startWithImage();
    registry.repository("a").manifests.set(signature.digest, signature);
    registry.on("PUT", BY_DIGEST, { answer: 201, headers: SUBJECT_SEEN });

    await clientOf(registry).putReferrer("a", signature, image.digest);

    expect(tagged(registry).manifests.map(({ digest }) => digest)).toEqual([signature.digest]);
  });

  it("is listed under the tag where the registry says nothing of the subject", async () => {
    const registry = await startWithImage();

    await clientOf(registry).putReferrer("a", signature, image.digest);

    expect(registry.lines()).toEqual([writtenByDigest(signature), readByTag, writtenByTag, readByTag]);
    expect(registry.repository("a").manifests.get(TAG)).toMatchObject({ mediaType: TYPE.index });
    expect(tagged(registry)).toEqual({
      schemaVersion: 2,
      mediaType: TYPE.index,
      manifests: [{ ...descriptorOf(signature), artifactType: "application/vnd.example.signature" }],
    });
    expect(await clientOf(registry).listReferrers("a", image.digest)).toEqual(told(signature));
  });

  it.each([
    ["the type of its config, without one of its own", {}, { artifactType: config.mediaType }],
    ["the type of its config, for an empty one", { artifactType: "" }, { artifactType: config.mediaType }],
    [
      "its annotations",
      { artifactType: "text/x", annotations: { "org.example/by": "us" } },
      { artifactType: "text/x", annotations: { "org.example/by": "us" } },
    ],
  ])("is told with %s", async (_, more, expected) => {
    const registry = await startWithImage();
    const part = referrer(more);

    await clientOf(registry).putReferrer("a", part, image.digest);

    expect(tagged(registry).manifests).toEqual([{ ...descriptorOf(part), ...expected }]);
  });

  it("that is an index has no type but its own", async () => {
    const registry = await startWithImage();
    const index = partOf(listOf([], { subject: descriptorOf(image) }), TYPE.index);

    await clientOf(registry).putReferrer("a", index, image.digest);

    expect(tagged(registry).manifests).toEqual([descriptorOf(index)]);
  });

  it("keeps what the list holds, what is unknown too", async () => {
    const registry = await startWithImage();
    const other = { ...descriptorOf(sbom), platform: { os: "linux" }, "x-unknown": [1] };
    holdTagged(registry, listOf([other], { annotations: { kept: "yes" }, "x-more": 1 }), sbom);

    await clientOf(registry).putReferrer("a", signature, image.digest);

    expect(tagged(registry)).toMatchObject({ annotations: { kept: "yes" }, "x-more": 1 });
    expect(tagged(registry).manifests).toEqual([other, expect.objectContaining(descriptorOf(signature))]);
  });

  it("twice is listed once, and the list is not written again", async () => {
    const registry = await startWithImage();
    const client = clientOf(registry);
    await client.putReferrer("a", signature, image.digest);
    registry.requests.length = 0;

    await client.putReferrer("a", signature, image.digest);

    expect(registry.lines()).toEqual([writtenByDigest(signature), readByTag]);
    expect(tagged(registry).manifests).toHaveLength(1);
  });

  it("together with another one, by two writers, ends in a list of both", async () => {
    const registry = await startWithImage();
    // Both have read the list before either writes it, and both have written it before either reads it again.
    const reads = () => registry.lines().filter((line) => line === readByTag).length;
    const writes = () => registry.lines().filter((line) => line === writtenByTag).length;
    registry.on("GET", TAGGED, { until: vi.waitFor(() => expect(reads()).toBe(2)) }, 2);
    const pause = () => vi.waitFor(() => expect(writes()).toBeGreaterThanOrEqual(2));

    await Promise.all([
      clientOf(registry, { pause }).putReferrer("a", signature, image.digest),
      clientOf(registry, { pause }).putReferrer("a", sbom, image.digest),
    ]);

    expect(writes()).toBe(3);
    expect(
      tagged(registry)
        .manifests.map(({ digest }) => digest)
        .sort(),
    ).toEqual([signature.digest, sbom.digest].sort());
  });

  it("is given up, for now, when others undo its entry each time", async () => {
    const registry = await startWithImage();
    const first = () => holdTagged(registry, listOf(told(sbom)), sbom);
    registry.on("GET", TAGGED, { first }, 100);

    await expect(clientOf(registry).putReferrer("a", signature, image.digest)).rejects.toMatchObject({
      code: "registry-referrers-contended",
      permanent: false,
      message: `'a:${TAG}' loses ${signature.digest} to others`,
    });
    expect(registry.lines().filter((line) => line === writtenByTag)).toHaveLength(5);
  });

  it("never overwrites what else stands under the tag", async () => {
    const registry = await startWithImage();
    registry.repository("a").manifests.set(TAG, image);

    await expect(clientOf(registry).putReferrer("a", signature, image.digest)).rejects.toMatchObject({
      code: "registry-referrers-tag-taken",
      permanent: true,
      message: `'a:${TAG}' is no list of referrers`,
    });
    expect(registry.lines()).not.toContain(writtenByTag);
  });

  it("is raised when it is refused, and no list is touched", async () => {
    const registry = await startWithImage();
    registry.on("PUT", BY_DIGEST, { answer: 405, body: ociError("UNSUPPORTED", "Invalid parameter") });

    await expect(clientOf(registry).putReferrer("a", signature, image.digest)).rejects.toMatchObject({
      code: "registry-refused",
      message: expect.stringContaining("status 405 UNSUPPORTED: Invalid parameter"),
    });
    expect(registry.requests).toHaveLength(1);
  });

  it("is raised when its list may not be read, and no new list is begun", async () => {
    const registry = await startWithImage();
    registry.on("GET", TAGGED, { answer: 403, body: ociError("DENIED", "no") });

    await expect(clientOf(registry).putReferrer("a", signature, image.digest)).rejects.toMatchObject({
      code: "registry-denied",
    });
    expect(registry.lines()).not.toContain(writtenByTag);
  });
});
