import { describe, expect, it } from "vitest";
import { parseEnvelope } from "#shared/events/envelope.ts";
import type { Policy } from "#shared/policy/schema.ts";
import {
  parseReconcileRequest,
  type ReconcileRequest,
  reconcileByHand,
  reconcileRepositories,
} from "../../../../functions/reconcile-repositories/reconcile-repositories.ts";
import { sample } from "../../../support/events.ts";
import { recordingObserver } from "../../../support/recording-observer.ts";
import { policyWith, template } from "../../shared/policy/support.ts";
import { awsError, bare, type FakeCall, type FakeRepository, fakeEcr } from "../../shared/standards/fake-ecr.ts";
import { many } from "../../shared/standards/sweeping.ts";

const plenty = { remainingMs: () => 900_000 };
const nothingLeft = { remainingMs: () => 0 };
const templates = [template("a", { mutability: { mode: "IMMUTABLE", exclude: [] } })];

interface Options {
  readonly policy?: Policy;
  readonly before?: (call: FakeCall) => void;
  readonly send?: (body: string) => Promise<void>;
}

function reconciling(repositories: Record<string, FakeRepository> = {}, options: Options = {}) {
  const fake = fakeEcr(repositories, options.before);
  const { observer, decisions, failures } = recordingObserver();
  const sent: string[] = [];
  const times = [new Date("2026-06-15T12:00:00Z")];
  const deps = {
    ecr: fake.ecr,
    policy: options.policy ?? policyWith({ templates }),
    observer,
    now: () => times[0] ?? new Date(),
    creationTemplateRoleArn: "arn:aws:iam::123456789012:role/templates",
    queue: { send: options.send ?? (async (body: string) => void sent.push(body)) },
  };
  return {
    ...fake,
    decisions,
    failures,
    sent,
    names: () => decisions.map(({ decision }) => decision),
    setTime: (time: string) => void times.splice(0, 1, new Date(time)),
    reconcile: (request: ReconcileRequest = { position: undefined }, invocation = plenty) =>
      reconcileRepositories(deps, request, invocation),
    byHand: (...[request, invocation = plenty]: [Parameters<typeof reconcileByHand>[1], typeof plenty?]) =>
      reconcileByHand(deps, request, invocation),
  };
}

const refusing = (operation: string, name: string, prefix?: string) => (call: FakeCall) => {
  if (call.operation === operation && (prefix === undefined || call.input.prefix === prefix)) throw awsError(name);
};

describe("a sweep from the queue", () => {
  it("begins with a schedule and with a deployment", () => {
    expect(parseReconcileRequest(sample("schedule"))).toEqual({ position: undefined });
    expect(parseReconcileRequest(sample("stack-deployed"))).toEqual({ position: undefined });
  });

  it("publishes the templates, sweeps, and tells the sum", async () => {
    const { reconcile, decisions, setTime } = reconciling(
      { "a/web": bare() },
      {
        before: ({ operation }) => {
          if (operation === "PutImageTagMutability") setTime("2026-06-15T12:00:07Z");
        },
      },
    );

    await reconcile();

    expect(decisions).toMatchObject([
      { decision: "creation-template-written", prefix: "a", change: "created" },
      { decision: "drift-put-back", repository: "a/web" },
      {
        decision: "sweep-finished",
        startedAt: "2026-06-15T12:00:00.000Z",
        durationMs: 7_000,
        repositories: 1,
        putBack: 1,
        writes: { mutability: 1 },
      },
    ]);
  });

  it("goes on from its own message, and publishes nothing again", async () => {
    const policy = policyWith({ templates: [template("a", { tags: { team: "a" } })] });
    const { reconcile, sent, names, operations } = reconciling(many(150, { tags: { team: "a" } }), { policy });

    await reconcile({ position: undefined }, nothingLeft);
    const message = parseReconcileRequest(parseEnvelope(sent[0] ?? ""));
    await reconcile(message, nothingLeft);

    expect(sent).toHaveLength(1);
    expect(message.position).toMatchObject({ from: "a/r0099", invocations: 1, counts: { repositories: 100 } });
    expect(names()).toEqual(["creation-template-written", "sweep-continues", "sweep-finished"]);
    expect(operations().filter((operation) => operation === "DescribeRepositoryCreationTemplates")).toHaveLength(1);
  });

  it("is done again where its message could not be sent", async () => {
    const { reconcile, names } = reconciling(many(150, { tags: { team: "a" } }), {
      policy: policyWith({ templates: [template("a", { tags: { team: "a" }, createOn: [] })] }),
      send: () => Promise.reject(new Error("message-not-sent")),
    });

    await expect(reconcile({ position: undefined }, nothingLeft)).rejects.toThrow("message-not-sent");
    expect(names()).toEqual(["creation-templates-conform"]);
  });
});

