import { ScanStatus } from "@aws-sdk/client-ecr";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ScanFindings, type ScanRule, scanVerdict } from "#shared/mirror/scan-verdict.ts";

const NOW = new Date("2026-05-10T12:00:00Z");
const SEVERITIES = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED"] as const;

const rule = (more: Partial<ScanRule> = {}): ScanRule => ({ severity: "HIGH", ignore: [], ...more });

function scan(findings: Readonly<Record<string, string>> = {}, more: Partial<ScanFindings> = {}): ScanFindings {
  const list = Object.entries(findings).map(([id, severity]) => ({ id, severity }));
  return { status: "COMPLETE", completedAt: new Date("2026-05-10T11:00:00Z"), findings: list, ...more };
}

const ignoring = (id: string, expires: string) => ({ id, reason: "not reachable", expires });
const refused = (reason: string) => ({ outcome: "refused", reason });

describe("the status of a scan", () => {
  it("is waited for when there is none", () => {
    expect(scanVerdict(rule(), undefined, NOW)).toEqual({ outcome: "waiting", reason: "the image has no scan yet" });
  });

  it.each(["IN_PROGRESS", "PENDING"])("%s is waited for", (status) => {
    expect(scanVerdict(rule(), scan({}, { status }), NOW)).toEqual({
      outcome: "waiting",
      reason: `the scan is ${status}`,
    });
  });

  it.each(["COMPLETE", "ACTIVE"])("%s is judged", (status) => {
    expect(scanVerdict(rule(), scan({ "CVE-1": "LOW" }, { status }), NOW)).toEqual({ outcome: "passed" });
    expect(scanVerdict(rule(), scan({ "CVE-1": "HIGH" }, { status }), NOW)).toEqual(
      refused("HIGH or worse: CVE-1 (HIGH)"),
    );
  });

  const others = Object.values(ScanStatus).filter(
    (status) => !["IN_PROGRESS", "PENDING", "COMPLETE", "ACTIVE"].includes(status),
  );
  it.each([...others, "INVENTED_LATER", ""])("%j refuses, with the description where there is one", (status) => {
    expect(scanVerdict(rule(), scan({}, { status, description: "what ECR says." }), NOW)).toEqual(
      refused(`the scan is ${status}: what ECR says.`),
    );
    expect(scanVerdict(rule(), scan({}, { status }), NOW)).toEqual(refused(`the scan is ${status}`));
  });

  it("is one of ten: a new one of ECR is looked at here before it is trusted", () => {
    expect(Object.values(ScanStatus).sort()).toEqual([
      "ACTIVE",
      "COMPLETE",
      "FAILED",
      "FINDINGS_UNAVAILABLE",
      "IMAGE_ARCHIVED",
      "IN_PROGRESS",
      "LIMIT_EXCEEDED",
      "PENDING",
      "SCAN_ELIGIBILITY_EXPIRED",
      "UNSUPPORTED_IMAGE",
    ]);
  });
});

describe("a severity", () => {
  it("lets milder findings pass and refuses its own and all that is worse", () => {
    SEVERITIES.forEach((severity, limit) => {
      SEVERITIES.forEach((found, rank) => {
        const { outcome } = scanVerdict(rule({ severity }), scan({ "CVE-1": found }), NOW);
        expect([severity, found, outcome]).toEqual([severity, found, rank <= limit ? "refused" : "passed"]);
      });
    });
  });

  it("UNTRIAGED, of Inspector, is what ECR calls UNDEFINED", () => {
    const untriaged = scan({ "CVE-1": "UNTRIAGED" });

    expect(scanVerdict(rule({ severity: "INFORMATIONAL" }), untriaged, NOW)).toEqual({ outcome: "passed" });
    expect(scanVerdict(rule({ severity: "UNDEFINED" }), untriaged, NOW)).toEqual(
      refused("UNDEFINED or worse: CVE-1 (UNTRIAGED)"),
    );
  });

  it.each(["SEVERE", "critical", ""])("that nobody knows, %j, counts as the worst", (severity) => {
    const findings = scan({ "CVE-1": "CRITICAL", "CVE-2": severity });

    expect(scanVerdict(rule({ severity: "CRITICAL" }), findings, NOW)).toEqual(
      refused(`CRITICAL or worse: CVE-2 (${severity}), CVE-1 (CRITICAL)`),
    );
  });
});

describe("a reason", () => {
  it("names five findings, worst first, and how many more there are", () => {
    const findings = scan({
      "CVE-1": "HIGH",
      "CVE-2": "HIGH",
      "CVE-3": "LOW",
      "CVE-4": "CRITICAL",
      "CVE-5": "HIGH",
      "CVE-6": "CRITICAL",
      "CVE-7": "HIGH",
      "CVE-8": "HIGH",
    });
    const shown = "CVE-4 (CRITICAL), CVE-6 (CRITICAL), CVE-1 (HIGH), CVE-2 (HIGH), CVE-5 (HIGH)";

    expect(scanVerdict(rule(), findings, NOW)).toEqual(refused(`HIGH or worse: ${shown} and 2 more`));
  });

  it("speaks of no more when there are five", () => {
    const five = scan({ "CVE-1": "HIGH", "CVE-2": "HIGH", "CVE-3": "HIGH", "CVE-4": "HIGH", "CVE-5": "HIGH" });

    expect(scanVerdict(rule(), five, NOW)).toEqual(
      refused("HIGH or worse: CVE-1 (HIGH), CVE-2 (HIGH), CVE-3 (HIGH), CVE-4 (HIGH), CVE-5 (HIGH)"),
    );
  });

  it("names an id once, as bad as it is anywhere", () => {
    const findings = [
      { id: "CVE-1", severity: "HIGH" },
      { id: "CVE-1", severity: "CRITICAL" },
      { id: "CVE-1", severity: "LOW" },
    ];

    expect(scanVerdict(rule(), { ...scan(), findings }, NOW)).toEqual(refused("HIGH or worse: CVE-1 (CRITICAL)"));
  });
});

