import { describe, expect, it } from "vitest";
import type { SweepPosition, SweepResult } from "#shared/standards/sweep-repositories.ts";
import { policyWith, template } from "../policy/support.ts";
import { awsError, bare } from "./fake-ecr.ts";
import { immutable, many, sweeping, tagged, timeFor } from "./sweeping.ts";

/** A position as it comes back from the queue. */
const travelled = (position: SweepPosition | undefined): SweepPosition => JSON.parse(JSON.stringify(position));

describe("what a sweep reads", () => {
  it.each([
    ["1,000 where descriptions tell all that is governed", immutable, "apply", 1_000],
    ["100 where documents or tags are governed", tagged, "apply", 100],
    ["25 in a plan of these, whose answer holds the documents", tagged, "plan", 25],
    ["1,000 in a plan of descriptions", immutable, "plan", 1_000],
  ] as const)("is pages of %s", async (_, policy, mode, size) => {
    const { sweep, calls } = sweeping(many(3, { mutability: "IMMUTABLE", tags: { team: "a" } }), { policy });

    await sweep({ mode });

    expect(calls[0]).toMatchObject({ operation: "DescribeRepositories", input: { maxResults: size } });
  });

  it("is no document that the template of a repository does not govern", async () => {
    const policy = policyWith({
      templates: [
        template("ROOT", { scanOnPush: false }),
        template("docs", { lifecyclePolicy: '{"rules":[]}' }),
        template("tags", { tags: { team: "a" } }),
        template("policy", { repositoryPolicy: '{"Statement":[]}' }),
      ],
    });
    const { sweep, calls } = sweeping(
      {
        "docs/a": bare({ lifecyclePolicy: '{"rules":[]}' }),
        "policy/a": bare({ repositoryPolicy: '{"Statement":[]}' }),
        "tags/a": bare({ tags: { team: "a" } }),
        "web/a": bare(),
      },
      { policy },
    );

    await sweep();

    expect(calls.map(({ operation, repository }) => [operation, repository])).toEqual([
      ["DescribeRepositories", undefined],
      ["GetLifecyclePolicy", "docs/a"],
      ["GetRepositoryPolicy", "policy/a"],
      ["ListTagsForResource", "tags/a"],
    ]);
  });

  it("is nothing of a misnamed repository, nor of one that no template covers", async () => {
    const policy = policyWith({
      naming: { deny: ["**/tmp"] },
      templates: [template("team-a", { tags: { team: "a" } })],
    });
    const { sweep, operations, told } = sweeping({ "other/x": bare(), "team-a/tmp": bare() }, { policy });

    const { counts } = await sweep();

    expect(operations()).toEqual(["DescribeRepositories"]);
    expect(told()).toEqual(["repository-misnamed team-a/tmp"]);
    expect(counts).toMatchObject({ repositories: 2, misnamed: 1, ungoverned: 1, conforming: 0 });
  });

  it("is what was written, again, in hundreds, and one by one where one of a hundred is gone", async () => {
    const repositories = many(250);
    const { sweep, calls, told, ...fake } = sweeping(repositories, {
      before: ({ operation, input }) => {
        // Deleted after the last write, and before it is read again.
        if (operation === "DescribeRepositories" && input.repositoryNames !== undefined)
          fake.repositories.delete("a/r0150");
      },
    });

    const { counts } = await sweep();

    const asked = calls.flatMap(({ input }) => input.repositoryNames?.length ?? []);
    expect(asked).toEqual([100, 100, ...Array.from({ length: 100 }, () => 1), 50]);
    expect(counts).toMatchObject({ repositories: 250, putBack: 249, gone: 1, failed: 0, writes: { mutability: 249 } });
    expect(told()).toHaveLength(249);
  });
});

