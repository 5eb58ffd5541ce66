import { describe, expect, it } from "vitest";
import { type Governed, standardFor } from "#shared/policy/standard-for.ts";
import type { RepositoryState } from "#shared/policy/standards.ts";
import { findingsOf } from "#shared/standards/findings.ts";
import { tellStandard } from "#shared/standards/tell-standard.ts";
import { recordingObserver } from "../../../support/recording-observer.ts";
import { policyWith, template } from "../policy/support.ts";

const CONTROLS = ["Security Hub ECR.2", "Config ecr-private-tag-immutability-enabled", "Control Tower CT.ECR.PR.3"];
const REPORTED = "mutability is MUTABLE, wanted IMMUTABLE except dev-*";

function standardAt(now: string, enforcement: "enforce" | "report" = "enforce"): Governed {
  const policy = policyWith({
    mutability: {
      enforcement,
      exceptions: [{ repository: "a/old", reason: "moves to digests", expires: "2026-06-15" }],
    },
    templates: [
      template("ROOT", { mutability: { mode: "IMMUTABLE_WITH_EXCLUSION", exclude: ["dev-*"] }, scanOnPush: true }),
    ],
  });
  const standard = standardFor(policy, "a/old", new Date(now));
  if (standard.outcome !== "governed") throw new Error(`is ${standard.outcome}`);
  return standard;
}

/** What is told of this repository: `wrote` says whether what can be mended was. */
function told(standard: Governed, state: RepositoryState, { wrote }: { wrote: boolean }) {
  const { observer, decisions } = recordingObserver();
  const before = findingsOf(standard, state);
  const changed = wrote ? before.fixable : [];
  const findings = { ...before, fixable: [] };
  const count = tellStandard(
    observer,
    "drift-put-back",
    standard,
    { changed, findings },
    { repository: "a/old", cause: "test" },
  );
  expect(count).toBe(decisions.length);
  return decisions;
}

const mutable = { mutability: { mode: "MUTABLE", exclude: [] } } as const;

describe("tellStandard", () => {
  it("says nothing of a repository that is as the policy wants it", () => {
    expect(told(standardAt("2026-07-01T00:00:00Z"), {}, { wrote: true })).toEqual([]);
  });

  it("names what was written, in words, and the exception that no longer holds", () => {
    expect(told(standardAt("2026-06-16T00:00:00Z"), { ...mutable, scanOnPush: false }, { wrote: true })).toEqual([
      {
        decision: "drift-put-back",
        repository: "a/old",
        cause: "test",
        settings: ["mutability", "scanOnPush"],
        reason: `${REPORTED}; scan on push is off, wanted on`,
      },
      {
        decision: "exception-expired",
        repository: "a/old",
        cause: "test",
        expires: "2026-06-15",
        reason: "the exception for 'a/old' (moves to digests) ended after 2026-06-15",
      },
    ]);
  });

  it("says nothing of an expired exception where another setting drifted", () => {
    const decisions = told(standardAt("2026-06-16T00:00:00Z"), { scanOnPush: false }, { wrote: true });

    expect(decisions.map(({ decision }) => decision)).toEqual(["drift-put-back"]);
  });

  it("leaves the mutability alone to the last moment of the exception's day, in UTC", () => {
    expect(told(standardAt("2026-06-15T23:59:59.999Z"), mutable, { wrote: true })).toEqual([
      {
        decision: "exception-in-force",
        repository: "a/old",
        cause: "test",
        expires: "2026-06-15",
        reason: `${REPORTED}; left until 2026-06-15: moves to digests`,
      },
    ]);
  });

  it("reports with the controls of AWS that flag the wanted mode all the same", () => {
    const decisions = told(standardAt("2026-07-01T00:00:00Z", "report"), mutable, { wrote: false });

    expect(decisions).toContainEqual({
      decision: "mutability-reported",
      repository: "a/old",
      cause: "test",
      settings: ["mutability"],
      reason: REPORTED,
      flaggedBy: CONTROLS,
    });
  });

  it("tells of an encryption that nobody can change", () => {
    const standard = standardAt("2026-06-15T00:00:00Z");
    const kms = { ...standard, template: { ...standard.template, encryption: { type: "KMS" as const } } };

    expect(told(kms, { encryption: { type: "AES256" } }, { wrote: true })).toMatchObject([
      { decision: "repository-differs", settings: ["encryption"] },
    ]);
  });
});