describe("templates that cannot be published", () => {
  it.each(["AccessDeniedException", "ValidationException"])(
    "for %s keep no repository from its standard, and their error comes after the sweep",
    async (name) => {
      const { reconcile, names, failures } = reconciling(
        { "a/web": bare() },
        { before: refusing("CreateRepositoryCreationTemplate", name) },
      );

      await expect(reconcile()).rejects.toThrow(`could not create the creation template 'a': ${name}`);
      expect(names()).toEqual(["drift-put-back", "sweep-finished"]);
      expect(failures).toEqual([]);
    },
  );

  it("are not forgotten where the sweep fails, too", async () => {
    const { reconcile, failures } = reconciling(
      {},
      {
        before: (call) => {
          refusing("CreateRepositoryCreationTemplate", "AccessDeniedException")(call);
          refusing("DescribeRepositories", "ThrottlingException")(call);
        },
      },
    );

    await expect(reconcile()).rejects.toMatchObject({ code: "ecr-throttled" });
    expect(failures).toMatchObject([{ error: { code: "ecr-denied" } }]);
  });

  it("keep no other template from being written or deleted, and what may succeed later is raised first", async () => {
    const policy = policyWith({ templates: [template("a"), template("b"), template("c")] });
    const { reconcile, templates: published } = reconciling(
      {},
      {
        policy,
        before: (call) => {
          refusing("CreateRepositoryCreationTemplate", "ValidationException", "a")(call);
          refusing("CreateRepositoryCreationTemplate", "LimitExceededException", "b")(call);
        },
      },
    );
    published.set("old", { prefix: "old", description: "ecr-autopilot: of an older policy" });

    await expect(reconcile()).rejects.toMatchObject({ code: "ecr-limit", permanent: false });

    expect([...published.keys()]).toEqual(["c"]);
  });

  it("in a Region without them are said to be so, and are no failure", async () => {
    const { reconcile, names } = reconciling(
      {},
      {
        before: refusing("DescribeRepositoryCreationTemplates", "UnsupportedCommandException"),
      },
    );

    await reconcile();

    expect(names()).toEqual(["creation-templates-unsupported", "sweep-finished"]);
  });
});

describe("a plan by hand", () => {
  it("tells the templates that would be written, with the repositories, in words and as data, and writes and tells nothing", async () => {
    const policy = policyWith({ templates: [...templates, template("b"), template("theirs")] });
    const { byHand, writes, decisions, templates: published } = reconciling({ "a/web": bare() }, { policy });
    published.set("b", { prefix: "b", description: "ecr-autopilot: older", appliedFor: ["CREATE_ON_PUSH"] });
    published.set("old", { prefix: "old", description: "ecr-autopilot: of an older policy" });
    published.set("theirs", { prefix: "theirs", description: "by hand" });

    const answer = await byHand({ mode: "plan" });

    expect(answer).toMatchObject({
      mode: "plan",
      creationTemplates: { create: ["a"], update: ["b"], delete: ["old"], foreign: ["theirs"], conflicts: ["theirs"] },
      repositories: [{ repository: "a/web" }],
      words: [
        "creation templates",
        "  would be created: a",
        "  would be updated: b",
        "  would be deleted: old",
        "  cannot be written, as somebody else's stand there: theirs",
        "",
        "a/web (template a)",
        "  would be written: mutability is MUTABLE, wanted IMMUTABLE",
      ].join("\n"),
    });
    expect(answer).not.toHaveProperty("next");
    expect([writes(), decisions]).toEqual([[], []]);
  });

  it("in parts says so in words, and has the templates in the first one alone", async () => {
    const policy = policyWith({ templates: [template("a", { tags: { team: "a" } })] });
    const { byHand } = reconciling(many(30, { tags: { team: "a" } }), { policy });

    const first = await byHand({ mode: "plan" }, nothingLeft);
    if (first.mode !== "plan") throw new Error("is no plan");
    const second = await byHand({ mode: "plan", position: first.next }, nothingLeft);

    expect(first.words).toBe(
      [
        "creation templates\n  would be created: a",
        "No repository differs from the policy.",
        "This is one part: the next begins at the position that is given as next.",
      ].join("\n\n"),
    );
    expect(second).toEqual({
      mode: "plan",
      counts: expect.objectContaining({ repositories: 30, conforming: 30 }),
      repositories: [],
      words: "No repository differs from the policy.",
    });
  });

  it("tells nothing in a Region without creation templates, either", async () => {
    const { byHand, decisions } = reconciling(
      {},
      {
        before: refusing("DescribeRepositoryCreationTemplates", "UnsupportedCommandException"),
      },
    );

    expect(await byHand({ mode: "plan" })).not.toHaveProperty("creationTemplates");
    expect(decisions).toEqual([]);
  });
});

describe("one repository by hand", () => {
  const two = { "a/api": bare(), "a/web": bare() };

  it("is planned alone, without the templates and without a list of all", async () => {
    const { byHand, operations } = reconciling(two);

    expect(await byHand({ mode: "plan", repository: "a/web" })).toEqual({
      mode: "plan",
      counts: expect.objectContaining({ repositories: 1 }),
      repositories: [expect.objectContaining({ repository: "a/web" })],
      words: "a/web (template a)\n  would be written: mutability is MUTABLE, wanted IMMUTABLE",
    });
    expect(operations()).toEqual(["DescribeRepositories"]);
  });

  it("is brought to its standard alone, and no sweep is told of", async () => {
    const { byHand, names, writes } = reconciling(two);

    expect(await byHand({ mode: "apply", repository: "a/web" }, nothingLeft)).toEqual({
      mode: "apply",
      counts: expect.objectContaining({ repositories: 1, putBack: 1 }),
      continues: false,
    });
    expect(names()).toEqual(["drift-put-back"]);
    expect(writes()).toHaveLength(1);
  });

  it("that is not there is counted as gone", async () => {
    const { byHand } = reconciling(two);

    expect(await byHand({ mode: "plan", repository: "a/none" })).toMatchObject({
      counts: { repositories: 0, gone: 1 },
      repositories: [],
    });
  });
});

describe("a sweep by hand", () => {
  it("answers with its counts, and whether the queue goes on with it", async () => {
    const policy = policyWith({ templates: [template("a", { tags: { team: "a" } })] });
    const { byHand, sent } = reconciling(many(150, { tags: { team: "a" } }), { policy });

    expect(await byHand({ mode: "apply" }, nothingLeft)).toMatchObject({
      counts: { repositories: 100 },
      continues: true,
    });
    expect(sent).toHaveLength(1);
    expect(await byHand({ mode: "apply" })).toMatchObject({ counts: { repositories: 150 }, continues: false });
  });
});
