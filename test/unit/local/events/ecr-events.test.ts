import { describe, expect, it } from "vitest";
import { toEcrEvent } from "../../../../local/events/ecr-events.ts";
import type { ImageRecord } from "../../../../local/store/store.ts";
import { account as place } from "./samples.ts";

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
