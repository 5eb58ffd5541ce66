import { describe, expect, it } from "vitest";
import type { Policy } from "#shared/policy/schema.ts";
import {
  enforceMutability,
  parseMutabilityChange,
} from "../../../../functions/enforce-mutability/enforce-mutability.ts";
import { sample } from "../../../support/events.ts";
import { recordingObserver } from "../../../support/recording-observer.ts";
import { policyWith, template } from "../../shared/policy/support.ts";
import { awsError, bare, type FakeCall, type FakeRepository, fakeEcr } from "../../shared/standards/fake-ecr.ts";

const ROLE = "arn:aws:iam::123456789012:role/";
const templates = [template("a", { mutability: { mode: "IMMUTABLE", exclude: [] }, scanOnPush: true })];

interface Options {
  readonly policy?: Policy;
  readonly now?: string;
  readonly before?: (call: FakeCall) => void;
}

function enforcing(repositories: Record<string, FakeRepository>, options: Options = {}) {
  const { policy = policyWith({ naming: { deny: ["**/tmp"] }, templates }), now = "2026-06-15T12:00:00Z" } = options;
  const fake = fakeEcr(repositories, options.before);
  const { observer, decisions } = recordingObserver();
  const deps = { ecr: fake.ecr, policy, observer, ownRoleArns: [`${ROLE}create`], now: () => new Date(now) };
  return {
    ...fake,
    decisions,
    names: () => decisions.map(({ decision }) => decision),
    change: (repository: string, role = "ci") =>
      enforceMutability(deps, {
        type: "ecr-call",
        operation: "PutImageTagMutability",
        repository,
        registryId: "123456789012",
        account: "123456789012",
        error: undefined,
        caller: { arn: `arn:aws:sts::123456789012:assumed-role/${role}/s`, roleArn: `${ROLE}${role}` },
      }),
  };
}

describe("a change in an event", () => {
  it.each([
    ["mutability-changed", "PutImageTagMutability"],
    ["repository-created", "CreateRepository"],
    ["mutability-change-denied", undefined],
    ["push-to-missing-repository", undefined],
    ["image-pushed", undefined],
    ["schedule", undefined],
  ])("%s is %s", (name, operation) => {
    expect(parseMutabilityChange(sample(name))?.operation).toBe(operation);
  });

  it("is none on another account's registry", () => {
    const event = sample("mutability-changed");
    const requestParameters = { registryId: "999999999999", repositoryName: "a/web" };

    expect(parseMutabilityChange({ ...event, detail: { ...event.detail, requestParameters } })).toBeUndefined();
  });
});

describe("enforceMutability", () => {
  it("puts the mutability back and nothing else, and says who changed it from what to what", async () => {
    const { change, decisions, writes } = enforcing({ "a/web": bare() });

    await change("a/web");

    expect(writes()).toEqual(["PutImageTagMutability a/web"]);
    expect(decisions).toEqual([
      {
        decision: "drift-put-back",
        repository: "a/web",
        operation: "PutImageTagMutability",
        changedBy: "arn:aws:sts::123456789012:assumed-role/ci/s",
        present: { mode: "MUTABLE", exclude: [] },
        wanted: { mode: "IMMUTABLE", exclude: [] },
        settings: ["mutability"],
        reason: "mutability is MUTABLE, wanted IMMUTABLE",
      },
    ]);
  });

  it("reads again what it wrote, and brings the event back where it did not hold", async () => {
    const repositories = { "a/web": bare() };
    let writes = 0;
    const { change, names } = enforcing(repositories, {
      before: ({ operation }) => {
        if (operation === "PutImageTagMutability") writes += 1;
        // Somebody is quicker than the second reading.
        if (operation === "DescribeRepositories" && writes === 1) repositories["a/web"].mutability = "MUTABLE";
      },
    });

    await expect(change("a/web")).rejects.toMatchObject({ code: "standard-not-reached", permanent: false });

    expect(names()).toEqual([]);
  });

  it("compares before it writes, so a second event of one change finds nothing to do", async () => {
    const { change, names, writes } = enforcing({ "a/web": bare() });

    await change("a/web");
    await change("a/web");

    expect(names()).toEqual(["drift-put-back", "mutability-conforms"]);
    expect(writes()).toHaveLength(1);
  });

  it.each([
    ["this project's own", "a/web", "create", "this project made the change itself"],
    [
      "one of a misnamed repository",
      "a/tmp",
      "ci",
      "'a/tmp' matches **/tmp, which naming.deny refuses; such a repository is left as it is",
    ],
    ["one that no template covers", "b/web", "ci", "the policy does not govern the tag mutability of 'b/web'"],
  ])("ignores a change that is %s, without a call", async (_what, name, role, reason) => {
    const { change, decisions, operations } = enforcing({ [name]: bare() });

    await change(name, role);

    expect(decisions).toMatchObject([{ decision: "event-ignored", repository: name, reason }]);
    expect(operations()).toEqual([]);
  });

  it("ignores a change where the template has no mutability", async () => {
    const { change, names, operations } = enforcing(
      { "a/web": bare() },
      { policy: policyWith({ templates: [template("a")] }) },
    );

    await change("a/web");

    expect([names(), operations()]).toEqual([["event-ignored"], []]);
  });

  it("only reports where the policy says so", async () => {
    const policy = policyWith({ mutability: { enforcement: "report" }, templates });
    const { change, decisions, writes } = enforcing({ "a/web": bare() }, { policy });

    await change("a/web");

    expect(decisions).toMatchObject([{ decision: "mutability-reported", flaggedBy: [], settings: ["mutability"] }]);
    expect(writes()).toEqual([]);
  });

  it("leaves an exception alone on its last day, and enforces it from midnight UTC on, told once for each change", async () => {
    const exceptions = [{ repository: "a/*", reason: "moves to digests", expires: "2026-06-15" }];
    const policy = policyWith({ mutability: { exceptions }, templates });
    const before = enforcing({ "a/web": bare() }, { policy, now: "2026-06-15T23:59:59.999Z" });
    const after = enforcing({ "a/web": bare() }, { policy, now: "2026-06-16T00:00:00.000Z" });

    await before.change("a/web");
    await after.change("a/web");
    await after.change("a/web");

    expect([before.names(), before.writes()]).toEqual([["exception-in-force"], []]);
    expect(after.names()).toEqual(["drift-put-back", "exception-expired", "mutability-conforms"]);
    expect(after.writes()).toHaveLength(1);
  });

  it.each(["DescribeRepositories", "PutImageTagMutability"])(
    "takes a repository that is gone at %s for gone",
    async (operation) => {
      const { change, names, repositories } = enforcing(
        { "a/web": bare() },
        { before: (call) => void (call.operation === operation && repositories.delete("a/web")) },
      );

      await change("a/web");

      expect(names()).toEqual(["repository-gone"]);
    },
  );

  it.each([
    ["AccessDeniedException", "ecr-denied"],
    ["ThrottlingException", "ecr-throttled"],
  ])("leaves a change to another try at %s, and tells nothing", async (name, code) => {
    const { change, names } = enforcing(
      { "a/web": bare() },
      {
        before: ({ operation }) => {
          if (operation === "PutImageTagMutability") throw awsError(name);
        },
      },
    );

    await expect(change("a/web")).rejects.toMatchObject({ code, permanent: false });
    expect(names()).toEqual([]);
  });
});
