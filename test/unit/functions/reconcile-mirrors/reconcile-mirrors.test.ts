import { describe, expect, it } from "vitest";
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

const ROLE = "arn:aws:iam::123456789012:role/mirror";
const rules = [mirrorRule("team/*", "team-{name}")];

/** `team/a` and `team/b`, of which nothing is public. */
async function start(before?: Parameters<typeof startMirrors>[1], mirror = rules) {
  const mirrors = await startMirrors(mirror, before);
  for (const name of ["team/a", "team/b"]) {
    await mirrors.create("private", name);
    await mirrors.put("private", name, { tag: "v1" });
  }
  const sent: string[] = [];
  const { ecr, policy, observer, now } = mirrors.deps;
  const deps: ReconcileMirrorsDeps = {
    ...{ ecr, policy, observer, now },
    mirrorRoleArn: ROLE,
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
  it("registers the mirror's role, and tells the sum at the end", async () => {
    const { deps, decisions, invocation, store } = await start();

    const answer = await reconcileMirrors(deps, BEGIN, invocation());
    await reconcileMirrors(deps, BEGIN, invocation());

    expect(answer).toMatchObject({ counts: { repositories: 2, requested: 2 }, continues: false });
    expect(Object.keys(store.private.document("ecr-pull-time-exclusions") ?? {})).toEqual([ROLE]);
    expect(decisions.filter(({ decision }) => decision === "mirrors-swept")).toEqual([
      expect.objectContaining({ pullTimeExclusion: "registered", repositories: 2, durationMs: expect.any(Number) }),
      expect.objectContaining({ pullTimeExclusion: "present", requested: 2 }),
    ]);
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
    expect(calls.filter(({ operation }) => operation === "RegisterPullTimeUpdateExclusion")).toHaveLength(1);
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
      mirrors: [{ repository: "team/a", requests: [{ tags: ["v1"] }] }],
      words: expect.stringMatching(
        /^team\/a\n {2}would be asked for: v1 \(sha256:[0-9a-f]{64}\)\n\nThis is one part: the next begins/,
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