describe("an ignored finding", () => {
  const found = scan({ "CVE-1": "CRITICAL" });

  it("passes, and others do not pass with it", () => {
    const ignore = [ignoring("CVE-1", "2026-12-31")];

    expect(scanVerdict(rule({ ignore }), found, NOW)).toEqual({ outcome: "passed" });
    expect(scanVerdict(rule({ ignore }), scan({ "CVE-1": "CRITICAL", "CVE-10": "HIGH" }), NOW)).toEqual(
      refused("HIGH or worse: CVE-10 (HIGH)"),
    );
  });

  it("is ignored to the end of its last day, UTC, and the reason says when it was over", () => {
    const ignore = [ignoring("CVE-1", "2026-05-10")];
    const at = (time: string) => scanVerdict(rule({ ignore }), found, new Date(time));

    expect(at("2026-05-10T23:59:59.999Z")).toEqual({ outcome: "passed" });
    expect(at("2026-05-11T00:00:00.000Z")).toEqual(
      refused("HIGH or worse: CVE-1 (CRITICAL); ignored until: CVE-1 (2026-05-10)"),
    );
  });

  it("that is there twice passes for as long as either lasts", () => {
    const ignore = [ignoring("CVE-1", "2026-01-01"), ignoring("CVE-1", "2026-06-01")];

    expect(scanVerdict(rule({ ignore }), found, NOW)).toEqual({ outcome: "passed" });
  });

  it("has not expired in the reason when nothing of it was found", () => {
    const ignore = [ignoring("CVE-2", "2026-01-01")];

    expect(scanVerdict(rule({ ignore }), found, NOW)).toEqual(refused("HIGH or worse: CVE-1 (CRITICAL)"));
  });

  it.each(["soon", "2026-13-01", "2026-06-01T00:00:00Z", ""])(
    "with the expiry %j, which is no day, is not ignored",
    (expires) => {
      expect(scanVerdict(rule({ ignore: [ignoring("CVE-1", expires)] }), found, NOW)).toEqual(
        refused(`HIGH or worse: CVE-1 (CRITICAL); ignored until: CVE-1 (${expires})`),
      );
    },
  );
});

describe("the age of a scan", () => {
  const maxAgeDays = 7;
  const aged = (completedAt: string) => scan({ "CVE-1": "CRITICAL" }, { completedAt: new Date(completedAt) });

  it("may be the maximum to the millisecond; a scan that is older is not judged, and a new one is needed", () => {
    expect(scanVerdict(rule({ maxAgeDays }), aged("2026-05-03T12:00:00.000Z"), NOW).outcome).toBe("refused");
    expect(scanVerdict(rule({ maxAgeDays }), aged("2026-05-03T11:59:59.999Z"), NOW)).toEqual({
      outcome: "waiting",
      reason: "the scan is 8 days old and may be 7 days old: a new scan is needed",
    });
  });

  it("that is not known is too old", () => {
    const { completedAt: _, ...undated } = scan();
    const verdict = {
      outcome: "waiting",
      reason: "the scan has no date and may be 7 days old: a new scan is needed",
    };

    expect(scanVerdict(rule({ maxAgeDays }), undated, NOW)).toEqual(verdict);
    expect(scanVerdict(rule({ maxAgeDays }), aged("never"), NOW)).toEqual(verdict);
  });

  it("does not matter without a maximum", () => {
    const { completedAt: _, ...undated } = scan();

    expect(scanVerdict(rule(), undated, NOW)).toEqual({ outcome: "passed" });
  });
});

describe("findings that were not all read", () => {
  it("refuse though none of those that were read does", () => {
    expect(scanVerdict(rule(), scan({ "CVE-1": "LOW" }, { truncated: true }), NOW)).toEqual(
      refused("there are more findings than the 1 that were read"),
    );
  });

  it("are mentioned beside those that refuse", () => {
    expect(scanVerdict(rule(), scan({ "CVE-1": "HIGH" }, { truncated: true }), NOW)).toEqual(
      refused("HIGH or worse: CVE-1 (HIGH); more findings were not read"),
    );
  });
});

describe("any scan", () => {
  const severity = fc.constantFrom(...SEVERITIES);
  const findings = fc.array(
    fc.record({ id: fc.stringMatching(/^CVE-\d$/), severity: fc.oneof(severity, fc.string()) }),
  );
  const ignore = fc.array(
    fc.record({
      id: fc.stringMatching(/^CVE-\d$/),
      reason: fc.constant(""),
      expires: fc.constantFrom("2026-05-09", "2026-05-10", "x"),
    }),
  );
  const isLet = (entries: ScanRule["ignore"], id: string) =>
    entries.some((entry) => entry.id === id && entry.expires === "2026-05-10");

  it("passes exactly when no finding at or above the severity is left that is not ignored today", () => {
    fc.assert(
      fc.property(severity, findings, ignore, (limit, list, entries) => {
        const milder: readonly string[] = SEVERITIES.slice(SEVERITIES.indexOf(limit) + 1);
        const bad = list.some((finding) => !milder.includes(finding.severity) && !isLet(entries, finding.id));

        const verdict = scanVerdict({ severity: limit, ignore: entries }, { ...scan(), findings: list }, NOW);

        expect(verdict.outcome).toBe(bad ? "refused" : "passed");
      }),
    );
  });
});
