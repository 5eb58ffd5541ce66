import { describe, expect, it } from "vitest";
import { standardFor } from "#shared/policy/standard-for.ts";
import type { RepositoryState } from "#shared/policy/standards.ts";
import { findingsOf } from "#shared/standards/findings.ts";
import { planFor, planForMisnamed, planInWords } from "#shared/standards/plan.ts";
import { policyWith, template } from "../policy/support.ts";

const now = new Date("2026-06-15T12:00:00Z");
const policy = policyWith({
  naming: { deny: ["**/tmp"] },
  mutability: { exceptions: [{ repository: "team-a/legacy", reason: "moves to digests", expires: "2026-06-15" }] },
  templates: [
    template("team-a", {
      mutability: { mode: "IMMUTABLE", exclude: [] },
      scanOnPush: true,
      encryption: { type: "KMS", kmsKey: "arn:aws:kms:eu-west-1:123456789012:key/k" },
    }),
  ],
});
const drifted: RepositoryState = {
  mutability: { mode: "MUTABLE", exclude: [] },
  scanOnPush: false,
  encryption: { type: "AES256" },
  tags: {},
};

function governed(name: string, enforcement: "enforce" | "report" = "enforce") {
  const standard = standardFor({ ...policy, mutability: { ...policy.mutability, enforcement } }, name, now);
  if (standard.outcome !== "governed") throw new Error(`is ${standard.outcome}`);
  return standard;
}

describe("findingsOf", () => {
  const settings = (name: string, enforcement?: "report") => {
    const found = Object.entries(findingsOf(governed(name, enforcement), drifted));
    return Object.fromEntries(
      found.map(([kind, differences]) => [kind, differences.map(({ setting }: { setting: string }) => setting)]),
    );
  };

  it("sorts differences by what becomes of them: written, told, and mutability held back where the policy says so", () => {
    const rest = { unfixable: ["encryption"], reported: [], excepted: [] };

    expect(settings("team-a/web")).toEqual({ ...rest, fixable: ["mutability", "scanOnPush"] });
    expect(settings("team-a/web", "report")).toEqual({ ...rest, fixable: ["scanOnPush"], reported: ["mutability"] });
    expect(settings("team-a/legacy")).toEqual({ ...rest, fixable: ["scanOnPush"], excepted: ["mutability"] });
    expect(settings("team-a/legacy", "report")).toEqual({ ...rest, fixable: ["scanOnPush"], excepted: ["mutability"] });
  });

  it("finds nothing where nothing differs, and nothing in what was not read", () => {
    const none = { fixable: [], unfixable: [], reported: [], excepted: [] };

    expect(findingsOf(governed("team-a/web"), {})).toEqual(none);
  });
});

describe("a plan", () => {
  it("has an entry for each difference, with what is there, what is wanted, and what would become of it", () => {
    const standard = governed("team-a/legacy");

    expect(planFor("team-a/legacy", standard, findingsOf(standard, drifted))).toEqual({
      repository: "team-a/legacy",
      template: "team-a",
      changes: [
        {
          setting: "scanOnPush",
          action: "write",
          present: false,
          wanted: true,
          words: "scan on push is off, wanted on",
        },
        {
          setting: "encryption",
          action: "set-at-creation",
          present: { type: "AES256" },
          wanted: { type: "KMS", kmsKey: "arn:aws:kms:eu-west-1:123456789012:key/k" },
          words: expect.stringContaining("so the repository must be made anew"),
        },
        {
          setting: "mutability",
          action: "excepted",
          present: { mode: "MUTABLE", exclude: [] },
          wanted: { mode: "IMMUTABLE", exclude: [] },
          words: "mutability is MUTABLE, wanted IMMUTABLE",
        },
      ],
    });
  });

  it("has nothing for a repository that is as the policy wants it", () => {
    const standard = governed("team-a/web");

    expect(planFor("team-a/web", standard, findingsOf(standard, {}))).toBeUndefined();
  });

  it("reads in words as one paragraph for each repository, one line for each change", () => {
    const reported = governed("team-a/web", "report");
    const misnamed = standardFor(policy, "team-a/tmp", now);
    if (misnamed.outcome !== "misnamed") throw new Error(`is ${misnamed.outcome}`);
    const plans = [
      planForMisnamed("team-a/tmp", misnamed),
      planFor(
        "team-a/web",
        reported,
        findingsOf(reported, { mutability: { mode: "MUTABLE", exclude: [] }, scanOnPush: false }),
      ),
    ].flatMap((plan) => plan ?? []);

    expect(planInWords(plans)).toBe(
      [
        "team-a/tmp",
        "  is left untouched, its name breaks a rule: 'team-a/tmp' matches **/tmp, which naming.deny refuses",
        "",
        "team-a/web (template team-a)",
        "  would be written: scan on push is off, wanted on",
        "  is only reported: mutability is MUTABLE, wanted IMMUTABLE",
      ].join("\n"),
    );
  });

  it("says in words when there is nothing to do", () => {
    expect(planInWords([])).toBe("No repository differs from the policy.");
  });
});
