import { describe, expect, it } from "vitest";
import { toCloudTrailEvent } from "../../../../local/events/cloudtrail.ts";
import { sampleText } from "../../../support/events.ts";
import { account, outcome, outcomeOf, role, type TrailRecord, user } from "./samples.ts";

const UUID = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
const issuer = expect.stringMatching(/^AROA[0-9A-F]{17}$/);

describe("toCloudTrailEvent", () => {
  it("has the whole shape of a record, for a call in a role's session", () => {
    expect(toCloudTrailEvent(outcome(), account)).toEqual({
      version: "0",
      id: UUID,
      "detail-type": "AWS API Call via CloudTrail",
      source: "aws.ecr",
      account: "123456789012",
      time: "2025-11-03T09:15:00Z",
      region: "us-west-2",
      resources: [],
      detail: {
        eventVersion: "1.11",
        userIdentity: {
          type: "AssumedRole",
          principalId: expect.stringMatching(/^AROA[0-9A-F]{17}:ci-session$/),
          arn: "arn:aws:sts::123456789012:assumed-role/ci/ci-session",
          accountId: "123456789012",
          accessKeyId: "ASIAIOSFODNN7EXAMPLE",
          sessionContext: {
            sessionIssuer: {
              type: "Role",
              principalId: issuer,
              arn: "arn:aws:iam::123456789012:role/ci",
              accountId: "123456789012",
              userName: "ci",
            },
            attributes: { creationDate: "2025-11-03T09:15:00Z", mfaAuthenticated: "false" },
          },
        },
        eventTime: "2025-11-03T09:15:00Z",
        eventSource: "ecr.amazonaws.com",
        eventName: "PutImageTagMutability",
        awsRegion: "us-west-2",
        sourceIPAddress: "203.0.113.12",
        userAgent: "aws-sdk-js/3.1169.0",
        requestParameters: { repositoryName: "team-a/web", imageTagMutability: "IMMUTABLE" },
        responseElements: { registryId: "123456789012", repositoryName: "team-a/web", imageTagMutability: "IMMUTABLE" },
        requestID: "11111111-2222-4333-8444-000000000006",
        eventID: UUID,
        readOnly: false,
        resources: [{ accountId: "123456789012", ARN: "arn:aws:ecr:us-west-2:123456789012:repository/team-a/web" }],
        eventType: "AwsApiCall",
        managementEvent: true,
        recipientAccountId: "123456789012",
        eventCategory: "Management",
      },
    });
  });

  it.each(["mutability-changed", "mutability-change-denied", "push-to-missing-repository", "repository-created"])(
    "gives the sample events/%s.json, but for its ids, from the call that it tells of",
    (name) => {
      const expected = JSON.parse(sampleText(name));
      const record = expected.detail as unknown as TrailRecord;

      const event = toCloudTrailEvent(outcomeOf(record), { accountId: expected.account, region: expected.region });

      const { userIdentity, ...others } = (event?.detail ?? {}) as unknown as TrailRecord;
      const { userIdentity: wantedIdentity, ...wanted } = record;
      expect(others).toEqual({ ...wanted, eventID: UUID });
      expect(userIdentity).toEqual({
        ...wantedIdentity,
        principalId: expect.stringMatching(/^AROA/),
        sessionContext: {
          sessionIssuer: { ...wantedIdentity.sessionContext.sessionIssuer, principalId: issuer },
          attributes: { creationDate: record.eventTime, mfaAuthenticated: "false" },
        },
      });
      expect({ ...event, id: "", detail: {} }).toEqual({ ...expected, id: "", detail: {} });
    },
  );

  it("shows a user as a user", () => {
    const detail = toCloudTrailEvent(outcome({ identity: user }), account)?.detail;

    expect(detail?.userIdentity).toEqual({
      type: "IAMUser",
      principalId: expect.stringMatching(/^AIDA[0-9A-F]{17}$/),
      arn: "arn:aws:iam::123456789012:user/Mary_Major",
      accountId: "123456789012",
      accessKeyId: "AKIAIOSFODNN7EXAMPLE",
      userName: "Mary_Major",
    });
  });

  it("shows ECR as the caller of what came through the registry endpoint", () => {
    const failed = { code: "RepositoryNotFoundException", message: "The repository with name 'x' does not exist" };
    const detail = toCloudTrailEvent(
      outcome({ operation: "InitiateLayerUpload", via: "registry", identity: role }, { response: null, error: failed }),
      account,
    )?.detail;

    expect(detail).toMatchObject({
      userIdentity: { type: "AssumedRole", invokedBy: "ecr.amazonaws.com" },
      sourceIPAddress: "ecr.amazonaws.com",
      userAgent: "ecr.amazonaws.com",
      eventName: "InitiateLayerUpload",
      errorCode: "RepositoryNotFoundException",
      errorMessage: "The repository with name 'x' does not exist",
      responseElements: null,
    });
  });

  it("shows the service itself as an AWS service", () => {
    const identity = {
      type: "service",
      accountId: "123456789012",
      service: "ecr.amazonaws.com",
      arn: "arn:aws:iam::123456789012:role/aws-service-role/x",
      accessKeyId: "",
    } as const;

    expect(toCloudTrailEvent(outcome({ identity }), account)?.detail).toMatchObject({
      userIdentity: { type: "AWSService", invokedBy: "ecr.amazonaws.com" },
      sourceIPAddress: "ecr.amazonaws.com",
      userAgent: "ecr.amazonaws.com",
    });
  });

  it("writes a refused permission as AccessDenied", () => {
    const error = { code: "AccessDeniedException", message: "User: x is not authorized" };
    const detail = toCloudTrailEvent(outcome({}, { response: null, error }), account)?.detail;

    expect([detail?.errorCode, detail?.errorMessage, detail?.responseElements]).toEqual([
      "AccessDenied",
      "User: x is not authorized",
      null,
    ]);
  });

  it("leaves errorCode and errorMessage out when there was no error", () => {
    expect(toCloudTrailEvent(outcome(), account)?.detail).not.toHaveProperty("errorCode");
    expect(toCloudTrailEvent(outcome(), account)?.detail).not.toHaveProperty("errorMessage");
  });

  it.each([
    ["2020-11-27T21:51:29Z", "Nov 27, 2020, 9:51:29 PM"],
    ["2025-11-03T00:05:09Z", "Nov 3, 2025, 12:05:09 AM"],
    ["2025-01-03T12:15:00Z", "Jan 3, 2025, 12:15:00 PM"],
  ])("writes the date %s as '%s'", (date, text) => {
    const response = { repository: { createdAt: new Date(date) } };

    expect(toCloudTrailEvent(outcome({}, { response }), account)?.detail.responseElements).toEqual({
      repository: { createdAt: text },
    });
  });

  it("holds no credentials and no blobs", () => {
    const event = toCloudTrailEvent(
      outcome(
        {
          parameters: { layerPartBlob: "c2VjcmV0", catalogData: { logoImageBlob: Buffer.from("png"), aboutText: "x" } },
        },
        { response: { authorizationData: [{ authorizationToken: "QVdTOg==", proxyEndpoint: "https://x" }] } },
      ),
      account,
    );

    expect(event?.detail.requestParameters).toEqual({ catalogData: { aboutText: "x" } });
    expect(event?.detail.responseElements).toEqual({ authorizationData: [{ proxyEndpoint: "https://x" }] });
  });

  it("shows no parameters as null, no answer as null, and a read-only call without an answer", () => {
    const empty = toCloudTrailEvent(outcome({ parameters: {}, resources: ["*"] }, { response: null }), account)?.detail;
    const read = toCloudTrailEvent(outcome({ operation: "BatchGetImage", readOnly: true }), account)?.detail;

    expect([empty?.requestParameters, empty?.responseElements]).toEqual([null, null]);
    expect(empty).not.toHaveProperty("resources");
    expect([read?.readOnly, read?.responseElements]).toEqual([true, null]);
  });

  it.each(["DescribeRepositories", "GetAuthorizationToken", "ListImages"])("does not deliver %s", (operation) => {
    expect(toCloudTrailEvent(outcome({ operation, readOnly: true }), account)).toBeUndefined();
  });

  it("delivers read-only calls when a rule asks for all management events", () => {
    const event = toCloudTrailEvent(outcome({ operation: "ListImages", readOnly: true }), account, { readOnly: true });

    expect(event?.detail.eventName).toBe("ListImages");
  });

  it("does not deliver data events", () => {
    expect(toCloudTrailEvent(outcome({ service: "sqs", operation: "SendMessage" }), account)).toBeUndefined();
    expect(toCloudTrailEvent(outcome({ service: "events", operation: "PutEvents" }), account)).toBeUndefined();
    expect(toCloudTrailEvent(outcome({ service: "sqs", operation: "StartMessageMoveTask" }), account)?.source).toBe(
      "aws.sqs",
    );
  });

  it("does not deliver a record above 256 KB, as a large manifest makes it", () => {
    const record = (size: number) =>
      toCloudTrailEvent(outcome({ operation: "PutImage", parameters: { imageManifest: "x".repeat(size) } }), account);

    expect(record(260_000)).toBeDefined();
    expect(record(262_144)).toBeUndefined();
  });

  it("records ECR Public in us-east-1 under a source of its own", () => {
    const event = toCloudTrailEvent(
      outcome({
        service: "ecr-public",
        operation: "CreateRepository",
        resources: ["arn:aws:ecr-public::123456789012:repository/web"],
      }),
      account,
    );

    expect(event).toMatchObject({
      source: "aws.ecr-public",
      region: "us-east-1",
      detail: {
        eventSource: "ecr-public.amazonaws.com",
        awsRegion: "us-east-1",
        resources: [{ accountId: "123456789012", ARN: "arn:aws:ecr-public::123456789012:repository/web" }],
      },
    });
  });
});
