/** The internal REST endpoint as a pipeline and a person meet it: signed requests through API Gateway to the bundles that would be deployed. */
import { DescribeRepositoriesCommand } from "@aws-sdk/client-ecr";
import { ListQueuesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type * as z from "zod";
import { ANSWERS, problem } from "#shared/api/document/answers.ts";
import { openApiDocument } from "#shared/api/document/open-api.ts";
import { push } from "../../local/tour/push.ts";
import { readStandards } from "../../local/tour/standards.ts";
import { startTestAccount, type TestAccount } from "../support/account.ts";
import { sampleText } from "../support/events.ts";
import { smallImage, targetFor } from "../support/pushing.ts";
import { type Keys, type Sent, send, sendSigned } from "../unit/local/api-gateway/signed-request.ts";
import { createUnseen } from "./sweeping.ts";

interface Request extends Omit<Sent, "body"> {
  readonly body?: unknown;
}

let test: TestAccount;
let keys: Keys;
beforeAll(async () => {
  test = await startTestAccount();
  keys = test.account.user("ci");
});
afterAll(() => test[Symbol.asyncDispose]());

function signed({ path = "/", body, headers, ...more }: Request, { by = keys, service = "execute-api" } = {}) {
  const { endpoints, region } = test.account;
  const text = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const type = body === undefined ? {} : { "content-type": "application/json" };
  const sent: Sent = { ...more, ...text, path: `/v1${path}`, headers: { ...type, ...headers } };
  return sendSigned(endpoints.apiGateway, { service, region, keys: by }, sent);
}

/** An answer that is as the OpenAPI document says. */
async function ask<Name extends keyof typeof ANSWERS>(
  name: Name,
  status: number,
  request: Request,
): Promise<z.output<(typeof ANSWERS)[Name]>> {
  const answer = await signed(request);
  const text = answer.body.toString();
  expect([answer.status, answer.status === status ? "" : text]).toEqual([status, ""]);
  return ANSWERS[name].parse(JSON.parse(text)) as z.output<(typeof ANSWERS)[Name]>;
}

async function refused(request: Request): Promise<z.output<typeof problem>> {
  const answer = await signed(request);
  const told = problem.parse(JSON.parse(answer.body.toString()));
  expect([answer.status, answer.headers["content-type"]]).toEqual([told.status, "application/problem+json"]);
  return told;
}

/** The first in the file: the function has not run yet. */
describe("a request that nobody signed, or signed wrongly", () => {
  it("is 403 before the function runs", async () => {
    const { endpoints, timeline } = test.account;
    const start = timeline.last();
    const put: Sent = { method: "PUT", path: "/v1/repositories/team-a/web" };

    const answers = [
      await send(endpoints.apiGateway, put),
      await send(endpoints.apiGateway, { ...put, headers: { authorization: "Bearer abc" } }),
      await signed({ method: "PUT", path: "/repositories/team-a/web" }, { by: { ...keys, secretAccessKey: "wrong" } }),
      await signed(
        { method: "PUT", path: "/repositories/team-a/web" },
        { by: { ...keys, accessKeyId: "AKIAUNKNOWN" } },
      ),
      await signed({ method: "PUT", path: "/repositories/team-a/web" }, { service: "ecr" }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    expect(timeline.after(start)).toEqual([]);
    expect((await test.ecr.send(new DescribeRepositoriesCommand({}))).repositories).toEqual([]);
  });
});

describe("a pipeline", () => {
  it("ensures the repository, pushes, and learns where its image stands", async () => {
    const path = "/repositories/team-a/web";
    const created = await ask("ensured", 201, { method: "PUT", path });
    const again = await ask("ensured", 200, { method: "PUT", path: "/repositories/team-a%2Fweb", body: {} });
    await push(smallImage(), await targetFor(test, "team-a/web", "v1.0.0"));
    await test.account.idle();

    const mirrors = await ask("mirrors", 200, { path: "/mirrors", query: { repository: "team-a/web", tag: "v1.0.0" } });
    const shown = await ask("repository", 200, { path });

    expect(created).toMatchObject({ created: true, template: "team-a", differences: [] });
    expect(again).toMatchObject({ created: false, changed: [], uri: created.uri });
    expect(mirrors.states).toMatchObject([{ tag: "v1.0.0", state: "mirrored", destination: "team-a-web" }]);
    expect(shown).toMatchObject({
      standard: { outcome: "governed", template: "team-a" },
      mutability: { mode: "IMMUTABLE_WITH_EXCLUSION", exclude: ["dev-*"] },
      differences: [],
      mirror: { states: [{ tag: "v1.0.0", state: "mirrored" }] },
    });
    const record = test.account.timeline.after(0).find(({ what }) => what === "repository-created");
    expect(record).toMatchObject({
      who: "repository-api",
      facts: { cause: "requested", caller: expect.stringMatching(/:user\/ci$/) },
    });
  });

  it("brings a repository that was there before to its standard, and learns what was changed", async () => {
    await createUnseen(test, "team-a/old");

    const drifted = await ask("repositories", 200, { path: "/repositories", query: { filter: "drifted" } });
    const ensured = await ask("ensured", 200, { method: "PUT", path: "/repositories/team-a/old" });

    expect(drifted.repositories.map(({ repository }) => repository)).toEqual(["team-a/old"]);
    expect(ensured.changed.map(({ setting }) => setting).sort()).toEqual([
      "lifecyclePolicy",
      "mutability",
      "repositoryPolicy",
      "scanOnPush",
      "tags",
    ]);
    expect(await readStandards(test.ecr, "team-a/old")).toMatchObject({ missing: [] });
  });

  it("gets one repository when many jobs ask at once", async () => {
    const path = "/repositories/team-a/many";

    const answers = await Promise.all(Array.from({ length: 4 }, () => signed({ method: "PUT", path })));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
    expect(await refused({ method: "PUT", path, headers: { "if-none-match": "*" } })).toMatchObject({
      status: 412,
      code: "repository-exists",
    });
  });
});

describe("a person", () => {
  it("lists, plans, sweeps, and asks for what is missing", async () => {
    const all = await ask("repositories", 200, { path: "/repositories", query: { filter: "mirrored" } });
    const standards = await ask("plan", 200, { method: "POST", path: "/plans", body: { of: "standards" } });
    const mirrors = await ask("plan", 200, { method: "POST", path: "/plans", body: { of: "mirrors" } });
    const deletions = await ask("plan", 200, { method: "POST", path: "/plans", body: { of: "deletions" } });
    const pages = await ask("plan", 200, { method: "POST", path: "/plans", body: { of: "catalog" } });
    const one = { repository: "team-a/web", tag: "v1.0.0" };
    const start = test.account.timeline.last();
    await ask("mirrorRequested", 202, { method: "POST", path: "/mirrors", body: one });
    await ask("mirrorRequested", 202, { method: "POST", path: "/mirrors", body: { everything: true } });
    for (const of of ["standards", "catalog"])
      await ask("sweepRequested", 202, { method: "POST", path: "/sweeps", body: { of } });
    const page = await ask("catalog", 200, { method: "POST", path: "/catalog/team-a-web" });
    await test.account.idle();

    expect(all.repositories.map(({ repository }) => repository)).toEqual(["team-a/many", "team-a/old", "team-a/web"]);
    expect([standards, mirrors]).toMatchObject([
      { of: "standards", repositories: [] },
      { of: "mirrors", mirrors: [] },
    ]);
    expect([deletions, pages]).toMatchObject([{ of: "deletions", deletions: [] }, { of: "catalog" }]);
    expect(page.repository).toBe("team-a-web");
    const told = test.account.timeline.after(start).flatMap(({ kind, what }) => (kind === "decision" ? [what] : []));
    expect(told).toEqual(expect.arrayContaining(["image-unchanged", "mirrors-swept", "sweep-finished"]));
    expect(test.account.timeline.after(start).filter(({ kind }) => kind === "failure")).toEqual([]);
  });

  it("sees what was given up, without taking it away, and sends it back", async () => {
    const { accessKeyId, secretAccessKey } = keys;
    const config = { endpoint: test.account.endpoints.aws, region: test.account.region };
    const sqs = new SQSClient({
      ...config,
      credentials: { accessKeyId, secretAccessKey },
      useQueueUrlAsEndpoint: false,
    });
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    const QueueUrl = QueueUrls.find((url) => /CreateRepositoryDeadLetters/.test(url));
    const missed = (name: string) => sampleText("push-to-missing-repository").replaceAll("team-a/web", name);
    for (const name of ["team-a/first", "team-a/second"]) {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: missed(name) }));
    }
    sqs.destroy();

    const looks = [
      await ask("deadLetters", 200, { path: "/dead-letters" }),
      await ask("deadLetters", 200, { path: "/dead-letters" }),
    ];
    const ill = await ask("health", 200, { path: "/health" });
    const first = looks[0]?.deadLetters.find(({ repository }) => repository === "team-a/first");
    const back = await ask("replayed", 202, { method: "POST", path: `/dead-letters/${first?.id}/replay` });
    await test.decision("repository-created", "team-a/first");
    const left = test.account.deadLetters();
    await ask("replays", 202, { method: "POST", path: "/dead-letters/replay" });
    await test.decision("repository-created", "team-a/second");

    for (const { deadLetters } of looks) {
      expect(deadLetters.map(({ repository, function: name, kind }) => [name, kind, repository]).sort()).toEqual([
        ["create-repository", "AWS API Call via CloudTrail", "team-a/first"],
        ["create-repository", "AWS API Call via CloudTrail", "team-a/second"],
      ]);
    }
    expect(JSON.stringify(looks)).not.toContain("ASIAIOSFODNN7EXAMPLE");
    expect(ill.checks).toContainEqual({
      name: "queue of create-repository",
      healthy: false,
      waiting: 0,
      deadLetters: 2,
    });
    expect([back.replayed.repository, left, test.account.deadLetters()]).toEqual(["team-a/first", 1, 0]);
    expect((await ask("health", 200, { path: "/health" })).healthy).toBe(true);
  });

  it("reads the policy in force, and the contract", async () => {
    const { hash, policy } = await ask("policy", 200, { path: "/policy" });
    const contract = await ask("openApi", 200, { path: "/openapi.json" });

    expect(hash).toMatch(/^sha256:/);
    expect(policy).toMatchObject({ version: 1, templates: [{ prefix: "team-a" }] });
    expect(contract).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });
});

