/** A sweep over repositories in memory, and what it told. */
import type { Policy } from "#shared/policy/schema.ts";
import { type SweepRequest, sweepRepositories } from "#shared/standards/sweep-repositories.ts";
import { recordingObserver } from "../../../support/recording-observer.ts";
import { policyWith, template } from "../policy/support.ts";
import { bare, type FakeCall, type FakeRepository, fakeEcr } from "./fake-ecr.ts";

export const now = () => new Date("2026-06-15T12:00:00Z");

/** Governs what a description tells. */
export const immutable = policyWith({
  templates: [template("ROOT", { mutability: { mode: "IMMUTABLE", exclude: [] } })],
});

/** Governs a document and tags, besides. */
export const tagged = policyWith({
  templates: [template("ROOT", { mutability: { mode: "IMMUTABLE", exclude: [] }, tags: { team: "a" } })],
});

/** Repositories by name, in the order of their names. */
export function many(count: number, settings: Partial<FakeRepository> = {}): Record<string, FakeRepository> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`a/r${String(index).padStart(4, "0")}`, bare(settings)]),
  );
}

export interface SweepingOptions {
  readonly policy?: Policy;
  readonly before?: (call: FakeCall) => void;
}

/** `sweep()` may be called several times. */
export function sweeping(
  repositories: Readonly<Record<string, FakeRepository>>,
  { policy = immutable, before }: SweepingOptions = {},
) {
  const fake = fakeEcr(repositories, before);
  const { observer, decisions } = recordingObserver();
  return {
    ...fake,
    decisions,
    /** Names of the decisions, with what they are about. */
    told: () => decisions.map(({ decision, repository }) => `${decision} ${repository}`),
    sweep: (request: SweepRequest = { mode: "apply" }, remainingMs: () => number = () => 900_000) =>
      sweepRepositories({ ecr: fake.ecr, policy, observer, now }, request, remainingMs),
  };
}

/** A clock on which each page takes a second from its listing on, and that leaves time for so many pages from now on. */
export function timeFor(pages: number, calls: readonly FakeCall[]): () => number {
  const listed = () => calls.filter(({ input }) => input.maxResults !== undefined).length;
  const before = listed();
  // More than twice a page must be left to go on.
  return () => (pages + 2 - (listed() - before)) * 1_000;
}
