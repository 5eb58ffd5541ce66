import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { transient } from "#shared/errors.ts";
import type { DecisionName } from "#shared/observability/observer.ts";
import { createPowertoolsObserver } from "#shared/observability/powertools-observer.ts";

const context = { awsRequestId: "r1", functionName: "f", getRemainingTimeInMillis: () => 1 };

let lines: Record<string, unknown>[];

beforeEach(() => {
  lines = [];
  // Powertools writes to the console only where it is told that it is not on Lambda.
  vi.stubEnv("POWERTOOLS_DEV", "true");
  vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
  for (const level of ["log", "info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((text: string) => void lines.push(JSON.parse(text)));
  }
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe("the observer of a function", () => {
  it("writes a line for each decision, and its metric at the end", async () => {
    const observer = createPowertoolsObserver("create-repository");
    observer.begin(context);

    observer.decided({ decision: "repository-created", repository: "team-a/web", reason: "pushed" });
    expect(lines).toEqual([
      expect.objectContaining({
        level: "INFO",
        message: "team-a/web: repository created: pushed",
        decision: "repository-created",
        requestId: "r1",
        service: "create-repository",
      }),
    ]);
    await observer.end();

    expect(lines.slice(1)).toEqual([
      expect.objectContaining({ "repository-created": 1, service: "create-repository" }),
    ]);
  });

  it("writes no metrics when nothing was decided", async () => {
    const observer = createPowertoolsObserver("f");

    await observer.end();

    expect(lines).toEqual([]);
  });

  it.each<[DecisionName, string]>([
    ["repository-refused", "WARN"],
    ["repository-misnamed", "WARN"],
    ["repository-failed", "WARN"],
    ["exception-expired", "WARN"],
    ["creation-template-conflict", "WARN"],
    ["drift-put-back", "INFO"],
    ["exception-in-force", "INFO"],
  ])("tells %s as %s", (decision, level) => {
    createPowertoolsObserver("f").decided({ decision });

    expect(lines.map((line) => line.level)).toEqual([level]);
  });

  it("writes a failure with its code, and counts it", async () => {
    const observer = createPowertoolsObserver("f");

    observer.failed(transient("ecr-throttled", "Rate exceeded"), { messageId: "m1" });
    await observer.end();

    expect(lines).toEqual([
      expect.objectContaining({ level: "ERROR", message: "Rate exceeded", code: "ecr-throttled", messageId: "m1" }),
      expect.objectContaining({ "attempt-failed": 1 }),
    ]);
  });
});
