import { describe, expect, it } from "vitest";
import { permanent, transient } from "#shared/errors.ts";
import { bare } from "../../shared/standards/fake-ecr.ts";
import { CALLER, startApi } from "./start-api.ts";

const post = (path: string, body?: unknown) => ({ method: "POST", path, body });
const DIGEST = `sha256:${"a".repeat(64)}`;
const images = ["team-a/web:v1", `team-a/web:${DIGEST}`];

describe("POST /mirrors", () => {
  it("asks the mirror for one tag, with the caller on record", async () => {
    const { request, sent, decisions } = startApi({ images });

    const { status, body } = await request(post("/mirrors", { repository: "team-a/web", tag: "v1" }));

    expect([status, body]).toEqual([202, { requested: { repository: "team-a/web", tag: "v1" } }]);
    expect(sent).toEqual([
      ["mirror-image", "Mirror Requested", { repository: "team-a/web", tag: "v1", rounds: 0, failures: 0 }],
    ]);
    expect(decisions).toEqual([{ decision: "mirror-requested", repository: "team-a/web", tag: "v1", caller: CALLER }]);
  });

  it("asks for one digest", async () => {
    const { request, sent } = startApi({ images });

    await request(post("/mirrors", { repository: "team-a/web", digest: DIGEST }));

    expect(sent).toMatchObject([["mirror-image", "Mirror Requested", { repository: "team-a/web", digest: DIGEST }]]);
  });

  it("has everything looked for by the function that looks every hour, whose queue keeps it", async () => {
    const { request, sent, decisions } = startApi();

    const { status, body } = await request(post("/mirrors", { everything: true }));

    expect([status, body]).toEqual([202, { requested: "everything" }]);
    expect(sent).toEqual([["reconcile-mirrors", "Sweep Requested", { caller: CALLER }]]);
    expect(decisions).toEqual([{ decision: "sweep-requested", of: "mirrors", caller: CALLER }]);
  });

  it.each<[string, object, number, string, string | undefined]>([
    ["a repository that no rule names", { repository: "team-b/web", tag: "v1" }, 422, "not-selected", "source"],
    ["a tag that no rule selects", { repository: "team-a/web", tag: "dev-1" }, 422, "not-selected", "tags"],
    ["an image that is not there", { repository: "team-a/web", tag: "v2" }, 404, "image-unknown", undefined],
    ["a tag and a digest", { repository: "team-a/web", tag: "v1", digest: DIGEST }, 422, "request-invalid", "schema"],
    ["nothing but a repository", { repository: "team-a/web" }, 422, "request-invalid", "schema"],
    ["everything of one repository", { everything: true, repository: "a/b" }, 422, "request-invalid", "schema"],
    ["a field that is not known", { repo: "team-a/web", tag: "v1" }, 422, "request-invalid", "unknown-field"],
  ])("refuses %s", async (_, body, status, code, rule) => {
    const { request, changes } = startApi({ images });

    const answer = await request(post("/mirrors", body));

    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.body.rule).toBe(rule);
    expect(changes()).toEqual([]);
  });
});

describe("GET /mirrors", () => {
  it("gives the states of one tag as both registries are now", async () => {
    const states = [{ tag: "v1", state: "blocked", gate: "scan", reason: "no scan has ended" }];
    const { request, asked } = startApi({ answer: () => ({ repository: "team-a/web", exists: true, states }) });

    const { status, body } = await request({ path: "/mirrors", query: { repository: "team-a/web", tag: "v1" } });

    expect([status, body]).toEqual([200, { repository: "team-a/web", exists: true, states }]);
    expect(asked).toEqual([["mirror-status", { repository: "team-a/web", tag: "v1" }]]);
  });

  it("needs a repository, and one of tag, digest and next at most", async () => {
    const { request, asked } = startApi();

    const without = await request({ path: "/mirrors" });
    const both = await request({ path: "/mirrors", query: { repository: "a/b", tag: "v1", digest: DIGEST } });

    expect(without.body.detail).toBe("query.repository is missing");
    expect(both).toMatchObject({ status: 422, body: { code: "request-invalid" } });
    expect(asked).toEqual([]);
  });
});

