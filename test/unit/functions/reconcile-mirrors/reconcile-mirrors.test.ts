import { describe, expect, it } from "vitest";
import { publicRegistryAlias } from "#shared/ecr/public-registry.ts";
import { parseEnvelope } from "#shared/events/envelope.ts";
import {
  parseReconcileMirrorsRequest,
  type ReconcileMirrorsDeps,
  reconcileMirrors,
  reconcileMirrorsByHand,
} from "../../../../functions/reconcile-mirrors/reconcile-mirrors.ts";
import { sample } from "../../../support/events.ts";
import { awsError, startMirrors } from "../../shared/mirror/mirrors.ts";
import { mirrorRule } from "../../shared/policy/support.ts";

const ROLES = ["mirror", "status"].map((name) => `arn:aws:iam::123456789012:role/${name}`);
const rules = [mirrorRule("team/*", "team-{name}")];

/** `team/a` and `team/b`, of which nothing is public. */
async function start(before?: Parameters<typeof startMirrors>[1], mirror = rules) {
  const mirrors = await startMirrors(mirror, before);
  for (const name of ["team/a", "team/b"]) {
    await mirrors.create("private", name);
    await mirrors.put("private", name, { tag: "v1" });
  }
  const sent: string[] = [];
  const { ecr, policy, observer, now, region } = mirrors.deps;
  const deps: ReconcileMirrorsDeps = {
    ...{ ecr, policy, observer, now, region },
    pullingRoleArns: ROLES,
    publicAlias: () => publicRegistryAlias(mirrors.deps.publicEcr),
    queue: { send: async (body) => void sent.push(body) },
    sweep: ({ remainingMs }) => ({ ...mirrors.deps, remainingMs }),
  };
  const invocation = (remainingMs: () => number = () => 600_000) => ({
    remainingMs,
    signal: AbortSignal.timeout(60_000),
  });
  return { ...mirrors, deps, sent, invocation };
}

/** A clock on which each repository takes what is left. */
function oneRepository(): () => number {
  let left = 3_000;
  return () => (left -= 1_000);
}

const BEGIN = { position: undefined };

