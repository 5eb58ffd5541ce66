/** Which timeline entries somebody wants to see. */
import type { TimelineEntry } from "../timeline.ts";
import { toneOf } from "./timeline-tone.ts";

export interface TimelineFilter {
  /** Entries about repositories with this text in their name; empty for all. */
  readonly repository: string;
  readonly kind: Kind;
}

const kinds = {
  all: { label: "Everything", matches: () => true },
  notable: { label: "Without routine", matches: (entry) => toneOf(entry) !== "quiet" },
  call: { label: "Calls", matches: ({ kind }) => kind === "call" },
  event: { label: "Events", matches: ({ kind }) => kind === "event" },
  decision: { label: "Decisions", matches: ({ kind }) => kind === "decision" },
  trouble: {
    label: "Refusals, findings, failures",
    matches: (entry) => /^(refused|finding|failed)$/.test(toneOf(entry)),
  },
} satisfies Record<string, { label: string; matches: (entry: TimelineEntry) => boolean }>;

export type Kind = keyof typeof kinds;

/** Kinds with their names for people, in the order of the list to choose from. */
export const kindChoices: readonly { readonly kind: Kind; readonly label: string }[] = Object.entries(kinds).map(
  ([kind, { label }]) => ({ kind: kind as Kind, label }),
);

/** From `?repository=TEXT&kind=KIND`; a kind that is none stands for all. */
export function readFilter(parameters: URLSearchParams): TimelineFilter {
  const kind = parameters.get("kind") ?? "";
  return {
    repository: parameters.get("repository")?.trim() ?? "",
    kind: Object.hasOwn(kinds, kind) ? (kind as Kind) : "all",
  };
}

/** Whether the entry is of the kind and about the repository, be it as the destination of a publication. */
export function matches(filter: TimelineFilter, entry: TimelineEntry): boolean {
  if (!kinds[filter.kind].matches(entry)) return false;
  if (filter.repository === "") return true;
  const names = [entry.repository, entry.facts.destination];
  return names.some((name) => typeof name === "string" && name.includes(filter.repository));
}

/** The newest entries that match, oldest first, at most `limit`. */
export function newest(
  entries: readonly TimelineEntry[],
  filter: TimelineFilter,
  limit: number,
): readonly TimelineEntry[] {
  const found: TimelineEntry[] = [];
  for (let index = entries.length - 1; index >= 0 && found.length < limit; index--) {
    const entry = entries[index];
    if (entry !== undefined && matches(filter, entry)) found.push(entry);
  }
  return found.reverse();
}