describe("a sweep whose time runs short", () => {
  it("gives where to go on, between two pages, and ends in the counts of one sweep", async () => {
    const policy = tagged;
    const settings = { mutability: "IMMUTABLE", tags: { team: "a" } };
    const repositories = { ...many(340, settings), "a/r0007": bare(), "a/r0339": bare({ tags: { team: "b" } }) };
    const whole = await sweeping(structuredClone(repositories), { policy }).sweep();
    const parts = sweeping(repositories, { policy });

    const results: SweepResult[] = [];
    for (let position: SweepPosition | undefined; results.length < 10; position = travelled(position)) {
      const result = await parts.sweep({ mode: "apply", position }, timeFor(2, parts.calls));
      results.push(result);
      position = result.next;
      if (position === undefined) break;
    }

    expect(results.map(({ counts }) => counts.repositories)).toEqual([200, 340]);
    expect(results.at(-1)?.counts).toEqual(whole.counts);
    expect(results[0]?.next).toMatchObject({ startedAt: "2026-06-15T12:00:00.000Z", invocations: 1 });
    expect(results[1]?.startedAt).toBe("2026-06-15T12:00:00.000Z");
    expect(whole.counts).toMatchObject({
      repositories: 340,
      putBack: 2,
      conforming: 338,
      writes: { mutability: 2, tags: 2 },
    });
  });

  it("stops within a page when the time is nearly over, and looks at that page once more", async () => {
    const settings = { mutability: "IMMUTABLE", tags: { team: "a" } };
    const repositories = { ...many(150, settings), "a/r0003": bare() };
    const { sweep, calls } = sweeping(repositories, { policy: tagged });
    const looked = () => calls.filter(({ operation }) => operation === "ListTagsForResource").length;

    const first = await sweep({ mode: "apply" }, () => (looked() < 40 ? 100_000 : 5_000));
    const again = await sweep({ mode: "apply", position: travelled(first.next) });

    expect(first.next).toMatchObject({ counts: { repositories: 0, putBack: 1 }, invocations: 1 });
    expect(again.counts).toMatchObject({ repositories: 150, conforming: 150, putBack: 1 });
    expect(again.next).toBeUndefined();
  });

  it("always does one page, however little is left, so that it comes to an end", async () => {
    const { sweep } = sweeping(many(150, { mutability: "IMMUTABLE", tags: { team: "a" } }), { policy: tagged });

    const first = await sweep({ mode: "apply" }, () => 0);
    const second = await sweep({ mode: "apply", position: travelled(first.next) }, () => 0);

    expect(first.counts.repositories).toBe(100);
    expect(second.counts.repositories).toBe(150);
    expect(second.next).toBeUndefined();
  });

  it("reads again what it wrote before it hands over", async () => {
    const { sweep, told } = sweeping(
      { ...many(150, { mutability: "IMMUTABLE", tags: { team: "a" } }), "a/r0001": bare() },
      {
        policy: tagged,
      },
    );

    const { counts, next } = await sweep({ mode: "apply" }, () => 0);

    expect(next).toBeDefined();
    expect(counts).toMatchObject({ putBack: 1, conforming: 99 });
    expect(told()).toEqual(["drift-put-back a/r0001"]);
  });

  it("is given up after a hundred invocations", async () => {
    const { sweep, calls } = sweeping(many(2));
    const counts = (await sweep()).counts;
    const before = calls.length;
    const position = { from: "a/r0000", startedAt: "2026-06-15T10:00:00.000Z", counts };

    await expect(sweep({ mode: "apply", position: { ...position, invocations: 100 } })).rejects.toMatchObject({
      code: "sweep-endless",
      permanent: true,
      message: "the sweep of 2026-06-15T10:00:00.000Z has taken 100 invocations",
    });
    expect(calls).toHaveLength(before);
    expect(await sweep({ mode: "apply", position: { ...position, invocations: 99 } })).toMatchObject({
      counts: { repositories: 3 },
    });
  });
});