describe("reconcile-mirrors", () => {
  it("registers the roles that pull, and tells the sum at the end", async () => {
    const { deps, decisions, invocation, store } = await start();

    const answer = await reconcileMirrors(deps, BEGIN, invocation());
    await reconcileMirrors(deps, BEGIN, invocation());

    expect(answer).toMatchObject({ counts: { repositories: 2, requested: 2 }, continues: false });
    expect(Object.keys(store.private.document("ecr-pull-time-exclusions") ?? {})).toEqual(ROLES);
    expect(decisions.filter(({ decision }) => decision === "mirrors-swept")).toEqual([
      expect.objectContaining({ pullTimeExclusion: "registered", repositories: 2, durationMs: expect.any(Number) }),
      expect.objectContaining({ pullTimeExclusion: "present", requested: 2 }),
    ]);
  });

  it("says once in a sweep that another Region looks after the public side, where the policy names one", async () => {
    const { deps, decisions, invocation, calls } = await start(undefined, [
      mirrorRule("team/*", "team-{name}", { deletion: { graceHours: 0, atMost: 1 } }),
    ]);
    const policy = { ...deps.policy, publicRegion: "us-east-1" };
    const elsewhere = {
      ...deps,
      policy,
      sweep: (one: Parameters<typeof deps.sweep>[0]) => ({ ...deps.sweep(one), policy }),
    };

    await reconcileMirrors(elsewhere, BEGIN, invocation());
    const plan = await reconcileMirrorsByHand(elsewhere, { mode: "plan" }, invocation());
    await reconcileMirrorsByHand(elsewhere, { mode: "apply", repository: "team/a" }, invocation());

    const told = decisions.filter(({ decision }) => decision === "public-side-elsewhere");
    expect(told).toMatchObject([{ region: "eu-west-1", publicRegion: "us-east-1" }]);
    expect(decisions.filter(({ decision }) => decision === "mirrors-swept")).toMatchObject([{ requested: 2 }]);
    expect(plan).toMatchObject({
      counts: { requested: 2 },
      words: expect.stringMatching(/\n\nNothing would go: the policy names us-east-1 as publicRegion: .*\.$/),
    });
    expect(calls.filter(({ operation }) => operation === "ListTagsForResource")).toEqual([]);
  });

  it("does not fail in a Region without exclusions, and says so", async () => {
    const { deps, decisions, invocation } = await start(({ operation }) => {
      if (operation === "RegisterPullTimeUpdateExclusion") throw awsError("UnsupportedCommandException");
    });

    await reconcileMirrors(deps, BEGIN, invocation());

    expect(decisions.at(-1)).toMatchObject({ decision: "mirrors-swept", pullTimeExclusion: "unsupported" });
  });

  it("sweeps although the role cannot be registered, and raises that afterwards", async () => {
    const { deps, decisions, invocation } = await start(({ operation }) => {
      if (operation === "RegisterPullTimeUpdateExclusion") throw awsError("AccessDeniedException");
    });

    await expect(reconcileMirrors(deps, BEGIN, invocation())).rejects.toMatchObject({ code: "ecr-denied" });

    expect(decisions.at(-1)).toMatchObject({ decision: "mirrors-swept", pullTimeExclusion: "failed", requested: 2 });
  });

  it("registers nothing without a rule", async () => {
    const { deps, decisions, invocation, calls } = await start(undefined, []);

    await reconcileMirrors(deps, BEGIN, invocation());

    expect(calls).toEqual([]);
    expect(decisions.at(-1)).toMatchObject({ pullTimeExclusion: "not-needed", repositories: 0 });
  });

  it("goes on through its queue where the time runs short, without registering again", async () => {
    const { deps, decisions, sent, invocation, calls } = await start();

    await reconcileMirrors(deps, BEGIN, invocation(oneRepository()));
    const request = parseReconcileMirrorsRequest(parseEnvelope(sent[0] ?? ""));
    await reconcileMirrors(deps, request, invocation());

    expect(sent).toHaveLength(1);
    expect(request.position).toMatchObject({ part: "private", after: "team/a", invocations: 1 });
    expect(decisions.map(({ decision }) => decision)).toEqual([
      "mirror-requested",
      "mirrors-sweep-continues",
      "mirror-requested",
      "mirrors-swept",
    ]);
    expect(decisions.at(-1)).toMatchObject({ pullTimeExclusion: "registered", repositories: 2, requested: 2 });
    expect(calls.filter(({ operation }) => operation === "RegisterPullTimeUpdateExclusion")).toHaveLength(2);
  });

  it("begins with a schedule and with a deployment", () => {
    for (const name of ["schedule", "stack-deployed"]) {
      expect(parseReconcileMirrorsRequest(sample(name))).toEqual(BEGIN);
    }
  });
});

