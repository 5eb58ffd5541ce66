import { request } from "node:http";
import {
  DescribeRegistryCommand,
  type ECRClient,
  GetAuthorizationTokenCommand,
  ListImagesCommand,
  UploadLayerPartCommand,
} from "@aws-sdk/client-ecr";
import {
  DescribeRegistriesCommand,
  ECRPUBLICClient,
  GetAuthorizationTokenCommand as GetPublicTokenCommand,
} from "@aws-sdk/client-ecr-public";
import { describe, expect, it } from "vitest";
import { AwsError } from "../../../../local/aws/call.ts";
import { any, blob, structure } from "../../../../local/aws/constraints.ts";
import type { Operation, Service } from "../../../../local/aws/operation.ts";
import { region, startAccount } from "../ecr/start-account.ts";

const operation = (name: string, run: Operation["run"], more: Partial<Operation> = {}): Operation => ({
  name,
  readOnly: true,
  input: structure({ registryId: any() }),
  resources: () => ["*"],
  run,
  ...more,
});

function service(name: "ecr" | "ecr-public" | "sqs", ...operations: Operation[]): Service {
  const targetPrefix = {
    ecr: "AmazonEC2ContainerRegistry_V20150921",
    "ecr-public": "SpencerFrontendService",
    sqs: "AmazonSQS",
  }[name];
  return { name, targetPrefix, operations: new Map(operations.map((one) => [one.name, one])) };
}

/** Sends `body` instead of what the SDK made, signed as usual. */
function replaceBody(client: ECRClient, body: string): ECRClient {
  client.middlewareStack.add(
    (next) => (args) => {
      (args.request as { body: string }).body = body;
      return next(args);
    },
    { step: "build", priority: "high" },
  );
  return client;
}

/** A request as it stands, without the SDK. */
function send(endpoint: string, options: { method?: string; headers?: Record<string, string>; body?: Buffer } = {}) {
  return new Promise<{ status: number | undefined; headers: Record<string, unknown>; body: unknown }>(
    (resolve, reject) => {
      const sent = request(
        endpoint,
        { method: options.method ?? "POST", headers: options.headers ?? {} },
        async (response) => {
          const chunks: Buffer[] = [];
          for await (const chunk of response) chunks.push(chunk as Buffer);
          const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
          resolve({ status: response.statusCode, headers: response.headers, body });
        },
      );
      sent.on("error", reject);
      sent.end(options.body);
    },
  );
}

