/** The API's handler over repositories in memory, with queues and functions that answer what the test says. */
import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import type { APIGatewayProxyEvent, Context } from "aws-lambda";
import { openApiDocument } from "#shared/api/document/open-api.ts";
import { apiHandler } from "#shared/lambda/api-handler.ts";
import type { DeadLetter } from "#shared/messaging/dead-letter.ts";
import type { Policy } from "#shared/policy/schema.ts";
import type { DeadLetters, Helper, RepositoryApiDeps } from "../../../../functions/repository-api/deps.ts";
import { apiRoutes } from "../../../../functions/repository-api/routes.ts";
import { recordingObserver } from "../../../support/recording-observer.ts";
import { mirrorRule, policyWith, template } from "../../shared/policy/support.ts";
import { awsError, type FakeCall, type FakeRepository, fakeEcr } from "../../shared/standards/fake-ecr.ts";

export const CALLER = "arn:aws:sts::123456789012:assumed-role/ci/build-7";

export const POLICY = policyWith({
  naming: { deny: ["**/tmp-*"], nearNames: { except: [] } },
  templates: [
    template("team-a", {
      mutability: { mode: "IMMUTABLE", exclude: [] },
      scanOnPush: true,
      ownerTags: { owner: "{role}" },
    }),
  ],
  mirror: [mirrorRule("team-a/*", "team-a-{name}", { tags: { include: ["v*"] } })],
});

export interface ApiRequest {
  readonly method?: string;
  /** As it stands in the request line. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON; a text as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly caller?: string;
}

export interface ApiOptions {
  readonly repositories?: Readonly<Record<string, FakeRepository>>;
  readonly policy?: Policy;
  /** Told of each call of ECR before it is answered. */
  readonly before?: (call: FakeCall) => void;
  /** `repository:tag` of images that are there. */
  readonly images?: readonly string[];
  /** What another function answers; it may raise an error. */
  readonly answer?: (helper: Helper, payload: object) => unknown;
  readonly dead?: readonly DeadLetter[];
  readonly remainingMs?: number;
}

export function startApi(options: ApiOptions = {}) {
  const { repositories, policy = POLICY, before, images = [], answer = () => ({}), dead = [] } = options;
  const observed = recordingObserver();
  const fake = fakeEcr(repositories, before);
  const sent: (readonly [worker: string, detailType: string, detail: unknown])[] = [];
  const asked: (readonly [helper: Helper, payload: object])[] = [];
  const replayed: string[] = [];
  const waiting = [...dead];

  const queue = (worker: string) => ({
    async send(body: string) {
      const { "detail-type": type, detail } = JSON.parse(body);
      sent.push([worker, type, detail]);
    },
  });
  const deadLetters: DeadLetters[] = ["mirror-image", "create-repository"].map((name) => ({
    function: name,
    look: async (most) => waiting.filter((one) => one.function === name).slice(0, most),
    async replay(id) {
      const at = waiting.findIndex((one) => one.function === name && one.id === id);
      if (at < 0) return undefined;
      replayed.push(id);
      return waiting.splice(at, 1)[0];
    },
    async replayAll() {
      replayed.push(`all of ${name}`);
      return "started";
    },
    count: async () => ({ waiting: 0, dead: waiting.filter((one) => one.function === name).length }),
  }));
  const deps: RepositoryApiDeps = {
    ecr: withImages(fake.ecr, images),
    policy,
    policyHash: `sha256:${"0".repeat(64)}`,
    observer: observed.observer,
    now: () => new Date("2026-06-15T12:00:00Z"),
    async call(helper, payload) {
      asked.push([helper, JSON.parse(JSON.stringify(payload))]);
      return answer(helper, payload);
    },
    queues: {
      "mirror-image": queue("mirror-image"),
      "reconcile-repositories": queue("reconcile-repositories"),
      "reconcile-mirrors": queue("reconcile-mirrors"),
      "sync-catalog": queue("sync-catalog"),
    },
    deadLetters,
    openApi: async () => JSON.stringify(openApiDocument()),
  };
  const handler = apiHandler({ observer: observed.observer, routes: apiRoutes(deps) });

  async function request(made: ApiRequest) {
    const { statusCode, headers, body } = await handler(eventOf(made), contextOf(options.remainingMs));
    return { status: statusCode, headers, body: JSON.parse(body) };
  }
  return {
    ...{ ...fake, ...observed, request, sent, asked, replayed },
    /** Everything that any request has changed so far. */
    changes: () => [...fake.writes(), ...sent.map(([worker]) => worker), ...replayed],
  };
}

function withImages(ecr: ECRClient, images: readonly string[]): ECRClient {
  const send = async (command: Parameters<ECRClient["send"]>[0]) => {
    if (!(command instanceof DescribeImagesCommand)) return ecr.send(command);
    const { repositoryName, imageIds: [{ imageTag, imageDigest } = {}] = [] } = command.input;
    if (!images.includes(`${repositoryName}:${imageTag ?? imageDigest}`)) throw awsError("ImageNotFoundException");
    return { imageDetails: [{ imageDigest: `sha256:${"a".repeat(64)}` }] };
  };
  return Object.assign(Object.create(ECRClient.prototype), { send });
}

/** As API Gateway makes it for a `{proxy+}` resource. */
export function eventOf({ method = "GET", path, query, body, headers, caller = CALLER }: ApiRequest) {
  const text = body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body);
  const lists = query && Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value]]));
  return {
    resource: "/{proxy+}",
    path,
    httpMethod: method,
    headers: { ...(text !== null && { "content-type": "application/json" }), ...headers },
    queryStringParameters: query ?? null,
    multiValueQueryStringParameters: lists ?? null,
    pathParameters: { proxy: path.slice(1) },
    requestContext: { requestId: "req-1", identity: { userArn: caller, accountId: "123456789012" } },
    body: text,
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEvent;
}

function contextOf(remainingMs = 29_000): Context {
  return {
    awsRequestId: "lambda-1",
    functionName: "repository-api",
    getRemainingTimeInMillis: () => remainingMs,
  } as Context;
}