describe("reconcile-mirrors by hand", () => {
  it("plans in parts, in words and as data, and writes, sends and tells nothing", async () => {
    const { deps, decisions, sent, requests, invocation, writes } = await start();

    const first = await reconcileMirrorsByHand(deps, { mode: "plan" }, invocation(oneRepository()));
    const position = "next" in first ? first.next : undefined;
    const second = await reconcileMirrorsByHand(deps, { mode: "plan", ...(position && { position }) }, invocation());

    expect(first).toMatchObject({
      mode: "plan",
      counts: { requested: 1 },
      mirrors: [{ repository: "team/a", requests: [{ tags: ["v1"], addresses: ["public.ecr.aws/alias/team-a:v1"] }] }],
      words: expect.stringMatching(
        /^team\/a\n {2}would be asked for: v1 \(sha256:[0-9a-f]{64}\), for public\.ecr\.aws\/alias\/team-a:v1\n\nThis is one part: the next begins/,
      ),
    });
    expect(second).toMatchObject({ counts: { requested: 2 }, mirrors: [{ repository: "team/b" }] });
    expect(second).not.toHaveProperty("next");
    expect({ decisions, sent, requests, writes: writes() }).toEqual({
      decisions: [],
      sent: [],
      requests: [],
      writes: [],
    });
  });

  it("plans and applies for one repository, and tells of no sweep", async () => {
    const { deps, decisions, requests, invocation, calls } = await start();

    const plan = await reconcileMirrorsByHand(deps, { mode: "plan", repository: "team/b" }, invocation());
    const answer = await reconcileMirrorsByHand(deps, { mode: "apply", repository: "team/b" }, invocation());

    expect(plan).toMatchObject({ counts: { repositories: 1 }, mirrors: [{ repository: "team/b" }] });
    expect(answer).toEqual({ mode: "apply", counts: expect.objectContaining({ requested: 1 }), continues: false });
    expect(requests).toMatchObject([{ repository: "team/b" }]);
    expect(decisions.map(({ decision }) => decision)).toEqual(["mirror-requested"]);
    expect(calls.filter(({ operation }) => operation.startsWith("Register"))).toEqual([]);
  });

  it("goes on with the one repository through its queue", async () => {
    const { deps, create, put, sent, decisions, invocation } = await start(undefined, [
      mirrorRule("team/*", "{name}", { deletion: { graceHours: 0, atMost: 1 } }),
    ]);
    await create("public", "cc", { "ecr-autopilot:source": "eu-west-1/team/cc" });
    await put("public", "cc", { tag: "v1" });
    const request = { mode: "apply", repository: "team/cc" } as const;

    const answer = await reconcileMirrorsByHand(deps, request, invocation(oneRepository()));
    const message = parseReconcileMirrorsRequest(parseEnvelope(sent[0] ?? ""));
    await reconcileMirrors(deps, message, invocation());

    expect(answer).toMatchObject({ continues: true });
    expect(message.position).toMatchObject({ repository: "team/cc", pullTimeExclusion: "not-asked" });
    expect(decisions.map(({ decision }) => decision)).toEqual(["mirrors-sweep-continues", "public-tag-deleted"]);
  });

  it("asks for the registry's alias once in a plan, for two destinations of an image too, and never to apply", async () => {
    const { deps, calls, invocation } = await start(undefined, [...rules, mirrorRule("team/a", "also-{name}")]);
    const asked = () => calls.splice(0).filter(({ operation }) => operation === "DescribeRegistries").length;

    const planned = await reconcileMirrorsByHand(deps, { mode: "plan" }, invocation());
    const inPlan = asked();
    await reconcileMirrorsByHand(deps, { mode: "apply" }, invocation());

    expect(
      "mirrors" in planned && planned.mirrors.flatMap(({ requests }) => requests.map((one) => one.addresses)),
    ).toEqual([
      ["public.ecr.aws/alias/team-a:v1", "public.ecr.aws/alias/also-a:v1"],
      ["public.ecr.aws/alias/team-b:v1"],
    ]);
    expect([inPlan, asked()]).toEqual([1, 0]);
  });

  it("plans the name alone while the account has no public registry", async () => {
    const { deps, invocation } = await start();
    const without = { ...deps, publicAlias: async () => undefined };

    expect(await reconcileMirrorsByHand(without, { mode: "plan" }, invocation())).toMatchObject({
      mirrors: [{ requests: [{ addresses: ["team-a:v1"] }] }, { requests: [{ addresses: ["team-b:v1"] }] }],
    });
  });

  it("says when there is nothing to do", async () => {
    const { deps, invocation } = await start(undefined, []);

    expect(await reconcileMirrorsByHand(deps, { mode: "plan" }, invocation())).toMatchObject({
      words: "Everything that the rules select is public, and nothing would go.",
    });
  });

  it("applies, and answers with the counts", async () => {
    const { deps, invocation } = await start();

    expect(await reconcileMirrorsByHand(deps, { mode: "apply" }, invocation())).toMatchObject({
      mode: "apply",
      counts: { requested: 2 },
      continues: false,
    });
  });
});
