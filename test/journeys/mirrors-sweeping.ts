/** Repositories with images that no event told of, sweeps of the mirrors over them, and what is public then. */
import { BatchDeleteImageCommand, CreateRepositoryCommand } from "@aws-sdk/client-ecr";
import { DescribeImagesCommand, ListTagsForResourceCommand, TagResourceCommand } from "@aws-sdk/client-ecr-public";
import type { TestAccount } from "../support/account.ts";
import { descriptorOf, imageOf, type Part, partOf, type TestImage, TYPE } from "../support/image-parts.ts";
import { pushParts } from "../support/pushing.ts";

export const POLICY = `version: 1
mirror:
  - source: fill/*
    tags: { include: ["v*"] }
    destination: "fill-{name}"
    immutable: ["v*"]
  - source: keep/*
    tags: { include: ["v*"] }
    destination: "keep-{name}"
    retention: [{ tags: "v*", newest: 1 }]
  - source: gone/*
    tags: { include: ["v*"] }
    destination: "gone-{name}"
    deletion: { graceHours: 0, atMost: 2 }
  - source: wait/*
    tags: { include: ["v*"] }
    destination: "wait-{name}"
    deletion: { graceHours: 72, atMost: 10 }
`;

let made = 0;
export function newImage(): TestImage {
  made += 1;
  return imageOf([partOf(`layer ${made}`)]);
}

/** Something about an image, by its OCI 1.1 subject. */
export function referrerOf(image: Part): TestImage {
  made += 1;
  const config = partOf("{}", "application/vnd.oci.empty.v1+json");
  const layer = partOf(`sbom ${made}`, "text/spdx");
  const text = {
    schemaVersion: 2,
    mediaType: TYPE.image,
    artifactType: "text/spdx",
    config: descriptorOf(config),
    layers: [descriptorOf(layer)],
    subject: descriptorOf(image),
  };
  return { ...partOf(JSON.stringify(text), TYPE.image), blobs: [config, layer], children: [] };
}

/** No event of what happens meanwhile reaches a function. */
export async function unseen(test: TestAccount, work: () => Promise<unknown>): Promise<void> {
  test.account.disturb({ drop: () => true });
  await work();
  test.account.disturb({});
}

/** Pushes images to a new repository, each under its tag, as if they had been there before. */
export async function pushUnseen(
  test: TestAccount,
  repositoryName: string,
  ...images: readonly [TestImage, string?][]
): Promise<void> {
  await unseen(test, async () => {
    await test.ecr.send(new CreateRepositoryCommand({ repositoryName })).catch((error: Error) => {
      if (error.name !== "RepositoryAlreadyExistsException") throw error;
    });
    for (const [image, tag] of images) await pushParts(test, repositoryName, image, tag);
  });
}

export async function deletePrivate(test: TestAccount, repositoryName: string, ...tags: string[]): Promise<void> {
  const imageIds = tags.map((imageTag) => ({ imageTag }));
  await test.ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }));
}

/** A sweep, and whatever it asked of the mirror. */
export async function sweep(test: TestAccount) {
  const after = test.account.timeline.last();
  await test.account.fireSchedule("ReconcileMirrors");
  const swept = await test.account.timeline.until(
    "the end of the sweep",
    { after, timeoutMs: 60_000 },
    ({ what }) => what === "mirrors-swept",
  );
  await test.account.idle();
  const entries = test.account.timeline.after(after);
  const decisions = entries.filter(({ kind }) => kind === "decision");
  return {
    counts: swept.facts,
    told: (decision: string) => decisions.filter(({ what }) => what === decision).map(({ facts }) => facts),
    events: entries
      .filter(({ kind, who }) => kind === "event" && who === "ecr-autopilot")
      .map(({ facts }) => facts.event as { "detail-type": string; detail: Record<string, unknown> }),
  };
}

/** Public tags with their digests; untagged images under "". */
export async function published(test: TestAccount, repositoryName: string): Promise<Record<string, string | string[]>> {
  const { imageDetails = [] } = await test.ecrPublic.send(new DescribeImagesCommand({ repositoryName }));
  const untagged = imageDetails.flatMap(({ imageTags = [], imageDigest = "" }) =>
    imageTags.length === 0 ? [imageDigest] : [],
  );
  const tags = imageDetails.flatMap(({ imageTags = [], imageDigest = "" }) =>
    imageTags.map((tag) => [tag, imageDigest] as const),
  );
  return { ...Object.fromEntries(tags), ...(untagged.length > 0 && { "": untagged.sort() }) };
}

export async function resourceTags(test: TestAccount, name: string): Promise<Record<string, string>> {
  const resourceArn = `arn:aws:ecr-public::${test.account.accountId}:repository/${name}`;
  const { tags = [] } = await test.ecrPublic.send(new ListTagsForResourceCommand({ resourceArn }));
  return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** Makes the marks of a public repository as much older. */
export async function putBackMarks(test: TestAccount, name: string, hours: number): Promise<void> {
  const resourceArn = `arn:aws:ecr-public::${test.account.accountId}:repository/${name}`;
  const marks = Object.entries(await resourceTags(test, name)).filter(([key]) => key.includes(":missing:"));
  const tags = marks.map(([Key, value]) => ({
    Key,
    Value: new Date(Date.parse(value) - hours * 3_600_000).toISOString(),
  }));
  await test.ecrPublic.send(new TagResourceCommand({ resourceArn, tags }));
}