describe("POST /plans", () => {
  it.each<[string, string]>([
    ["standards", "reconcile-repositories"],
    ["mirrors", "reconcile-mirrors"],
    ["catalog", "sync-catalog"],
  ])("of %s is the plan of %s, in as much as fits", async (of, helper) => {
    const { request, asked, changes } = startApi({
      answer: () => ({ mode: "plan", words: "nothing", next: { startedAt: "now" } }),
    });

    const first = await request(post("/plans", { of, repository: "team-a/web" }));
    await request(post("/plans", { of, next: first.body.next }));

    expect(first).toMatchObject({ status: 200, body: { of, words: "nothing", next: expect.any(String) } });
    expect(first.body.mode).toBeUndefined();
    expect(asked).toEqual([
      [helper, { mode: "plan", repository: "team-a/web", withinMs: 24_000 }],
      [helper, { mode: "plan", position: { startedAt: "now" }, withinMs: 24_000 }],
    ]);
    expect(changes()).toEqual([]);
  });

  it("of deletions shows what would go, and why, without what would come", async () => {
    const going = { tag: "v1", digest: DIGEST, cause: "retention", when: "now", reason: "older than 30 days" };
    const clear = { destination: "team-a-web", conflicts: [], deletions: [going], followers: [], held: [] };
    const quiet = { ...clear, destination: "other", deletions: [] };
    const { request } = startApi({
      answer: () => ({
        mode: "plan",
        mirrors: [{ repository: "team-a/web", requests: ["x"], destinations: [clear, quiet], impossible: [] }],
      }),
    });

    const { body } = await request(post("/plans", { of: "deletions" }));

    const { conflicts: _, ...shown } = clear;
    expect(body).toEqual({ of: "deletions", deletions: [{ repository: "team-a/web", ...shown }] });
  });

  it.each(["e30", "abc", "bm9wZQ"])("refuses a next that was never given: %s", async (next) => {
    const { request } = startApi({
      answer: () => {
        throw permanent("call-refused", "not a sweep by hand: position.counts is missing");
      },
    });

    expect(await request(post("/plans", { of: "standards", next }))).toMatchObject({
      status: 422,
      body: { code: "next-refused", rule: "next" },
    });
  });

  it("tells nothing of a function that failed, and says to come again", async () => {
    const { request, failures } = startApi({
      answer: () => {
        throw transient("call-failed", "secret-function failed: no permission for arn:aws:x");
      },
    });

    const answer = await request(post("/plans", { of: "standards" }));

    expect(answer).toMatchObject({ status: 503, headers: { "Retry-After": "5" }, body: { code: "unavailable" } });
    expect(JSON.stringify(answer.body)).not.toMatch(/secret|arn/);
    expect(failures).toMatchObject([
      { error: { code: "call-failed" }, facts: { apiRequestId: "req-1", caller: CALLER } },
    ]);
  });
});

describe("POST /sweeps", () => {
  it.each<[string, string]>([
    ["standards", "reconcile-repositories"],
    ["mirrors", "reconcile-mirrors"],
    ["catalog", "sync-catalog"],
  ])("of %s is a message to the queue of %s", async (of, worker) => {
    const { request, sent } = startApi();

    const { status, body } = await request(post("/sweeps", { of }));

    expect([status, body]).toEqual([202, { requested: of }]);
    expect(sent).toEqual([[worker, "Sweep Requested", { caller: CALLER }]]);
  });

  it("needs a body", async () => {
    const { request } = startApi();

    expect((await request(post("/sweeps"))).body).toMatchObject({
      code: "request-invalid",
      detail: "the body is missing",
    });
  });
});

describe("POST /catalog/{name+}", () => {
  it("brings one page in step, and tells what it did", async () => {
    const { request, asked, decisions } = startApi({ answer: () => ({ mode: "apply", outcome: "updated" }) });

    const { status, body } = await request(post("/catalog/team-a-web"));

    expect([status, body]).toEqual([200, { repository: "team-a-web", outcome: "updated" }]);
    expect(asked).toEqual([["sync-catalog", { mode: "apply", repository: "team-a-web", withinMs: 24_000 }]]);
    expect(decisions).toEqual([{ decision: "catalog-requested", repository: "team-a-web", caller: CALLER }]);
  });

  it("refuses a name that ECR Public does not take, though ECR does", async () => {
    const { request, asked } = startApi();

    expect(await request(post("/catalog/team__a"))).toMatchObject({ status: 422, body: { code: "name-refused" } });
    expect(asked).toEqual([]);
  });
});

