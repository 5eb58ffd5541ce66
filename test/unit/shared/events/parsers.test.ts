import { describe, expect, it } from "vitest";
import { isEcrCall, parseEcrCall } from "#shared/events/ecr-call.ts";
import { parseEnvelope } from "#shared/events/envelope.ts";
import { isImageAction, parseImageAction } from "#shared/events/image-action.ts";
import { parseMirrorRequest } from "#shared/events/mirror-request.ts";
import { mirrorRequested } from "#shared/events/mirror-requested.ts";
import { sample, sampleText } from "../../../support/events.ts";

describe("the envelope", () => {
  it("refuses a body that is no JSON, without repeating the body", () => {
    const parse = () => parseEnvelope("{ secret: ");

    expect(parse).toThrow(
      expect.objectContaining({
        code: "event-malformed",
        permanent: true,
        message: expect.not.stringContaining("secret"),
      }),
    );
  });

  it("names what is missing", () => {
    const parse = () => parseEnvelope(sampleText("refused-no-envelope"));

    expect(parse).toThrow("not an EventBridge event: id is missing; detail-type is missing; source is missing");
  });
});

describe("what an event carries", () => {
  const parse = (more: object) => () => parseEnvelope(JSON.stringify({ ...sample("image-pushed"), ...more }));

  it("may have members that nobody knows", () => {
    expect(parse({ surprise: 1, detail: { constructor: "x", more: [1] } })()).toMatchObject({ detail: { more: [1] } });
  });

  it("is an object, never a list", () => {
    const event = sample("image-pushed");

    expect(() => parseEnvelope("[]")).toThrow("not an EventBridge event: the event must be a object, not a list");
    expect(parse({ detail: [] })).toThrow("not an EventBridge event: detail must be a object, not a list");
    expect(() =>
      parseEcrCall({ ...event, detail: { ...sample("mutability-changed").detail, userIdentity: [] } }),
    ).toThrow("userIdentity must be a object, not a list");
  });

  it("is told with three breaches at most, and without what was found", () => {
    const wrong = { id: ["secret"], source: 7, account: null, detail: "secret" };

    expect(parse(wrong)).toThrow(
      /^not an EventBridge event: id must be a string, not a list; source must be a string, not a number; account must be a string, not null$/,
    );
  });
});

describe("a request to mirror", () => {
  const event = parseEnvelope(mirrorRequested({ repository: "team-a/web", tag: "v1", rounds: 2 }));
  const request = (more: object) => () => parseMirrorRequest({ ...event, detail: { ...event.detail, ...more } });

  it("is what was sent", () => {
    expect(parseMirrorRequest(event)).toMatchObject({ repository: "team-a/web", tag: "v1", rounds: 2 });
  });

  it("has a finite number of rounds", () => {
    const endless = JSON.parse('{ "rounds": 1e999 }');

    expect(request(endless)).toThrow("not a request to mirror: rounds must be finite");
    expect(request({ rounds: Number.NaN })).toThrow("not a request to mirror: rounds must be a number, not a number");
    expect(request({ tag: null })).toThrow("not a request to mirror: tag must be a string, not null");
  });
});

describe("an image action", () => {
  it("tells repository, digest and tag of a push", () => {
    const event = sample("image-pushed");

    expect(isImageAction(event)).toBe(true);
    expect(parseImageAction(event)).toEqual({
      type: "image-action",
      action: "PUSH",
      succeeded: true,
      repository: "team-a/web",
      digest: "sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270",
      tag: "v1.0.0",
    });
  });

  it("has no tag when the push was by digest", () => {
    expect(parseImageAction(sample("image-pushed-by-digest")).tag).toBeUndefined();
  });

  it("takes a digest that is shorter than a real one, as in AWS's published sample", () => {
    const event = sample("image-pushed");
    const detail = {
      ...event.detail,
      "image-digest": "sha256:7f5b2640fe6fb4f46592dfd3410c4a79dac4f89e4782432e0378abcd1234",
    };

    expect(parseImageAction({ ...event, detail }).digest).toHaveLength(67);
  });

  it("is malformed without a repository, and says so", () => {
    const parse = () => parseImageAction(sample("refused-image-pushed-without-repository"));

    expect(parse).toThrow("not an ECR Image Action: repository-name is missing");
  });
});

describe("an ECR call", () => {
  it("tells the failed call of a push to a missing repository, and whose registry was meant", () => {
    const event = sample("push-to-missing-repository");

    expect(isEcrCall(event)).toBe(true);
    expect(parseEcrCall(event)).toEqual({
      type: "ecr-call",
      operation: "InitiateLayerUpload",
      repository: "team-a/web",
      registryId: "123456789012",
      account: "123456789012",
      error: "RepositoryNotFoundException",
      caller: {
        arn: "arn:aws:sts::123456789012:assumed-role/ci/build-4711",
        roleArn: "arn:aws:iam::123456789012:role/ci",
      },
    });
  });

  it("takes the account of the event as the registry when the call named none", () => {
    expect(parseEcrCall(sample("mutability-changed")).registryId).toBe("123456789012");
  });

  it("has no role when an IAM user called", () => {
    const event = sample("mutability-changed");
    const userIdentity = { type: "IAMUser", arn: "arn:aws:iam::123456789012:user/alice" };

    expect(parseEcrCall({ ...event, detail: { ...event.detail, userIdentity } }).caller).toEqual({
      arn: "arn:aws:iam::123456789012:user/alice",
      roleArn: undefined,
    });
  });

  it("is malformed without request parameters, and says so", () => {
    const parse = () => parseEcrCall(sample("refused-call-without-parameters"));

    expect(parse).toThrow("not a CloudTrail record of an ECR call on a repository: requestParameters is missing");
  });

  it("names the type that was found in place of the documented one", () => {
    const event = sample("image-pushed");
    const wrong = (value: unknown) => () =>
      parseImageAction({ ...event, detail: { ...event.detail, "repository-name": value } });

    expect(wrong(7)).toThrow("repository-name must be a string, not a number");
    expect(wrong(null)).toThrow("repository-name must be a string, not null");
    expect(wrong(["a"])).toThrow("repository-name must be a string, not a list");
    expect(wrong("")).toThrow("repository-name must not be empty");
  });

  it("is refused from another source, with the one that is meant", () => {
    const event = sample("mutability-changed");
    const detail = { ...event.detail, eventSource: "ecr-public.amazonaws.com" };

    expect(() => parseEcrCall({ ...event, detail })).toThrow('eventSource must be "ecr.amazonaws.com"');
  });

  it("is not taken from ECR Public", () => {
    const event = sample("repository-created");
    const detail = { ...event.detail, eventSource: "ecr-public.amazonaws.com" };

    expect(isEcrCall({ ...event, source: "aws.ecr-public", detail })).toBe(false);
  });
});