describe("what is asked wrongly", () => {
  it.each<[string, Request, number, string, string | undefined]>([
    ["a traversal", { method: "PUT", path: "/repositories/team-a%2F..%2Fweb" }, 422, "name-refused", "service"],
    [
      "a name that is encoded twice",
      { method: "PUT", path: "/repositories/team-a%252Fweb" },
      422,
      "name-refused",
      "service",
    ],
    ["a control character", { method: "PUT", path: "/repositories/team-a%00" }, 422, "name-refused", "service"],
    [
      "257 characters",
      { method: "PUT", path: `/repositories/team-a/${"x".repeat(250)}` },
      422,
      "name-refused",
      "service",
    ],
    ["a denied name", { method: "PUT", path: "/repositories/team-a/tmp-1" }, 422, "name-refused", "deny"],
    ["a near name", { method: "PUT", path: "/repositories/team-a/secnd" }, 409, "name-near", "near-name"],
    [
      "a name of nobody",
      { method: "PUT", path: "/repositories/nobody/knows" },
      422,
      "repository-ungoverned",
      "no-template",
    ],
    [
      "an unknown field",
      { method: "POST", path: "/sweeps", body: { off: "standards" } },
      422,
      "request-invalid",
      "unknown-field",
    ],
    [
      "an unknown parameter",
      { path: "/repositories", query: { filte: "drifted" } },
      422,
      "request-invalid",
      "unknown-field",
    ],
    ["a parameter twice", { path: "/repositories", query: { limit: ["1", "2"] } }, 422, "request-invalid", "schema"],
    ["no JSON", { method: "POST", path: "/sweeps", body: "{" }, 400, "body-malformed", "json"],
    ["too much", { method: "POST", path: "/sweeps", body: "x".repeat(65_537) }, 413, "body-too-large", undefined],
    [
      "a tag that is not there",
      { method: "POST", path: "/mirrors", body: { repository: "team-a/web", tag: "v9" } },
      404,
      "image-unknown",
      undefined,
    ],
    [
      "a tag of no rule",
      { method: "POST", path: "/mirrors", body: { repository: "team-a/web", tag: "dev" } },
      422,
      "not-selected",
      "tags",
    ],
    ["a place of no list", { path: "/repositories", query: { next: "nowhere" } }, 422, "next-refused", "next"],
    [
      "a place of no plan",
      { method: "POST", path: "/plans", body: { of: "standards", next: "e30" } },
      422,
      "next-refused",
      "next",
    ],
    ["a repository that is not there", { path: "/repositories/team-a/none" }, 404, "repository-unknown", undefined],
    [
      "a dead letter that is not there",
      { method: "POST", path: "/dead-letters/x/replay" },
      404,
      "dead-letter-unknown",
      undefined,
    ],
    ["a route that is not there", { path: "/repositorys" }, 404, "route-unknown", undefined],
    [
      "a method that is not there",
      { method: "DELETE", path: "/repositories/team-a/web" },
      405,
      "method-not-allowed",
      undefined,
    ],
  ])("is refused on record: %s", async (_, request, status, code, rule) => {
    const start = test.account.timeline.last();

    const told = await refused(request);

    expect(told).toMatchObject({ status, code, type: `urn:ecr-autopilot:problem:${code}` });
    expect(told.rule).toBe(rule);
    const record = await test.account.timeline.until(
      `request-refused of ${told.requestId}`,
      { after: start, timeoutMs: 60_000 },
      ({ what, facts }) => what === "request-refused" && facts.apiRequestId === told.requestId,
    );
    expect(record.facts).toMatchObject({ code, caller: expect.stringMatching(/:user\/ci$/) });
    const writes = test.account.timeline
      .after(start)
      .filter(({ kind, what }) => kind === "call" && /^ecr|:Send/.test(what));
    expect(writes).toEqual([]);
  });
});
