import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as wholeEcr from "@aws-sdk/client-ecr";
import { ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kindOf } from "#shared/ecr/errors.ts";
import { startAccount } from "../local/ecr/start-account.ts";
import { type Answer, bundleClients, lambdaEnvironment, loadClients, raised, startService } from "./lean-clients.ts";

let directory: string;
let lean: ReturnType<typeof loadClients>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-lean-sdk-"));
  await bundleClients(directory);
  lean = loadClients(directory);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const named = { repositoryName: "team-a/web" };
const mutability = { ...named, imageTagMutability: "IMMUTABLE" as const };

describe("a client in a bundle", () => {
  it("has Region, endpoint and credentials from its environment, and signs so that the account takes it", async () => {
    const { endpoint, role, trail } = await startAccount({
      statements: [{ Effect: "Allow", Action: "ecr:CreateRepository", Resource: "*" }],
    });
    lambdaEnvironment({
      AWS_REGION: "eu-west-1",
      AWS_ENDPOINT_URL_ECR: endpoint,
      AWS_ACCESS_KEY_ID: role.accessKeyId,
      AWS_SECRET_ACCESS_KEY: role.secretAccessKey,
      AWS_SESSION_TOKEN: role.sessionToken,
    });

    const { repository } = await new lean.ECRClient({}).send(new lean.CreateRepositoryCommand(named));

    expect(repository?.repositoryArn).toBe("arn:aws:ecr:eu-west-1:123456789012:repository/team-a/web");
    // A number on the wire.
    expect(repository?.createdAt).toEqual(new Date("2026-03-01T10:00:00.250Z"));
    expect(trail.map(({ call }) => [call.operation, call.identity.type])).toEqual([["CreateRepository", "role"]]);
  });

  it.each([
    [
      "ECR",
      "ecr",
      async () => void (await new lean.ECRClient({}).send(new lean.PutImageTagMutabilityCommand(mutability))),
    ],
    [
      "SQS",
      "sqs",
      async () => {
        const client = new lean.SQSClient({ useQueueUrlAsEndpoint: false, md5: false });
        await client.send(
          new lean.SendMessageCommand({ QueueUrl: "https://sqs.eu-central-1.amazonaws.com/1/q", MessageBody: "é" }),
        );
      },
    ],
    [
      "EVENTBRIDGE",
      "events",
      async () => {
        const entry = { Source: "s", DetailType: "t", Detail: "{}", Time: new Date(1_700_000_000_500) };
        await new lean.EventBridgeClient({}).send(new lean.PutEventsCommand({ Entries: [entry] }));
      },
    ],
  ])("of %s goes to the endpoint of its own and signs as %s", async (variable, scope, call) => {
    const { url, requests } = await startService({ body: {} });
    lambdaEnvironment({ [`AWS_ENDPOINT_URL_${variable}`]: url });

    await call();

    expect(requests).toEqual([
      {
        path: "/",
        headers: expect.objectContaining({
          "x-amz-security-token": "token-of-the-session",
          authorization: expect.stringMatching(
            new RegExp(
              `^AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/\\d{8}/eu-central-1/${scope}/aws4_request, SignedHeaders=`,
            ),
          ),
        }),
        body: expect.any(Object),
      },
    ]);
    if (scope === "events") expect(requests[0]?.body).toMatchObject({ Entries: [{ Time: 1_700_000_000.5 }] });
    if (scope === "sqs") expect(requests[0]?.body).toMatchObject({ MessageBody: "é" });
  });

  it("finds the endpoint of every Region, of every partition, that the whole SDK finds", async () => {
    lambdaEnvironment();
    const clients = [
      ["ECRClient", wholeEcr.ECRClient],
      ["ECRPUBLICClient", ECRPUBLICClient],
      ["EventBridgeClient", EventBridgeClient],
      ["SQSClient", SQSClient],
    ] as const;
    const partitions = "@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js";
    const list = await readFile(join(import.meta.dirname, "../../../node_modules", partitions), "utf8");
    const regions = [...list.matchAll(/"([a-z0-9-]+)": \{\s+"description"/g)].map(([, region = ""]) => region);
    const hostOf = (client: wholeEcr.ECRClient | ECRPUBLICClient | EventBridgeClient | SQSClient, Region: string) =>
      client.config.endpointProvider({ Region, UseDualStack: false, UseFIPS: false }).url.host;

    for (const [name, Whole] of clients) {
      const options = { useQueueUrlAsEndpoint: false };
      const [cut, whole] = [new lean[name](options), new Whole(options)];
      for (const region of [...regions, "eu-new-7", "cn-new-7"])
        expect(hostOf(cut, region)).toBe(hostOf(whole, region));
    }
    expect(regions.length).toBeGreaterThan(40);
    expect(hostOf(new lean.ECRClient({}), "eu-central-1")).toBe("api.ecr.eu-central-1.amazonaws.com");
    expect(hostOf(new lean.ECRClient({}), "cn-north-1")).toBe("api.ecr.cn-north-1.amazonaws.com.cn");
    expect(hostOf(new lean.EventBridgeClient({}), "cn-north-1")).toBe("events.cn-north-1.amazonaws.com.cn");
  });
});

describe("an error, in a bundle", () => {
  const text = "The repository with name 'team-a/web' does not exist";

  it.each<[string, Answer, string]>([
    ["by its name", { body: { __type: "RepositoryNotFoundException", message: text } }, "not-found"],
    [
      "with its namespace",
      { body: { __type: "com.amazonaws.ecr#RepositoryNotFoundException", message: text } },
      "not-found",
    ],
    [
      "in the header",
      { headers: { "x-amzn-errortype": "RepositoryNotFoundException:http://internal/" }, body: { message: text } },
      "not-found",
    ],
    [
      "with a capital Message",
      { body: { __type: "AccessDeniedException", Message: "User is not authorized" } },
      "denied",
    ],
    [
      "with further members",
      { body: { __type: "InvalidTagParameterException", message: "no", tag: { a: [1] }, bytes: 12_345_678_901 } },
      "invalid",
    ],
    ["that is not in the API model", { body: { __type: "SomethingNew", message: "?" } }, "unknown"],
    ["without a name", { body: {} }, "unknown"],
    ["of no AWS error at all", { status: 403, body: "<html>no</html>" }, "unavailable"],
  ])("%s is what the whole SDK makes of it", async (_, answer, kind) => {
    const { url } = await startService({ status: 400, ...answer });
    lambdaEnvironment({ AWS_ENDPOINT_URL_ECR: url });

    const cut = await raised(new lean.ECRClient({}).send(new lean.PutImageTagMutabilityCommand(mutability)));
    const whole = await raised(new wholeEcr.ECRClient({}).send(new wholeEcr.PutImageTagMutabilityCommand(mutability)));

    const { name, message } = whole;
    expect({ ...cut, name: cut.name, message: cut.message }).toMatchObject({ ...whole, name, message });
    expect(kindOf(cut)).toBe(kindOf(whole));
    expect(kindOf(cut)).toBe(kind);
  });
});

describe("retries, in a bundle", () => {
  const ok: Answer = { body: { repositories: [] } };
  const failing = (status: number, __type: string): Answer => ({ status, body: { __type, message: "x" } });

  it.each<[string, Answer]>([
    ["ThrottlingException", failing(400, "ThrottlingException")],
    ["LimitExceededException", failing(400, "LimitExceededException")],
    ["ServerException", failing(500, "ServerException")],
    ["a text 503", { status: 503, body: "Service Unavailable" }],
  ])("%s is tried three times in all", async (_, answer) => {
    const { url, requests } = await startService(answer, answer, ok);
    lambdaEnvironment({ AWS_ENDPOINT_URL_ECR: url });

    const found = await new lean.ECRClient({}).send(new lean.DescribeRepositoriesCommand({}));

    expect(found.repositories).toEqual([]);
    expect(requests).toHaveLength(3);
  });

  it("are given up with the service's error", async () => {
    const { url, requests } = await startService(failing(500, "ServerException"));
    lambdaEnvironment({ AWS_ENDPOINT_URL_ECR: url });

    const error = await raised(new lean.ECRClient({}).send(new lean.DescribeRepositoriesCommand({})));

    expect(error).toMatchObject({ name: "ServerException", $metadata: { httpStatusCode: 500, attempts: 3 } });
    expect(requests).toHaveLength(3);
  });

  it("give a text 503 back as a SyntaxError, which counts as unavailable", async () => {
    const { url, requests } = await startService({ status: 503, body: "Service Unavailable" });
    lambdaEnvironment({ AWS_ENDPOINT_URL_ECR: url });

    const error = await raised(new lean.ECRClient({}).send(new lean.DescribeRepositoriesCommand({})));

    expect([error.name, kindOf(error), requests.length]).toEqual(["SyntaxError", "unavailable", 3]);
  });

  it("are none for what no retry mends", async () => {
    const { url, requests } = await startService(failing(400, "InvalidParameterException"));
    lambdaEnvironment({ AWS_ENDPOINT_URL_ECR: url });

    const error = await raised(new lean.ECRClient({}).send(new lean.DescribeRepositoriesCommand({})));

    expect([error.name, requests.length]).toEqual(["InvalidParameterException", 1]);
  });
});