describe("a page token that ECR takes no more", () => {
  const refused = (token: string) => (call: { operation: string; input: { nextToken?: string } }) => {
    if (call.input.nextToken === token) throw awsError("InvalidParameterException");
  };

  it("begins anew and counts nothing twice", async () => {
    const repositories = many(150, { mutability: "IMMUTABLE", tags: { team: "a" } });
    let isOld = false;
    const { sweep } = sweeping(repositories, {
      policy: tagged,
      before: (call) => {
        if (isOld) refused("a/r0099")(call);
      },
    });
    const first = await sweep({ mode: "apply" }, () => 0);
    isOld = true;

    const { counts, next, startedAt } = await sweep({ mode: "apply", position: travelled(first.next) }, () => 0);

    expect(first.next?.from).toBe("a/r0099");
    expect(counts).toMatchObject({ repositories: 100, conforming: 100 });
    expect(next).toMatchObject({ invocations: 2, startedAt: first.startedAt });
    expect(startedAt).toBe(first.startedAt);
  });

  it("costs one other beginning at most: refused again, it is an error", async () => {
    const { sweep, calls } = sweeping(many(150, { mutability: "IMMUTABLE", tags: { team: "a" } }), {
      policy: tagged,
      before: refused("a/r0099"),
    });
    const { counts } = await sweeping({}).sweep();
    const position = { from: "a/r0099", startedAt: "2026-06-15T10:00:00.000Z", counts, invocations: 1 };

    await expect(sweep({ mode: "apply", position }, timeFor(20, calls))).rejects.toMatchObject({ code: "ecr-invalid" });

    const asked = calls.flatMap(({ operation, input }) =>
      operation === "DescribeRepositories" ? [input.nextToken ?? "the first page"] : [],
    );
    expect(asked).toEqual(["a/r0099", "the first page", "a/r0099"]);
  });

  it("is an error where this invocation has just been given it", async () => {
    const { sweep } = sweeping(many(150, { mutability: "IMMUTABLE", tags: { team: "a" } }), {
      policy: tagged,
      before: refused("a/r0099"),
    });

    await expect(sweep()).rejects.toMatchObject({ code: "ecr-invalid" });
  });

  it("is not what a denial or a throttle is: they fail", async () => {
    const counts = (await sweeping({}).sweep()).counts;
    const position = { from: "a/r0000", startedAt: "2026-06-15T10:00:00.000Z", counts, invocations: 1 };
    for (const [name, code] of [
      ["AccessDeniedException", "ecr-denied"],
      ["ThrottlingException", "ecr-throttled"],
    ] as const) {
      const { sweep, calls } = sweeping(many(2), {
        before: () => {
          throw awsError(name);
        },
      });

      await expect(sweep({ mode: "apply", position })).rejects.toMatchObject({ code, permanent: false });
      expect(calls).toHaveLength(1);
    }
  });
});

describe("a plan that is longer than an answer", () => {
  it("stops when the room is used up, and goes on without losing or doubling a repository", async () => {
    const lifecyclePolicy = JSON.stringify({ rules: [{ description: "x".repeat(30_000) }] });
    const policy = policyWith({ templates: [template("ROOT", { lifecyclePolicy })] });
    const repositories = many(130, { lifecyclePolicy: lifecyclePolicy.replace(/x/g, "y") });
    const { sweep, writes, decisions } = sweeping(repositories, { policy });

    const results: SweepResult[] = [];
    let position: SweepPosition | undefined;
    do {
      const result = await sweep({ mode: "plan", position });
      results.push(result);
      position = result.next && travelled(result.next);
    } while (position !== undefined && results.length < 20);

    const planned = results.flatMap(({ plans }) => plans.map(({ repository }) => repository));
    expect(planned).toEqual(Object.keys(repositories));
    expect(results.length).toBeGreaterThan(2);
    for (const { plans } of results) expect(JSON.stringify(plans).length).toBeLessThan(4_000_000);
    expect(results.at(-1)?.counts).toMatchObject({ repositories: 130, putBack: 130, writes: { lifecyclePolicy: 130 } });
    expect([writes(), decisions]).toEqual([[], []]);
  });
});
