import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { awsChain } from "../../../../cli/backends/aws.ts";
import { restCalls } from "../../../../cli/backends/rest.ts";
import { regionOfEndpoint, signedCalls } from "../../../../cli/backends/signed-call.ts";
import { listen } from "../../../../local/servers.ts";

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** An API that answers what it is told to, in order, the last again and again. */
async function startApi(...answers: readonly { status: number; body?: unknown; headers?: Record<string, string> }[]) {
  const seen: Seen[] = [];
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url, headers } = request;
    seen.push({ method, url, authorization: headers.authorization, body: await text(request) });
    const { status, body = {}, headers: own } = answers[seen.length - 1] ?? answers.at(-1) ?? { status: 500 };
    response.writeHead(status, own).end(typeof body === "string" ? body : JSON.stringify(body));
  }
  const server = await listen((request, response) => void answer(request, response), 0);
  return { ...server, seen, [Symbol.asyncDispose]: () => server.close() };
}

function backend(endpoint: string, signal = new AbortController().signal) {
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
  const signer = { ...awsChain(), region: "eu-west-1", credentials };
  return restCalls(signedCalls({ endpoint: `${endpoint}/v1/`, signer, signal, backoffMs: 1 }));
}

describe("a call of the API", () => {
  it("is signed for execute-api, with names as they stand in a path", async () => {
    await using api = await startApi({ status: 200, body: { repository: "team-a/x.y__z" } });

    const answer = await backend(api.url).ensure("team-a/x.y__z");
    await backend(api.url).listRepositories({ filter: "drifted", next: "a+/=b" });

    expect(answer).toEqual({ repository: "team-a/x.y__z" });
    expect(api.seen).toMatchObject([
      {
        method: "PUT",
        url: "/v1/repositories/team-a/x.y__z",
        body: "{}",
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/execute-api\/aws4_request, SignedHeaders=\S*content-type;host;\S+, Signature=[0-9a-f]{64}$/,
        ),
      },
      { method: "GET", url: "/v1/repositories?filter=drifted&next=a%2B%2F%3Db" },
    ]);
  });

  it("is sent again where it was throttled, and not where it was refused", async () => {
    const told = { code: "name-refused", rule: "deny", requestId: "r-1" };
    const detail = "the name is denied";
    await using busy = await startApi({ status: 429 }, { status: 503 }, { status: 200, body: { tasks: [] } });
    await using strict = await startApi({ status: 422, body: { ...told, detail } });

    expect(await backend(busy.url).replayAll()).toEqual({ tasks: [] });
    await expect(backend(strict.url).ensure("x/y")).rejects.toMatchObject({ status: 422, ...told, message: detail });
    expect([busy.seen.length, strict.seen.length]).toEqual([3, 1]);
  });

  it("ends after four tries of an API that stays away", async () => {
    await using away = await startApi({ status: 503, body: { message: "Service Unavailable" } });

    await expect(backend(away.url).deadLetters()).rejects.toMatchObject({
      status: 503,
      message: expect.stringMatching(/^GET 127\.0\.0\.1:\d+\/v1\/dead-letters: status 503: Service Unavailable$/),
    });
    expect(away.seen).toHaveLength(4);
  });

  it("tells in one line what API Gateway says before the function runs", async () => {
    const headers = { "x-amzn-errortype": "InvalidSignatureException", "x-amzn-requestid": "r-2" };
    const message = "The request signature does not match.\n\nThe Canonical String should have been\n'GET";
    await using api = await startApi({ status: 403, headers, body: { message } });

    await expect(backend(api.url).plan({ of: "standards" })).rejects.toMatchObject({
      status: 403,
      code: "InvalidSignatureException",
      requestId: "r-2",
      message: expect.stringMatching(
        /: status 403: InvalidSignatureException: The request signature does not match\.$/,
      ),
    });
  });

  it("fails where something else than the API answers, or nobody", async () => {
    await using page = await startApi({ status: 200, body: "<html>" });
    const gone = await startApi({ status: 200 });
    await gone.close();

    await expect(backend(page.url).deadLetters()).rejects.toMatchObject({ code: "api-answer-strange" });
    await expect(backend(gone.url).deadLetters()).rejects.toMatchObject({ code: "api-unreachable" });
  });

  it("ends at once with the signal", async () => {
    await using api = await startApi({ status: 503 });
    const ended = AbortSignal.abort(new Error("enough"));

    await expect(backend(api.url, ended).deadLetters()).rejects.toThrow("enough");
  });
});

describe("a back-fill of one repository", () => {
  it("asks for each pending digest once, over all pages", async () => {
    const state = (tag: string, digest: string, how = "pending") => ({ tag, digest, state: how });
    await using api = await startApi(
      { status: 200, body: { states: [state("v1", "sha256:a"), state("v2", "sha256:b", "blocked")], next: "n" } },
      { status: 200, body: { states: [state("v3", "sha256:a"), state("v4", "sha256:c", "mirrored")] } },
      { status: 202, body: {} },
    );

    const answer = await backend(api.url).backfill("a/b");

    expect(answer).toEqual({
      requested: { repository: "a/b" },
      images: [{ repository: "a/b", digest: "sha256:a", tags: ["v1", "v3"] }],
    });
    expect(api.seen.slice(1)).toMatchObject([
      { url: "/v1/mirrors?repository=a%2Fb&next=n" },
      { method: "POST", url: "/v1/mirrors", body: '{"repository":"a/b","digest":"sha256:a"}' },
    ]);
    expect(api.seen).toHaveLength(3);
  });
});

describe("an endpoint", () => {
  it.each([
    ["https://abc123.execute-api.eu-west-1.amazonaws.com/v1", "eu-west-1"],
    ["https://abc123-vpce-0f.execute-api.us-gov-west-1.amazonaws.com/v1", "us-gov-west-1"],
    ["https://vpce-0f-ab.execute-api.ap-southeast-2.vpce.amazonaws.com/v1", "ap-southeast-2"],
    ["https://ecr.example.com/v1", undefined],
  ])("%s is in %s", (endpoint, region) => {
    expect(regionOfEndpoint(endpoint)).toBe(region);
  });

  it.each([
    ["abc123", "'abc123/v1/' is no endpoint; write https://<id>.execute-api"],
    ["ftp://example.com", "is no endpoint"],
    ["http://example.com", "is not https"],
  ])("is refused as %s", (endpoint, reason) => {
    expect(() => backend(endpoint)).toThrow(reason);
  });
});
