import { describe, expect, it } from "vitest";
import { parseEnvelope } from "#shared/events/envelope.ts";
import { parseImagePut } from "#shared/events/image-put.ts";
import { parseMirrorRequest } from "#shared/events/mirror-request.ts";
import { mirrorRequested } from "#shared/events/mirror-requested.ts";
import { sample } from "../../../support/events.ts";

const DIGEST = "sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270";

/** The sample with other members of its detail; one that is undefined is taken out. */
function parse(more: Readonly<Record<string, unknown>>) {
  const event = sample("push-recorded");
  return parseImagePut(JSON.parse(JSON.stringify({ ...event, detail: { ...event.detail, ...more } })));
}

describe("a recorded push", () => {
  it("tells repository, tag and caller of the request, and the digest of the answer", () => {
    expect(parse({})).toEqual({
      repository: "team-a/web",
      tag: "v1.0.0",
      digest: DIGEST,
      by: "arn:aws:sts::123456789012:assumed-role/ci/build-4711",
    });
  });

  it("has no tag when the push was by digest", () => {
    expect(parse({ requestParameters: { repositoryName: "team-a/web", imageDigest: DIGEST } })).toMatchObject({
      tag: undefined,
      digest: DIGEST,
    });
  });

  it.each([
    [
      "its account, of a caller from another one",
      { type: "AWSAccount", accountId: "210987654321", invokedBy: "ecr.amazonaws.com" },
      "210987654321",
    ],
    [
      "the service, where one did it itself",
      { type: "AWSService", invokedBy: "replication.ecr.amazonaws.com" },
      "replication.ecr.amazonaws.com",
    ],
  ])("names %s", (_, userIdentity, by) => {
    expect(parse({ userIdentity })?.by).toBe(by);
  });

  it.each([
    ["failed", { errorCode: "ImageAlreadyExistsException" }],
    ["was another call", { eventName: "PutImageTagMutability" }],
    ["was of ECR Public", { eventSource: "ecr-public.amazonaws.com" }],
    [
      "was on another account's registry",
      { requestParameters: { repositoryName: "team-a/web", registryId: "210987654321" } },
    ],
    ["names nobody", { userIdentity: { type: "Unknown" } }],
  ])("is none that %s", (_, more) => {
    expect(parse(more)).toBeUndefined();
  });

  it("is malformed without its answer, and says so", () => {
    expect(() => parse({ responseElements: undefined })).toThrow(
      "not a CloudTrail record of a pushed image: responseElements is missing",
    );
  });
});

describe("a request to mirror", () => {
  it("keeps who pushed, and is one like others unless it says otherwise", () => {
    const push = { by: "alice", digest: DIGEST, tag: "v1" };
    const read = (more: object) => parseMirrorRequest(parseEnvelope(mirrorRequested({ repository: "a", ...more })));

    expect(read({ digest: DIGEST, push })).toMatchObject({ cause: "requested", digest: DIGEST, push });
    expect(read({ cause: "recorded" })).toMatchObject({ cause: "recorded" });
    expect(() => read({ cause: "guessed" })).toThrow(
      'not a request to mirror: cause must be "recorded" or "requested"',
    );
  });
});
