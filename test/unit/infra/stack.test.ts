import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, inject, it } from "vitest";
import { compilePattern } from "../../../local/events/pattern.ts";
import { readTemplate } from "../../../local/template/read-template.ts";

const template = readTemplate({ assemblyDir: inject("assemblyDir"), accountId: "123456789012", region: "eu-west-1" });

describe("each function", () => {
  it("is fed by a queue that waits six times the function's timeout, unless it only answers", () => {
    for (const mapping of template.eventSourceMappings) {
      const fn = template.functions.find(({ arn }) => arn === mapping.functionArn);
      const queue = template.queues.find(({ arn }) => arn === mapping.queueArn);

      expect(queue?.visibilityTimeoutSeconds).toBeGreaterThanOrEqual(
        6 * (fn?.timeoutSeconds ?? Number.POSITIVE_INFINITY),
      );
      expect(queue?.redrive?.maxReceiveCount).toBe(5);
      expect(mapping.reportBatchItemFailures).toBe(true);
    }
    const fed = template.eventSourceMappings.map(({ functionArn }) => functionArn);
    const answering = template.functions.filter(({ arn }) => !fed.includes(arn)).map(({ name }) => name);
    expect(answering.map((name) => name.replace(/Function.*/, ""))).toEqual([
      "EcrAutopilot-MirrorStatus",
      "EcrAutopilot-RepositoryApi",
    ]);
  });

  it("runs on Node 24", () => {
    expect([...new Set(template.functions.map(({ runtime }) => runtime))]).toEqual(["nodejs24.x"]);
  });

  it("has a role of its own, and no action with a wildcard", () => {
    const functionRoles = template.functions.map(({ roleArn }) => roleArn);
    const actions = template.roles.flatMap(({ statements }) => statements.flatMap(({ Action }) => Action ?? []));

    expect(new Set(functionRoles).size).toBe(template.functions.length);
    expect(actions.filter((action) => action.includes("*"))).toEqual([]);
  });
});

describe("the local account", () => {
  it("runs everything that the stack has", () => {
    expect(template.unsupported).toEqual([]);
  });
});

/** Which rules take a sample, by the construct that they belong to. */
function rulesFor(event: unknown): string[] {
  return template.rules
    .filter(({ pattern }) => pattern !== undefined && compilePattern(pattern)(event))
    .map(({ logicalId }) => logicalId.replace(/[0-9A-F]{8}$/, ""))
    .sort();
}

describe("the rules of the stack", () => {
  const taken: Record<string, string[]> = {
    "push-to-missing-repository": ["CreateRepositoryPushToMissingRepository"],
    "repository-created": ["CreateRepositoryRepositoryCreated", "EnforceMutabilityMutabilityChanged"],
    "public-repository-created": ["SyncCatalogPublicRepositoryCreated"],
    "mutability-changed": ["EnforceMutabilityMutabilityChanged"],
    "mutability-change-denied": [],
    "image-pushed": ["CreateRepositoryImagePushed", "MirrorImageImageArrived"],
    "image-pushed-by-digest": ["CreateRepositoryImagePushed", "MirrorImageImageArrived"],
    "signature-pushed": ["CreateRepositoryImagePushed", "MirrorImageImageArrived"],
    "referrer-pushed": ["MirrorImageImageArrived"],
    "push-recorded": ["MirrorImagePushRecorded"],
    "image-restored": ["MirrorImageImageArrived"],
    "image-scanned": ["MirrorImageImageScanned"],
    "image-scanned-by-inspector": ["MirrorImageImageScanned"],
    "image-deleted": [],
    schedule: [],
    "stack-deployed": [
      "CheckAccountStackDeployed",
      "ReconcileMirrorsStackDeployed",
      "ReconcileRepositoriesStackDeployed",
      "SyncCatalogStackDeployed",
    ],
    "refused-push-outside-every-template": ["CreateRepositoryPushToMissingRepository"],
    "refused-push-with-invalid-name": ["CreateRepositoryPushToMissingRepository"],
    "refused-image-pushed-without-repository": ["CreateRepositoryImagePushed", "MirrorImageImageArrived"],
    "refused-call-without-parameters": ["EnforceMutabilityMutabilityChanged"],
    "refused-no-envelope": [],
  };

  it.each(Object.entries(taken))("take %s as %j", (name, rules) => {
    const event = JSON.parse(readFileSync(`events/${name}.json`, "utf8"));
    // The sample was made for a stack of another id.
    if (name === "stack-deployed") event.detail["stack-id"] = template.stackId;

    expect(rulesFor(event)).toEqual(rules);
  });

  it("are held against every sample there is", () => {
    const samples = readdirSync("events").filter((file) => file.endsWith(".json"));

    expect(samples.map((file) => file.replace(".json", "")).sort()).toEqual(Object.keys(taken).sort());
  });

  it("sweep every hour, and look at the account once a day", () => {
    const schedules = template.rules.flatMap(({ schedule }) => schedule ?? []).sort();

    expect(schedules).toEqual(["rate(1 day)", ...Array(3).fill("rate(1 hour)")]);
  });
});