describe("dead letters", () => {
  const dead = [
    {
      id: "m2",
      function: "mirror-image",
      kind: "ECR Image Action",
      repository: "team-a/web",
      sentAt: "2026-06-02T00:00:00.000Z",
      receives: 6,
    },
    {
      id: "m1",
      function: "create-repository",
      kind: undefined,
      repository: undefined,
      sentAt: "2026-06-01T00:00:00.000Z",
      receives: 5,
    },
  ];

  it("are shown oldest first, at most so many", async () => {
    const { request } = startApi({ dead });

    const all = await request({ path: "/dead-letters" });
    const one = await request({ path: "/dead-letters", query: { limit: "1" } });

    expect(all.body).toEqual({ deadLetters: [JSON.parse(JSON.stringify(dead[1])), dead[0]], more: false });
    expect([one.body.deadLetters.length, one.body.more]).toEqual([1, true]);
  });

  it("go back one by one, on record", async () => {
    const { request, replayed, decisions } = startApi({ dead });

    const { status, body } = await request(post("/dead-letters/m2/replay"));

    expect([status, body]).toEqual([202, { replayed: dead[0] }]);
    expect(replayed).toEqual(["m2"]);
    expect(decisions).toMatchObject([
      { decision: "dead-letter-replayed", messageId: "m2", function: "mirror-image", caller: CALLER },
    ]);
    expect(await request(post("/dead-letters/m2/replay"))).toMatchObject({
      status: 404,
      body: { code: "dead-letter-unknown" },
    });
  });

  it("go back all at once", async () => {
    const { request, replayed } = startApi({ dead });

    const { status, body } = await request(post("/dead-letters/replay"));

    expect([status, body.tasks]).toEqual([
      202,
      [
        { function: "mirror-image", task: "started" },
        { function: "create-repository", task: "started" },
      ],
    ]);
    expect(replayed).toEqual(["all of mirror-image", "all of create-repository"]);
  });

  it("make the project unhealthy", async () => {
    const healthy = await startApi().request({ path: "/health" });
    const ill = await startApi({ dead }).request({ path: "/health" });

    expect(healthy.body.healthy).toBe(true);
    expect(ill.body).toMatchObject({
      healthy: false,
      checks: [
        { name: "registry", healthy: true },
        { name: "trail", healthy: true },
        { name: "queue of mirror-image", healthy: false, deadLetters: 1 },
        { name: "queue of create-repository", healthy: false, deadLetters: 1 },
      ],
    });
  });
});

describe("GET /health", () => {
  it("tells of an account without a trail, and asks check-account for it", async () => {
    const { request, asked } = startApi({
      answer: () => ({ trail: "missing", reason: "no trail", lacks: ["no-trail"] }),
    });

    const { body } = await request({ path: "/health" });

    expect(asked).toEqual([["check-account", {}]]);
    expect(body).toMatchObject({ healthy: false });
    expect(body.checks[1]).toEqual({ name: "trail", healthy: false, code: "trail-missing" });
  });

  it("tells by a code what does not answer, and the log why", async () => {
    const { request, failures } = startApi({
      before: () => {
        throw Object.assign(new Error("User: arn:x is not authorized"), { name: "AccessDeniedException" });
      },
    });

    const { status, body } = await request({ path: "/health" });

    expect([status, body.healthy, body.checks[0]]).toEqual([
      200,
      false,
      { name: "registry", healthy: false, code: "ecr-denied" },
    ]);
    expect(failures).toHaveLength(1);
  });
});

describe("GET /policy", () => {
  it("is the one in force, with its hash", async () => {
    const { body } = await startApi({ repositories: { a: bare() } }).request({ path: "/policy" });

    expect(body).toMatchObject({
      hash: expect.stringMatching(/^sha256:/),
      policy: { version: 1, naming: { deny: ["**/tmp-*"] } },
    });
  });
});
