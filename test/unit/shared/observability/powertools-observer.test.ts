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
    ["trail-missing", "WARN"],
    ["trail-unknown", "INFO"],
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

  it("measures an image's way: bytes moved and skipped, and the time from its push", async () => {
    const observer = createPowertoolsObserver("mirror-image");

    observer.decided({ decision: "image-mirrored", bytes: 70, skippedBytes: 30, lagMs: 1500, durationMs: 12 });
    observer.decided({ decision: "image-continues", bytes: 5, skippedBytes: 0 });
    // It repeats what was told of the same work a moment ago.
    observer.decided({ decision: "image-conflict", bytes: 70, skippedBytes: 30, lagMs: 1500 });
    await observer.end();

    const metrics = lines.at(-1) ?? {};
    expect(metrics).toMatchObject({ "bytes-moved": [70, 5], "bytes-skipped": [30, 0], lag: 1500 });
    expect(metrics._aws).toMatchObject({
      CloudWatchMetrics: [
        {
          Namespace: "EcrAutopilot",
          Dimensions: [["service"]],
          Metrics: expect.arrayContaining([
            { Name: "bytes-moved", Unit: "Bytes" },
            { Name: "bytes-skipped", Unit: "Bytes" },
            { Name: "lag", Unit: "Milliseconds" },
          ]),
        },
      ],
    });
    expect(metrics).not.toHaveProperty("durationMs");
  });

  it("counts what is held back by its gate", async () => {
    const observer = createPowertoolsObserver("mirror-image");

    observer.decided({ decision: "image-blocked", gate: "scan", reason: "no scan yet" });
    observer.decided({ decision: "image-refused", gate: "scan", reason: "CRITICAL" });
    observer.decided({ decision: "image-refused", gate: "quota", reason: "too large" });
    await observer.end();

    expect(lines.at(-1)).toMatchObject({ "held-by-scan": [1, 1], "held-by-quota": 1, "image-refused": [1, 1] });
  });

  it("counts what AWS throttled, whether it is tried again by the queue or by a request", async () => {
    const observer = createPowertoolsObserver("mirror-image");

    observer.failed(transient("ecr-throttled", "Rate exceeded"), {});
    observer.decided({ decision: "image-continues", code: "registry-throttled", reason: "Rate exceeded" });
    observer.decided({ decision: "image-refused", code: "manifest-malformed", gate: "image" });
    await observer.end();

    expect(lines.at(-1)).toMatchObject({ throttled: [1, 1] });
  });
});