describe("AWS endpoint", () => {
  it("runs an operation with the caller's identity and answers in AWS JSON", async () => {
    const echo = operation("DescribeRegistry", async (_input, call) => ({
      registryId: call.identity.arn,
      replicationConfiguration: undefined,
    }));
    const { client, user, trail } = await startAccount({ services: [service("ecr", echo)] });

    const answer = await client().send(new DescribeRegistryCommand({}));

    expect(answer.registryId).toBe(user.identity.arn);
    expect(answer.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(trail).toMatchObject([
      {
        call: {
          service: "ecr",
          operation: "DescribeRegistry",
          parameters: {},
          resources: ["*"],
          readOnly: true,
          region,
          via: "api",
          sourceIp: "127.0.0.1",
          requestId: answer.$metadata.requestId,
        },
      },
    ]);
    expect(trail[0]?.call.userAgent).toMatch(/^aws-sdk-js\//);
  });

  it("accepts a session by its token", async () => {
    const echo = operation("DescribeRegistry", async (_input, call) => ({ registryId: call.identity.type }));
    const { client } = await startAccount({
      services: [service("ecr", echo)],
      statements: [{ Effect: "Allow", Action: "ecr:DescribeRegistry", Resource: "*" }],
    });

    expect((await client("role").send(new DescribeRegistryCommand({}))).registryId).toBe("role");
  });

  it("writes times as seconds and bytes in base64, and keeps bytes off the trail", async () => {
    const upload = operation(
      "UploadLayerPart",
      async ({ layerPartBlob }) => ({ uploadId: String(layerPartBlob), at: new Date(1500), bytes: Buffer.from("abc") }),
      { input: structure({ layerPartBlob: blob(), uploadId: any() }) },
    );
    const { client, trail } = await startAccount({ services: [service("ecr", upload)] });
    const ecr = client();
    let raw = "";
    ecr.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const response = result.response as { body: AsyncIterable<Buffer> };
        const chunks: Buffer[] = [];
        for await (const chunk of response.body) chunks.push(chunk);
        raw = Buffer.concat(chunks).toString();
        return { ...result, response: { ...response, body: Buffer.from(raw) } } as typeof result;
      },
      { step: "deserialize", priority: "low" },
    );

    const input = {
      repositoryName: "x",
      uploadId: "u",
      partFirstByte: 0,
      partLastByte: 2,
      layerPartBlob: Buffer.from("abc"),
    };
    await ecr.send(new UploadLayerPartCommand(input));

    expect(JSON.parse(raw)).toEqual({ uploadId: "abc", at: 1.5, bytes: "YWJj" });
    expect(trail[0]?.call.parameters).toEqual({
      repositoryName: "x",
      uploadId: "u",
      partFirstByte: 0,
      partLastByte: 2,
    });
  });

  it("gives an error its code, its text and its further members", async () => {
    const fail = operation("DescribeRegistry", () =>
      Promise.reject(new AwsError("InvalidLayerPartException", "no", { fields: { lastValidByteReceived: 7 } })),
    );
    const { client } = await startAccount({ services: [service("ecr", fail)] });

    await expect(client().send(new DescribeRegistryCommand({}))).rejects.toMatchObject({
      name: "InvalidLayerPartException",
      message: "no",
      lastValidByteReceived: 7,
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("answers ServerException for a defect of its own, and tells it", async () => {
    const defect = new TypeError("broken");
    const { client, defects } = await startAccount({
      services: [
        service(
          "ecr",
          operation("DescribeRegistry", () => Promise.reject(defect)),
        ),
      ],
    });

    const failed = client().send(new DescribeRegistryCommand({}));

    await expect(failed).rejects.toMatchObject({ name: "ServerException", $metadata: { httpStatusCode: 500 } });
    await expect(failed).rejects.not.toThrow("broken");
    expect(defects).toEqual([defect]);
  });

  it("names the operation or the service that is not there", async () => {
    const { client, defects } = await startAccount({ services: [service("ecr")] });
    const { client: nobody } = await startAccount({ services: [] });

    const unknown = client().send(new ListImagesCommand({ repositoryName: "x" }));
    await expect(unknown).rejects.toMatchObject({ name: "UnknownOperationException" });
    await expect(unknown).rejects.toThrow("The operation 'ListImages' of ecr is not provided by the local account.");
    await expect(nobody().send(new GetAuthorizationTokenCommand({}))).rejects.toThrow(
      "No service of the local account answers to 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken'.",
    );
    expect(defects).toEqual([]);
  });

  it("wants a signature, and one for its region", async () => {
    const { client, endpoint } = await startAccount();

    const unsigned = await send(endpoint, {
      headers: { "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.DescribeRegistry" },
    });

    expect(unsigned).toMatchObject({
      status: 400,
      headers: { "content-type": "application/x-amz-json-1.1" },
      body: { __type: "MissingAuthenticationTokenException", message: "Missing Authentication Token" },
    });
    await expect(client("user", "us-west-2").send(new DescribeRegistryCommand({}))).rejects.toThrow(
      "Credential should be scoped to a valid region, not 'us-west-2'.",
    );
  });

  it.each([
    ["{", "The request body is not valid JSON"],
    ["[]", "Start of structure or map was expected"],
    ['{"registryIds":"1"}', "STRING_VALUE can not be converted to a List"],
  ])("cannot read the body %s", async (body, message) => {
    const { client } = await startAccount();

    await expect(replaceBody(client(), body).send(new GetAuthorizationTokenCommand({}))).rejects.toMatchObject({
      name: "SerializationException",
      message,
    });
  });

  it("takes an empty body for no parameters", async () => {
    const { client } = await startAccount();

    await expect(replaceBody(client(), "").send(new DescribeRegistryCommand({}))).resolves.toMatchObject({
      registryId: "123456789012",
    });
  });

  it("reads no more than 32 MiB", async () => {
    const { endpoint } = await startAccount();

    const refused = await send(endpoint, { body: Buffer.alloc(32 * 1024 * 1024 + 1) });

    expect(refused).toMatchObject({
      status: 413,
      headers: { connection: "close" },
      body: { __type: "RequestEntityTooLargeException" },
    });
  });

  it("speaks AWS JSON 1.0 for SQS", async () => {
    const { endpoint } = await startAccount({ services: [service("sqs")] });

    const { headers } = await send(endpoint, { headers: { "x-amz-target": "AmazonSQS.SendMessage" } });

    expect(headers["content-type"]).toBe("application/x-amz-json-1.0");
  });

  it("says that ECR Public does not answer in a Region, and gives its token in one only", async () => {
    const operations = ["DescribeRegistries", "GetAuthorizationToken"].map((name) =>
      operation(name, async () => ({ registries: [] })),
    );
    const { endpoint, user } = await startAccount({ services: [service("ecr-public", ...operations)] });
    const at = (scope: string) => new ECRPUBLICClient({ endpoint, region: scope, credentials: user, maxAttempts: 1 });

    await expect(at("us-east-1").send(new DescribeRegistriesCommand({}))).resolves.toMatchObject({ registries: [] });
    await expect(at("us-west-2").send(new DescribeRegistriesCommand({}))).resolves.toMatchObject({ registries: [] });
    await expect(at("eu-west-1").send(new DescribeRegistriesCommand({}))).rejects.toMatchObject({
      name: "UnsupportedCommandException",
      message: "DescribeRegistries command is only supported in us-east-1.",
    });
    await expect(at("us-west-2").send(new GetPublicTokenCommand({}))).rejects.toThrow(
      "GetAuthorizationToken command is only supported in us-east-1.",
    );
  });
});
