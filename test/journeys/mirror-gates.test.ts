import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { push } from "../../local/tour/push.ts";
import { startTestAccount, type TestAccount } from "../support/account.ts";
import { newSigner, signatureImage } from "../support/cosign.ts";
import { imageOf, partOf, type TestImage } from "../support/image-parts.ts";
import { type Assemblies, testAssemblies } from "../support/policies.ts";
import { pushParts, smallImage, targetFor } from "../support/pushing.ts";

const signer = newSigner("p256");
const stranger = newSigner("p256");

const POLICY = `version: 1
templates:
  - { prefix: ROOT, createOn: [push] }
mirror:
  - source: scanned/*
    tags: { include: ["v*"] }
    destination: "scanned-{name}"
    gates: { scan: { severity: HIGH } }
  - source: signed/*
    tags: { include: ["v*"] }
    destination: "signed-{name}"
    gates:
      signature:
        keys:
          - name: release
            pem: ${JSON.stringify(signer.pem)}
  - source: fixed/*
    tags: { include: ["*"] }
    destination: "fixed-{name}"
    immutable: ["v*"]
  - source: young/*
    tags: { include: ["*"] }
    destination: "young-{name}"
    gates: { minimumAgeHours: 24 }
  - source: windows/*
    tags: { include: ["*"] }
    destination: "windows-{name}"
    platforms: [windows/amd64]
  - source: open/*
    tags: { include: ["*"], exclude: ["sha256-*"] }
    destination: "open-{name}"
    repository: { description: "All of it", tags: { team: a } }
`;

let assemblies: Assemblies;
let assemblyDir: string;
beforeAll(async () => {
  assemblies = await testAssemblies();
  assemblyDir = await assemblies.of(POLICY);
});
afterAll(() => assemblies[Symbol.asyncDispose]());

let made = 0;
function newImage(): TestImage {
  made += 1;
  return imageOf([partOf(`layer ${made}`)]);
}

/** Digest under a public tag. */
function published({ account }: TestAccount, repository: string, tag: string): string | undefined {
  const { store } = account.context;
  const exists = store.public.repositories().some(({ name }) => name === repository);
  return exists ? store.public.image(repository, tag)?.digest : undefined;
}

/** What mirror-status answers of a repository, or of one tag of it. */
async function stateOf({ account }: TestAccount, repository: string, tag?: string): Promise<unknown> {
  const result = await account.invokeDirect("mirror-status", { repository, ...(tag !== undefined && { tag }) });
  if (!("payload" in result)) throw new Error(JSON.stringify(result.error));
  return result.payload;
}

const sigTag = ({ digest }: { digest: string }) => `${digest.replace(":", "-")}.sig`;

