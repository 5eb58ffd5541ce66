import { describe, expect, it } from "vitest";
import { toEcrEvent, toStorageClassEvent } from "../../../../local/events/ecr-events.ts";
import type { ImageRecord } from "../../../../local/store/store.ts";
import { outcome, account as place } from "./samples.ts";

const account = { ...place, clock: () => new Date("2026-03-02T08:15:00.900Z") };
const digest = `sha256:${"7".repeat(64)}`;
const image: ImageRecord = {
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  digest,
  size: 500,
  tags: ["latest"],
  pushedAt: new Date(0),
  artifactType: "application/vnd.oci.image.config.v1+json",
  subject: undefined,
  annotations: {},
  contentSize: 1000,
};

describe("toEcrEvent", () => {
  it("tells of a push with its tag", () => {
    const event = toEcrEvent(
      { type: "image-pushed", repository: "team-a/web", image, tag: "latest", movedFrom: undefined },
      account,
    );

    expect(event).toEqual({
      version: "0",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      "detail-type": "ECR Image Action",
      source: "aws.ecr",
      account: "123456789012",
      time: "2026-03-02T08:15:00Z",
      region: "us-west-2",
      resources: [],
      detail: {
        result: "SUCCESS",
        "repository-name": "team-a/web",
        "image-digest": digest,
        "action-type": "PUSH",
        "image-tag": "latest",
        "manifest-media-type": "application/vnd.oci.image.manifest.v1+json",
        "artifact-media-type": "application/vnd.oci.image.config.v1+json",
      },
    });
  });

  it("has no image-tag for a push by digest, and no artifact-media-type for what has none", () => {
    const index = { ...image, mediaType: "application/vnd.oci.image.index.v1+json", artifactType: undefined };
    const event = toEcrEvent(
      { type: "image-pushed", repository: "team-a/web", image: index, tag: undefined, movedFrom: undefined },
      account,
    );

    expect(event?.detail).toEqual({
      result: "SUCCESS",
      "repository-name": "team-a/web",
      "image-digest": digest,
      "action-type": "PUSH",
      "manifest-media-type": "application/vnd.oci.image.index.v1+json",
    });
  });

  it("tells of a deletion", () => {
    const event = toEcrEvent({ type: "image-deleted", repository: "team-a/web", image, tag: "latest" }, account);

    expect(event?.detail).toMatchObject({ "action-type": "DELETE", "image-tag": "latest", "image-digest": digest });
  });

  it("says nothing of repositories", () => {
    const repository = {
      name: "x",
      createdAt: new Date(0),
      tagRule: { tags: "mutable", except: [] },
      settings: {},
    } as const;

    expect(toEcrEvent({ type: "repository-created", repository }, account)).toBeUndefined();
  });
});

describe("toStorageClassEvent", () => {
  const time = new Date("2026-03-02T08:15:00.900Z");
  const told = (
    targetStorageClass: string,
    { more = {}, found = image }: { more?: object; found?: ImageRecord } = {},
  ) =>
    toStorageClassEvent(
      outcome(
        { operation: "UpdateImageStorageClass", parameters: { repositoryName: "team-a/web", targetStorageClass } },
        {
          time,
          error: undefined,
          response: { repositoryName: "team-a/web", imageId: { imageDigest: digest } },
          ...more,
        },
      ),
      { ...place, store: { private: { image: (_, asked) => (asked === digest ? found : undefined) } } },
    );

  it("tells that an image went to the archive", () => {
    expect(told("ARCHIVE")).toMatchObject({
      "detail-type": "ECR Image Action",
      source: "aws.ecr",
      time: "2026-03-02T08:15:00Z",
      resources: [],
    });
    expect(told("ARCHIVE")?.detail).toEqual({
      "action-type": "UPDATE_STORAGE_CLASS",
      "target-storage-class": "ARCHIVE",
      "image-digest": digest,
      "repository-name": "team-a/web",
      result: "SUCCESS",
      "manifest-media-type": "application/vnd.oci.image.manifest.v1+json",
      "artifact-media-type": "application/vnd.oci.image.config.v1+json",
    });
  });

  it("tells when an image came back, and of a referrer as such", () => {
    expect(told("STANDARD")).toMatchObject({
      "detail-type": "ECR Image Action",
      detail: { "target-storage-class": "STANDARD", "last-activated-at": "2026-03-02T08:15:00.900Z" },
    });
    const found = { ...image, subject: `sha256:${"8".repeat(64)}` };
    expect(told("STANDARD", { found })).toMatchObject({ "detail-type": "ECR Referrer Action" });
    expect(told("ARCHIVE", { found })).toMatchObject({ "detail-type": "ECR Image Action" });
  });

  it("says nothing of a call that failed, and of other calls", () => {
    const error = { code: "ImageNotFoundException", message: "" };
    expect(told("ARCHIVE", { more: { error, response: null } })).toBeUndefined();
    expect(toStorageClassEvent(outcome(), { ...place, store: { private: { image: () => image } } })).toBeUndefined();
  });
});
