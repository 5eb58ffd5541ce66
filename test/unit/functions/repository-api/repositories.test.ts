import { describe, expect, it } from "vitest";
import { policyWith, template } from "../../shared/policy/support.ts";
import { awsError, bare } from "../../shared/standards/fake-ecr.ts";
import { CALLER, startApi } from "./start-api.ts";

const put = (path: string, more = {}) => ({ method: "PUT", path: `/repositories/${path}`, ...more });

describe("PUT /repositories/{name+}", () => {
  it("creates with the caller as owner, and says where to push", async () => {
    const { request, repositories, decisions } = startApi();

    const { status, body } = await request(put("team-a/web"));

    expect(status).toBe(201);
    expect(body).toMatchObject({
      repository: "team-a/web",
      uri: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team-a/web",
      created: true,
      template: "team-a",
      changed: [],
      differences: [],
    });
    expect(repositories.get("team-a/web")).toMatchObject({ mutability: "IMMUTABLE", tags: { owner: "ci" } });
    expect(decisions).toEqual([
      {
        decision: "repository-created",
        repository: "team-a/web",
        cause: "requested",
        caller: CALLER,
        template: "team-a",
      },
    ]);
  });

  it("is one repository however often it is asked, and changes nothing the second time", async () => {
    const { request, repositories } = startApi();

    const answers = [await request(put("team-a/web")), await request(put("team-a/web"))];

    expect(answers.map(({ status, body }) => [status, body.created])).toEqual([
      [201, true],
      [200, false],
    ]);
    expect(answers[1]?.body.changed).toEqual([]);
    expect([...repositories.keys()]).toEqual(["team-a/web"]);
  });

  it("is one repository when several ask at once", async () => {
    const { request, repositories } = startApi();

    const answers = await Promise.all(Array.from({ length: 5 }, () => request(put("team-a/web"))));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    expect([...repositories.keys()]).toEqual(["team-a/web"]);
  });

  it("brings one that drifted to its standard, and says what it changed", async () => {
    const { request, repositories } = startApi({ repositories: { "team-a/web": bare({ scanOnPush: true }) } });

    const { status, body } = await request(put("team-a/web"));

    expect(status).toBe(200);
    expect(body.changed).toEqual([
      {
        setting: "mutability",
        present: { mode: "MUTABLE", exclude: [] },
        wanted: { mode: "IMMUTABLE", exclude: [] },
        words: "mutability is MUTABLE, wanted IMMUTABLE",
      },
    ]);
    expect(repositories.get("team-a/web")?.mutability).toBe("IMMUTABLE");
  });

  it("says what it may not change", async () => {
    const policy = policyWith({
      mutability: { enforcement: "report" },
      templates: [template("ROOT", { mutability: { mode: "IMMUTABLE", exclude: [] } })],
    });
    const { request, repositories } = startApi({ policy, repositories: { web: bare() } });

    const { status, body } = await request(put("web"));

    expect([status, body.changed, repositories.get("web")?.mutability]).toEqual([200, [], "MUTABLE"]);
    expect(body.differences).toMatchObject([{ setting: "mutability", action: "report-only" }]);
  });

  it("with If-None-Match: * creates only", async () => {
    const { request, writes } = startApi({ repositories: { "team-a/web": bare() } });
    const headers = { "If-None-Match": "*" };

    const there = await request(put("team-a/web", { headers }));
    const fresh = await request(put("team-a/other", { headers }));

    expect(there).toMatchObject({ status: 412, body: { code: "repository-exists" } });
    expect(fresh.status).toBe(201);
    expect(writes()).toEqual(["CreateRepository team-a/other"]);
  });

  it("with If-None-Match: * refuses when somebody else was quicker between the two looks", async () => {
    const { request, repositories } = startApi({
      before({ operation }) {
        if (operation === "CreateRepository") repositories.set("team-a/web", bare());
      },
    });

    const { status, body } = await request(put("team-a/web", { headers: { "if-none-match": "*" } }));

    expect([status, body.code]).toEqual([412, "repository-exists"]);
  });

  it.each([{ "If-Match": "*" }, { "if-none-match": '"abc"' }])(
    "refuses a condition that it cannot keep: %j",
    async (headers) => {
      const { request, changes } = startApi();

      const answer = await request(put("team-a/web", { headers }));

      expect(answer).toMatchObject({ status: 400, body: { code: "header-unsupported" } });
      expect(changes()).toEqual([]);
    },
  );

  it.each<[string, number, string, string]>([
    ["nobody/knows", 422, "repository-ungoverned", "no-template"],
    ["team-a/tmp-x", 422, "name-refused", "deny"],
    ["team-a/paymets", 409, "name-near", "near-name"],
    ["Team-A/web", 422, "name-refused", "service"],
  ])("refuses %s with %s %s and the rule %s, and creates nothing", async (name, status, code, rule) => {
    const { request, changes } = startApi({ repositories: { "team-a/payments": bare() } });

    const answer = await request(put(name));

    expect(answer).toMatchObject({ status, body: { status, code, rule, requestId: "req-1" } });
    expect(changes()).toEqual([]);
  });

  it("refuses a key that KMS does not let ECR use", async () => {
    const policy = policyWith({ templates: [template("ROOT", { encryption: { type: "KMS", kmsKey: "k" } })] });
    const { request } = startApi({
      policy,
      before: ({ operation }) => {
        if (operation === "CreateRepository") throw awsError("KmsException");
      },
    });

    expect(await request(put("web"))).toMatchObject({
      status: 422,
      body: { code: "creation-refused", rule: "kms-key" },
    });
  });
});

