import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Logger } from "@aws-lambda-powertools/logger";
import * as wholeTrail from "@aws-sdk/client-cloudtrail";
import * as wholeEcr from "@aws-sdk/client-ecr";
import { DescribeImagesCommand, ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import * as wholeEvents from "@aws-sdk/client-eventbridge";
import * as wholeLambda from "@aws-sdk/client-lambda";
import * as wholeSqs from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { type Answer, bundleClients, lambdaEnvironment, loadClients, type Sdk, startService } from "./lean-clients.ts";

const whole: Sdk = {
  ...wholeTrail,
  ...wholeEcr,
  ...wholeEvents,
  ...wholeLambda,
  ...wholeSqs,
  ECRPUBLICClient,
  DescribePublicImagesCommand: DescribeImagesCommand,
  Logger,
};
let directory: string;
let lean: Sdk;

/** The store of Lambda's runtime, which the whole SDK looks for once in the life of a process. */
let store: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  vi.stubGlobal("awslambda", {
    InvokeStore: {
      getXRayTraceId: () => store.traceId,
      getTraceparent: () => store.traceparent,
      getTracestate: () => store.tracestate,
      getBaggage: () => store.baggage,
    },
  });
  directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-sdk-wire-"));
  await bundleClients(directory);
  lean = loadClients(directory);
});

afterAll(async () => {
  vi.unstubAllGlobals();
  await rm(directory, { recursive: true, force: true });
});

type Call = readonly [string, (sdk: Sdk) => Promise<unknown>];

const CALLS: readonly [Call, ...Call[]] = [
  [
    "CLOUDTRAIL",
    ({ CloudTrailClient, GetTrailStatusCommand }) =>
      new CloudTrailClient({}).send(new GetTrailStatusCommand({ Name: "arn:aws:cloudtrail:eu-central-1:1:trail/é" })),
  ],
  [
    "ECR",
    ({ ECRClient, CreateRepositoryCommand }) =>
      new ECRClient({}).send(
        new CreateRepositoryCommand({ repositoryName: "team-a/é", tags: [{ Key: "owner", Value: "a" }] }),
      ),
  ],
  [
    "ECR_PUBLIC",
    (sdk) =>
      new sdk.ECRPUBLICClient({ region: "us-east-1" }).send(
        new sdk.DescribePublicImagesCommand({ repositoryName: "web" }),
      ),
  ],
  [
    "EVENTBRIDGE",
    ({ EventBridgeClient, PutEventsCommand }) =>
      new EventBridgeClient({}).send(
        new PutEventsCommand({
          Entries: [{ Source: "s", DetailType: "t", Detail: "{}", Time: new Date(1_700_000_000_500) }],
        }),
      ),
  ],
  [
    "LAMBDA",
    ({ LambdaClient, InvokeCommand }) =>
      new LambdaClient({}).send(
        new InvokeCommand({
          FunctionName: "arn:aws:lambda:eu-central-1:1:function:a",
          Payload: Buffer.from('{"é":1}'),
        }),
      ),
  ],
  [
    "SQS",
    ({ SQSClient, SendMessageCommand }) =>
      new SQSClient({ useQueueUrlAsEndpoint: false, md5: false }).send(
        new SendMessageCommand({ QueueUrl: "https://sqs.eu-central-1.amazonaws.com/1/q", MessageBody: "é" }),
      ),
  ],
];