describe("the scan gate", () => {
  it("holds an image back until its scan is there, and lets it go by the scan's own event", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const image = newImage();

    await pushParts(test, "scanned/web", image, "v1");
    const blocked = await test.decision("image-blocked", "scanned/web");
    await test.account.idle();
    const before = published(test, "scanned-web", "v1");
    const waiting = await stateOf(test, "scanned/web");
    await test.account.setScanFindings(
      { repositoryName: "scanned/web", imageDigest: image.digest },
      { findings: [{ name: "CVE-2026-1", severity: "LOW" }] },
    );
    const mirrored = await test.decision("image-mirrored", "scanned/web");
    const done = await stateOf(test, "scanned/web", "v1");
    const nowhere = await stateOf(test, "scanned/none", "v1");

    expect(blocked.facts).toMatchObject({ gate: "scan" });
    expect(before).toBeUndefined();
    expect(waiting).toEqual({
      repository: "scanned/web",
      exists: true,
      states: [
        {
          ...{ tag: "v1", digest: image.digest, destination: "scanned-web", rule: 0, source: "scanned/*" },
          ...{ state: "blocked", gate: "scan", reason: `${image.digest}: the image has no scan yet` },
        },
      ],
    });
    expect(done).toMatchObject({
      states: [{ state: "mirrored", published: image.digest, uri: expect.stringMatching(/\/scanned-web:v1$/) }],
    });
    expect(nowhere).toEqual({ repository: "scanned/none", exists: false, states: [] });
    expect(mirrored.facts).toMatchObject({ gates: ["scan"], tags: ["v1"], digest: image.digest });
    expect(published(test, "scanned-web", "v1")).toBe(image.digest);
  });

  it("lets an index go when the last of its images was scanned", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const image = smallImage();

    await push(image, await targetFor(test, "scanned/many", "v1"));
    await test.decision("image-blocked", "scanned/many");
    for (const { digest } of image.children) {
      await test.account.setScanFindings({ repositoryName: "scanned/many", imageDigest: digest }, { findings: [] });
    }
    await test.decision("image-mirrored", "scanned/many");

    expect(published(test, "scanned-many", "v1")).toBe(image.root.digest);
  });

  it("refuses an image with a finding as severe as the rule names, by log, metric and event", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const image = newImage();
    await pushParts(test, "scanned/bad", image, "v1");
    await test.decision("image-blocked", "scanned/bad");

    await test.account.setScanFindings(
      { repositoryName: "scanned/bad", imageDigest: image.digest },
      { findings: [{ name: "CVE-2026-2", severity: "CRITICAL" }] },
    );
    const refused = await test.decision("image-refused", "scanned/bad");
    await test.account.idle();

    expect(refused).toMatchObject({ facts: { gate: "scan" }, text: expect.stringContaining("CVE-2026-2") });
    expect(published(test, "scanned-bad", "v1")).toBeUndefined();
    const told = test.account.timeline.after(0).flatMap(({ who, what }) => (who === "ecr-autopilot" ? [what] : []));
    expect(told).toEqual(expect.arrayContaining(["Image Blocked", "Image Refused"]));
  });
});

describe("the signature gate", () => {
  it("holds an image back until a signature by one of the keys comes, which then travels with it", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const image = newImage();
    const signature = signatureImage([signer], image);

    await pushParts(test, "signed/web", image, "v1");
    const blocked = await test.decision("image-blocked", "signed/web");
    await pushParts(test, "signed/web", signature, sigTag(image));
    await test.decision("image-mirrored", "signed/web");

    expect(blocked).toMatchObject({ facts: { gate: "signature" }, text: expect.stringContaining("release") });
    expect(published(test, "signed-web", "v1")).toBe(image.digest);
    expect(published(test, "signed-web", sigTag(image))).toBe(signature.digest);
  });

  it("takes a signature that refers to the image by its subject", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const image = newImage();
    const signature = signatureImage([signer], image, { referrer: true });

    await pushParts(test, "signed/oci", image, "v1");
    await test.decision("image-blocked", "signed/oci");
    await pushParts(test, "signed/oci", signature);
    await test.decision("image-mirrored", "signed/oci");

    expect(published(test, "signed-oci", "v1")).toBe(image.digest);
    expect(published(test, "signed-oci", signature.digest)).toBe(signature.digest);
  });

  it("refuses an image that somebody else signed, and one whose signature is for another image", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const [image, other] = [newImage(), newImage()];

    await pushParts(test, "signed/bad", image, "v1");
    await test.decision("image-blocked", "signed/bad");
    await pushParts(test, "signed/bad", signatureImage([stranger], image), sigTag(image));
    await test.decision("image-refused", "signed/bad");
    const start = test.account.timeline.last();
    await pushParts(test, "signed/bad", signatureImage([signer], other), sigTag(image));
    const refused = await test.decision("image-refused", "signed/bad", start);
    await test.account.idle();

    const state = await stateOf(test, "signed/bad");

    expect(state).toMatchObject({
      states: [{ tag: "v1", state: "refused", gate: "signature", reason: expect.stringContaining(other.digest) }],
    });
    expect(refused.text).toContain(other.digest);
    expect(published(test, "signed-bad", "v1")).toBeUndefined();
  });
});

