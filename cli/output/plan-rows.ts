import type { Plan } from "../backends/backend.ts";
import { imageInWords, shortDigest } from "../image-name.ts";

/** One line of a plan. */
export interface PlanRow {
  readonly repository: string;
  readonly action: string;
  readonly what: string;
  /** Whether something is not as the policy wants it, or could not be looked at; a finding about the policy's own files is neither. */
  readonly is: "different" | "failed" | "told";
}

/** A plan of any kind, line by line, for a person. */
export function planRows(plan: Plan): PlanRow[] {
  return [...standardRows(plan), ...mirrorRows(plan), ...deletionRows(plan.deletions ?? []), ...catalogRows(plan)];
}

const ACTIONS: Readonly<Record<string, string>> = {
  write: "write",
  "set-at-creation": "cannot change",
  "report-only": "only report",
  excepted: "excepted",
  misnamed: "misnamed",
};

function standardRows({ repositories = [], creationTemplates }: Plan): PlanRow[] {
  const { create = [], update = [], delete: gone = [], conflicts = [] } = creationTemplates ?? {};
  const templates = [
    ...create.map((prefix) => row(prefix, "create", "creation template")),
    ...update.map((prefix) => row(prefix, "update", "creation template")),
    ...gone.map((prefix) => row(prefix, "delete", "creation template")),
    ...conflicts.map((prefix) => row(prefix, "conflict", "somebody else's creation template stands there")),
  ];
  const changes = repositories.flatMap(({ repository, changes }) =>
    changes.map(({ action, words }) => row(repository, ACTIONS[action] ?? action, words)),
  );
  return [...templates, ...changes];
}

function mirrorRows({ mirrors = [] }: Plan): PlanRow[] {
  return mirrors.flatMap(({ repository, requests, destinations, impossible, failure }) => [
    ...(failure === undefined ? [] : [row(repository, "failed", failure, "failed")]),
    ...requests.map(({ reference, tags, addresses }) =>
      tags.length === 0
        ? row(repository, "publish", `${imageInWords({ repository, ...reference })}, about a published image`)
        : row(repository, "publish", (addresses.length > 0 ? addresses : tags).join(", ")),
    ),
    ...impossible.map((reason) => row(repository, "cannot be", reason)),
    ...destinations.flatMap(({ destination, conflicts }) =>
      conflicts.map(({ tag, published, pushed }) =>
        row(
          repository,
          "conflict",
          `${destination}:${tag} is ${shortDigest(published)} and must stay it; the private one is ${shortDigest(pushed)}`,
        ),
      ),
    ),
    ...deletionRows(destinations.map((destination) => ({ repository, ...destination }))),
  ]);
}

function deletionRows(plans: NonNullable<Plan["deletions"]>): PlanRow[] {
  return plans.flatMap(({ repository, destination, deletions, followers, held }) => [
    ...deletions.map(({ tag, when, reason }) =>
      row(repository, when === "now" ? "delete" : `delete at ${when}`, `${destination}:${tag}: ${reason}`),
    ),
    ...followers.map(({ tag, digest }) =>
      row(
        repository,
        "delete",
        `${imageInWords({ repository: destination, ...(tag ? { tag } : { digest }) })}, which goes with them`,
      ),
    ),
    ...held.map(({ tags, reason }) =>
      row(repository, "keep", `${tags.map((tag) => `${destination}:${tag}`).join(", ")}: ${reason}`),
    ),
  ]);
}

function catalogRows({ pages = [], displayName }: Plan): PlanRow[] {
  const registry =
    displayName === undefined ? [] : [row("", "write", `the registry's name: ${JSON.stringify(displayName)}`)];
  const rows = pages.flatMap(({ repository, changes, findings, reason }) => [
    ...changes.map((words) => row(repository, "write", words)),
    ...findings.map(({ file, rule, message }) => row(repository, "finding", `${file} (${rule}): ${message}`, "told")),
    ...(reason === undefined ? [] : [row(repository, "nothing", reason, "told")]),
  ]);
  return [...registry, ...rows];
}

function row(repository: string, action: string, what: string, is: PlanRow["is"] = "different"): PlanRow {
  return { repository, action, what, is };
}