describe("GET /repositories", () => {
  const repositories = {
    "team-a/good": bare({ mutability: "IMMUTABLE", scanOnPush: true }),
    "team-a/drifted": bare(),
    "team-a/tmp-x": bare(),
    "team-b/web": bare(),
  };
  const list = async (query: Record<string, string>) => {
    const { body } = await startApi({ repositories }).request({ path: "/repositories", query });
    return body.repositories.map(({ repository }: { repository: string }) => repository);
  };

  it("shows each beside its standard", async () => {
    const { request } = startApi({ repositories });

    const { status, body } = await request({ path: "/repositories" });

    expect(status).toBe(200);
    expect(body.repositories).toMatchObject([
      { repository: "team-a/drifted", standard: { outcome: "governed", template: "team-a" }, mirrored: true },
      { repository: "team-a/good", standard: { outcome: "governed" } },
      { repository: "team-a/tmp-x", standard: { outcome: "misnamed", rule: "deny" } },
      { repository: "team-b/web", standard: { outcome: "ungoverned" }, mirrored: false },
    ]);
    expect(body.next).toBeUndefined();
  });

  it.each<[string, string[]]>([
    ["drifted", ["team-a/drifted"]],
    ["misnamed", ["team-a/tmp-x"]],
    ["mirrored", ["team-a/drifted", "team-a/good", "team-a/tmp-x"]],
  ])("shows only those that are %s", async (filter, expected) => {
    expect(await list({ filter })).toEqual(expected);
  });

  it("goes on where a page ended, and reads on while a filter finds nothing", async () => {
    const { request, operations } = startApi({ repositories });

    const first = await request({ path: "/repositories", query: { limit: "3" } });
    const second = await request({ path: "/repositories", query: { limit: "3", next: first.body.next } });
    const before = operations().length;
    const found = await request({ path: "/repositories", query: { limit: "1", filter: "misnamed" } });

    expect([first.body.repositories.length, second.body.repositories.length, second.body.next]).toEqual([
      3,
      1,
      undefined,
    ]);
    expect(found.body.repositories).toHaveLength(1);
    expect(operations().length - before).toBe(3);
  });

  it("refuses a place that ECR does not know with 422, not as a failure of its own", async () => {
    const { request, failures } = startApi({
      before: ({ input }) => {
        if (input.nextToken === "stale") throw awsError("InvalidParameterException");
      },
    });

    expect(await request({ path: "/repositories", query: { next: "stale" } })).toMatchObject({
      status: 422,
      body: { code: "next-refused", rule: "next" },
    });
    expect(failures).toEqual([]);
  });

  it.each(["0", "101", "x", ""])("refuses the limit %j", async (limit) => {
    const { request } = startApi();

    expect(await request({ path: "/repositories", query: { limit } })).toMatchObject({
      status: 422,
      body: { code: "request-invalid", rule: "schema" },
    });
  });
});

describe("GET /repositories/{name+}", () => {
  it("shows what differs, and what the mirror's state is", async () => {
    const states = [{ tag: "v1", state: "mirrored" }];
    const { request, asked, writes } = startApi({
      repositories: { "team-a/web": bare({ scanOnPush: true }) },
      answer: () => ({ repository: "team-a/web", exists: true, states, next: "t1" }),
    });

    const { status, body } = await request({ path: "/repositories/team-a/web" });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      mutability: { mode: "MUTABLE", exclude: [] },
      differences: [{ setting: "mutability", action: "write" }],
      mirror: { states, next: expect.any(String) },
    });
    expect([asked, writes()]).toEqual([[["mirror-status", { repository: "team-a/web" }]], []]);
    await request({ path: "/repositories/team-a/web", query: { next: body.mirror.next } });
    expect(asked[1]).toEqual(["mirror-status", { repository: "team-a/web", from: "t1" }]);
  });

  it("asks nobody about a mirror that no rule makes", async () => {
    const { request, asked } = startApi({ repositories: { "team-b/web": bare() } });

    const { body } = await request({ path: "/repositories/team-b/web" });

    expect(body).toMatchObject({ standard: { outcome: "ungoverned" }, differences: [], mirror: { states: [] } });
    expect(asked).toEqual([]);
  });

  it("is 404 for one that is not there", async () => {
    expect(await startApi().request({ path: "/repositories/team-a/none" })).toMatchObject({
      status: 404,
      body: { code: "repository-unknown" },
    });
  });
});

describe("a name in a path", () => {
  it.each(["team-a/web__x.y-z", "team-a%2Fweb__x.y-z"])(
    "may have slashes, dots and double underscores: %s",
    async (path) => {
      const { request } = startApi();

      const { status, body } = await request(put(path));

      expect([status, body.repository]).toEqual([201, "team-a/web__x.y-z"]);
    },
  );

  it.each<[string, string, string]>([
    ["encoded twice", "team-a%252Fweb", "service"],
    ["with a traversal", "team-a/../web", "service"],
    ["with an encoded traversal", "team-a%2F%2e%2e%2fweb", "service"],
    ["with a control character", "team-a/we%00b", "service"],
    ["with a line break", "team-a/we%0Ab", "service"],
    ["of 257 characters", `team-a/${"x".repeat(250)}`, "service"],
    ["with a slash at its end", "team-a/web/", "service"],
    ["with an empty part", "team-a//web", "service"],
    ["that is no UTF-8", "team-a/%ff", "encoding"],
    ["that is cut off", "team-a/%e", "encoding"],
  ])("is refused with the rule: %s", async (_, path, rule) => {
    const { request, changes, calls } = startApi();

    for (const method of ["PUT", "GET"]) {
      const answer = await request({ method, path: `/repositories/${path}` });
      expect(answer).toMatchObject({ status: 422, body: { code: "name-refused", rule } });
    }
    expect([changes(), calls]).toEqual([[], []]);
  });
});