interface Sent {
  readonly path: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/**
 * What a call sends, without what is new in every call (time, signature, and the call's id) and without the SDK's version, which its
 * CommonJS files tell otherwise than its ES modules.
 */
async function sentBy(sdk: Sdk, variable: string, call: (sdk: Sdk) => Promise<unknown>): Promise<Sent> {
  const { url, requests } = await startService({ body: {} });
  vi.stubEnv(`AWS_ENDPOINT_URL_${variable}`, url);
  await call(sdk);
  expect(requests).toHaveLength(1);
  const {
    host,
    "x-amz-date": date,
    "amz-sdk-invocation-id": id,
    authorization,
    ...headers
  } = requests[0]?.headers ?? {};
  expect([host, date, id]).toEqual([
    new URL(url).host,
    expect.stringMatching(/^\d{8}T\d{6}Z$/),
    expect.stringMatching(/^[\da-f-]{36}$/),
  ]);
  const agents = Object.fromEntries(
    ["user-agent", "x-amz-user-agent"].map((name) => [name, String(headers[name]).replaceAll(/3\.\d+\.\d+/g, "3")]),
  );
  const unsigned = String(authorization)
    .replace(/\/\d{8}\//, "/day/")
    .replace(/Signature=[\da-f]{64}$/, "");
  const { path, body } = requests[0] ?? { path: undefined, body: undefined };
  return { path, headers: { ...headers, ...agents, authorization: unsigned }, body };
}

describe("a request", () => {
  const ofLambda = {
    AWS_LAMBDA_FUNCTION_NAME: "mirror-image",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    _X_AMZN_TRACE_ID: "Root=1-environment",
  };

  it.each(CALLS)(
    "to %s is what the whole SDK sends, with the trace and the features of the SDK",
    async (name, call) => {
      lambdaEnvironment(ofLambda);

      const sent = await sentBy(lean, name, call);

      expect(sent).toEqual(await sentBy(whole, name, call));
      expect(sent).toMatchObject({
        headers: {
          "x-amzn-trace-id": "Root=1-environment",
          "user-agent": expect.stringMatching(/^aws-sdk-js\/\S+ .* exec-env\/AWS_Lambda_nodejs24\.x m\/E,g app\/PT/),
          authorization: expect.stringContaining("/aws4_request, SignedHeaders="),
        },
      });
    },
  );

  const trace = { traceparent: "00-a-b-01", tracestate: "c=d", baggage: "e=f" };

  it.each<[string, Record<string, string>, Record<string, string>, object]>([
    ["of Lambda's store, before the environment's", ofLambda, { traceId: "1-s" }, { "x-amzn-trace-id": "1-s" }],
    ["of W3C", ofLambda, trace, { ...trace, "x-amzn-trace-id": "Root=1-environment" }],
    ["of W3C, which is none without a parent", {}, { ...trace, traceparent: "" }, {}],
    ["of X-Ray, which is none outside of Lambda", {}, { traceId: "1-s" }, {}],
    ["that is not there", { AWS_LAMBDA_FUNCTION_NAME: "mirror-image" }, {}, {}],
  ])("carries a trace as the whole SDK does: %s", async (_, environment, stored, traces) => {
    lambdaEnvironment({ AWS_LAMBDA_FUNCTION_NAME: undefined, _X_AMZN_TRACE_ID: undefined, ...environment });
    store = stored;
    onTestFinished(() => {
      store = {};
    });
    const [[name, call]] = CALLS;

    const sent = await sentBy(lean, name, call);

    expect(sent).toEqual(await sentBy(whole, name, call));
    const names = ["x-amzn-trace-id", "traceparent", "tracestate", "baggage"];
    expect(Object.fromEntries(Object.entries(sent.headers).filter(([header]) => names.includes(header)))).toEqual(
      traces,
    );
  });
});

describe("an answer of Lambda", () => {
  const invoke = async (sdk: Sdk, answer: Answer) => {
    const { url } = await startService(answer);
    lambdaEnvironment({ AWS_ENDPOINT_URL_LAMBDA: url });
    const client = new sdk.LambdaClient({ maxAttempts: 1 });
    const command = new sdk.InvokeCommand({ FunctionName: "f", Payload: Buffer.from("{}") });
    return client.send(command).then(
      ({ StatusCode, FunctionError, Payload }) => [StatusCode, FunctionError, Buffer.from(Payload ?? []).toString()],
      ({ name, message, $metadata }) => [name, message, $metadata.httpStatusCode],
    );
  };

  it.each<[string, Answer, unknown[]]>([
    ["what the function answers", { body: { a: 1 } }, [200, undefined, '{"a":1}']],
    [
      "what it raises",
      { headers: { "X-Amz-Function-Error": "Unhandled" }, body: { errorMessage: "no" } },
      [200, "Unhandled", '{"errorMessage":"no"}'],
    ],
    [
      "a denial",
      { status: 403, headers: { "x-amzn-errortype": "AccessDeniedException" }, body: { Message: "not you" } },
      ["AccessDeniedException", "not you", 403],
    ],
    [
      "a function that is not there",
      { status: 404, headers: { "x-amzn-errortype": "ResourceNotFoundException:" }, body: { Message: "gone" } },
      ["ResourceNotFoundException", "gone", 404],
    ],
  ])("is what the whole SDK makes of it: %s", async (_, answer, expected) => {
    expect(await invoke(lean, answer)).toEqual(expected);
    expect(await invoke(whole, answer)).toEqual(expected);
  });

  it("to any other call says that it is left out", async () => {
    const { url } = await startService({ body: {} });
    lambdaEnvironment({ AWS_ENDPOINT_URL_LAMBDA: url });

    const listing = async () => new lean.LambdaClient({}).send(new lean.ListFunctionsCommand({}));

    await expect(listing()).rejects.toThrow("all of Lambda but Invoke with a payload is left out of the bundles");
  });
});

describe("an answer", () => {
  it("has the members of a finding that are read, as the whole SDK gives them", async () => {
    const vulnerable = { vulnerabilityId: "CVE-2026-1", vendorCreatedAt: 1_700_000_000.5, cvss: [{ baseScore: 9.8 }] };
    const { url } = await startService({
      body: {
        imageScanStatus: { status: "ACTIVE", description: "d" },
        imageScanFindings: {
          imageScanCompletedAt: 1_700_000_000,
          findings: [{ name: "CVE-2026-2", severity: "LOW", attributes: [{ key: "package_name", value: "a" }] }],
          enhancedFindings: [
            {
              findingArn: "arn:aws:inspector2:eu-central-1:1:finding/f",
              status: "ACTIVE",
              title: "t",
              severity: "HIGH",
              score: 9.8,
              packageVulnerabilityDetails: vulnerable,
              remediation: { recommendation: { text: "update" } },
              resources: [{ details: { awsEcrContainerImage: { architecture: "amd64" } } }],
            },
          ],
        },
        nextToken: "more",
      },
    });
    lambdaEnvironment({ AWS_ENDPOINT_URL_ECR: url });
    const read = async ({ ECRClient, DescribeImageScanFindingsCommand }: Sdk) =>
      new ECRClient({}).send(new DescribeImageScanFindingsCommand({ repositoryName: "a", imageId: { imageTag: "b" } }));

    const { $metadata: _, ...found } = await read(lean);

    expect({ ...found, $metadata: expect.anything() }).toEqual(await read(whole));
    expect(found.imageScanFindings?.imageScanCompletedAt).toEqual(new Date(1_700_000_000_000));
  });
});

describe("a log line", () => {
  it("is what the whole of Powertools writes", () => {
    vi.useFakeTimers({ now: new Date("2026-06-15T12:00:00Z") });
    onTestFinished(() => void vi.useRealTimers());
    lambdaEnvironment({ POWERTOOLS_DEV: "true", TZ: ":UTC", _X_AMZN_TRACE_ID: "Root=1-environment" });
    const lines: unknown[] = [];
    for (const level of ["debug", "info", "error"] as const)
      vi.spyOn(console, level).mockImplementation((text: string) => void lines.push(JSON.parse(text)));
    onTestFinished(() => void vi.restoreAllMocks());
    const error = new TypeError("no", { cause: new Error("why") });

    for (const sdk of [lean, whole]) {
      const logger = new sdk.Logger({ serviceName: "f" });
      logger.appendKeys({ requestId: "r1", nested: { a: [1] } });
      logger.debug("too little to be written");
      logger.info("done", { decision: "x", nested: { b: 2 } });
      logger.resetKeys();
      logger.error("failed", { error });
    }

    const [info, failed] = lines;
    expect(lines).toEqual([info, failed, info, failed]);
    expect(info).toMatchObject({
      level: "INFO",
      message: "done",
      timestamp: "2026-06-15T12:00:00.000Z",
      requestId: "r1",
    });
    expect(failed).toMatchObject({ error: { name: "TypeError", cause: { message: "why" } } });
  });
});