describe("a public tag that the policy holds immutable", () => {
  it("stays what it is when another image is pushed under it, on record with both digests, once", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const [first, second] = [newImage(), newImage()];

    await pushParts(test, "fixed/web", first, "v1");
    await test.decision("image-mirrored", "fixed/web");
    await pushParts(test, "fixed/web", second, "v1");
    const conflict = await test.decision("image-conflict", "fixed/web");
    await test.account.idle();

    expect(conflict.facts).toMatchObject({
      conflicts: [{ tag: "v1", published: first.digest, pushed: second.digest }],
    });
    expect(published(test, "fixed-web", "v1")).toBe(first.digest);
    expect(test.decisions().filter((name) => name === "image-conflict")).toHaveLength(1);
    expect(test.account.deadLetters()).toBe(0);
  });

  it("does not hold a tag of the same image that may move", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const [first, second] = [newImage(), newImage()];
    for (const tag of ["v1", "latest"]) await pushParts(test, "fixed/two", first, tag);
    await test.account.idle();

    for (const tag of ["v1", "latest"]) await pushParts(test, "fixed/two", second, tag);
    await test.account.idle();

    expect(published(test, "fixed-two", "v1")).toBe(first.digest);
    expect(published(test, "fixed-two", "latest")).toBe(second.digest);
  });
});

describe("an image that cannot be published as it is", () => {
  it("is refused on record, by log and by event, once and for that image", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const image = smallImage();

    await push(image, await targetFor(test, "windows/web", "v1"));
    const refused = await test.decision("image-refused", "windows/web");
    await test.account.idle();

    expect(refused).toMatchObject({
      facts: { gate: "image", code: "platform-missing", tag: "v1" },
      text: expect.stringContaining(`the index ${image.root.digest} has no image for windows/amd64`),
    });
    const told = test.account.timeline.after(0).flatMap(({ who, what }) => (who === "ecr-autopilot" ? [what] : []));
    expect(told.filter((what) => what === "Image Refused")).toHaveLength(1);
    expect(test.account.deadLetters()).toBe(0);
  });
});

describe("a minimum age", () => {
  it("holds an image back and says from when on it may go", async () => {
    await using test = await startTestAccount({ assemblyDir });

    await pushParts(test, "young/web", newImage(), "v1");
    const blocked = await test.decision("image-blocked", "young/web");

    expect(blocked).toMatchObject({
      facts: { gate: "minimum-age" },
      text: expect.stringMatching(/may be published from \d{4}-\d\d-\d\dT/),
    });
    expect(published(test, "young-web", "v1")).toBeUndefined();
  });
});

describe("what comes later", () => {
  it("follows an image that is public already: a signature as a tag, and one by its subject", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const image = newImage();
    const [byTag, bySubject] = [signatureImage([signer], image), signatureImage([stranger], image, { referrer: true })];

    await pushParts(test, "open/web", image, "v1");
    await test.decision("image-mirrored", "open/web");
    await test.account.idle();
    await pushParts(test, "open/web", byTag, sigTag(image));
    await pushParts(test, "open/web", bySubject);
    await test.account.idle();

    expect(published(test, "open-web", sigTag(image))).toBe(byTag.digest);
    expect(published(test, "open-web", bySubject.digest)).toBe(bySubject.digest);
  });

  it("is one cheap look, and no write, for an untagged child and for a repository that no rule names", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const image = smallImage();

    await push(image, await targetFor(test, "elsewhere/web"));
    await test.account.idle();

    expect(test.account.context.store.public.repositories()).toEqual([]);
    expect(new Set(test.decisions().filter((name) => name.startsWith("image-")))).toEqual(
      new Set(["image-not-selected"]),
    );
  });
});

describe("a public repository", () => {
  it("is made with what the rule gives it, and remembers where it comes from", async () => {
    await using test = await startTestAccount({ assemblyDir });

    await pushParts(test, "open/made", newImage(), "v1");
    await test.decision("image-mirrored", "open/made");

    const repository = test.account.context.store.public.repositories().find(({ name }) => name === "open-made");
    expect(JSON.stringify(repository?.settings)).toContain('"All of it"');
    expect(repository?.settings.tags).toEqual(
      expect.arrayContaining([
        { Key: "team", Value: "a" },
        { Key: "ecr-autopilot:source", Value: "eu-west-1/open/made" },
      ]),
    );
  });
});
