/** Worst first. */
const SEVERITIES = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED"] as const;

export interface ScanRule {
  /** This and worse are refused. */
  readonly severity: (typeof SEVERITIES)[number];
  /** Findings that are let through; `expires` is the last day, `YYYY-MM-DD`, UTC. */
  readonly ignore: readonly { readonly id: string; readonly reason: string; readonly expires: string }[];
  readonly maxAgeDays?: number;
}

export interface ScanFindings {
  readonly status: string;
  readonly description?: string;
  readonly completedAt?: Date;
  readonly findings: readonly Finding[];
  /** True when there are more findings than were read. */
  readonly truncated?: boolean;
}

interface Finding {
  readonly id: string;
  readonly severity: string;
}

export type ScanVerdict =
  | { readonly outcome: "passed" }
  /** The event of a scan will bring the image back. */
  | { readonly outcome: "waiting"; readonly reason: string }
  | { readonly outcome: "refused"; readonly reason: string };

const DAY = 24 * 60 * 60 * 1000;

/** A reason is a line of a log: so many ids, and the number of the others. */
const IDS_SHOWN = 5;

/**
 * Whether what ECR found in an image lets it out. `scan` is undefined when there is none (ScanNotFoundException). Statuses are those of
 * ScanStatus (API model): COMPLETE, of a basic scan, and ACTIVE, of an enhanced one that goes on, are judged; IN_PROGRESS and PENDING
 * wait; every other one, known or new, is refused with ECR's description: nobody knows what such an image holds. A scan that is too old
 * is not judged at all.
 */
export function scanVerdict(rule: ScanRule, scan: ScanFindings | undefined, now: Date): ScanVerdict {
  if (scan === undefined) return { outcome: "waiting", reason: "the image has no scan yet" };
  const { status, description, completedAt } = scan;
  if (status === "IN_PROGRESS" || status === "PENDING") return { outcome: "waiting", reason: `the scan is ${status}` };
  if (status !== "COMPLETE" && status !== "ACTIVE") {
    return { outcome: "refused", reason: `the scan is ${status}${description ? `: ${description}` : ""}` };
  }
  const days = (now.getTime() - (completedAt?.getTime() ?? Number.NaN)) / DAY;
  // Without a date the age is not a number, which is never within the limit.
  if (rule.maxAgeDays !== undefined && !(days <= rule.maxAgeDays)) {
    const age = Number.isNaN(days) ? "has no date" : `is ${Math.ceil(days)} days old`;
    const reason = `the scan ${age} and may be ${rule.maxAgeDays} days old: a new scan is needed`;
    return { outcome: "waiting", reason };
  }
  const reason = refusal(rule, scan, now);
  return reason === undefined ? { outcome: "passed" } : { outcome: "refused", reason };
}

function refusal(rule: ScanRule, { findings, truncated }: ScanFindings, now: Date): string | undefined {
  const limit = rankOf(rule.severity);
  // One id may be found in many packages, even with different severities: the worst of each is left.
  const refused = new Map<string, Finding>();
  for (const finding of findings.toSorted((one, other) => rankOf(one.severity) - rankOf(other.severity))) {
    const { id, severity } = finding;
    const ignored = rule.ignore.some((entry) => entry.id === id && endOf(entry.expires) >= now.getTime());
    if (rankOf(severity) <= limit && !ignored && !refused.has(id)) refused.set(id, finding);
  }
  if (refused.size === 0) {
    return truncated ? `there are more findings than the ${findings.length} that were read` : undefined;
  }
  const expired = rule.ignore.filter(({ id }) => refused.has(id)).map(({ id, expires }) => `${id} (${expires})`);
  return [
    `${rule.severity} or worse: ${listed([...refused.values()].map(({ id, severity }) => `${id} (${severity})`))}`,
    ...(expired.length > 0 ? [`ignored until: ${listed(expired)}`] : []),
    ...(truncated ? ["more findings were not read"] : []),
  ].join("; ");
}

/**
 * 0 is the worst known; a word that nobody knows ranks before it, so it is always refused. UNDEFINED is ECR's "the source gave no
 * priority, or one that ECR does not know", UNTRIAGED is Inspector's "the vendor has not scored it yet": the same thing. No document
 * orders them; they come last here, so that a rule whose severity is UNDEFINED refuses every finding, and any other lets out what
 * nobody has rated.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-troubleshooting.html
 * https://docs.aws.amazon.com/inspector/latest/user/findings-understanding-severity.html
 */
function rankOf(severity: string): number {
  return (SEVERITIES as readonly string[]).indexOf(severity === "UNTRIAGED" ? "UNDEFINED" : severity);
}

/** The last millisecond of the day; not a number, so never in the future, when it is no day. */
function endOf(day: string): number {
  return Date.parse(`${day}T23:59:59.999Z`);
}

function listed(texts: readonly string[]): string {
  const more = texts.length - IDS_SHOWN;
  return texts.slice(0, IDS_SHOWN).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
