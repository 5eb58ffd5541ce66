import { isWorthTelling, type PagePlan, pagePlan, pagesInWords } from "#shared/catalog/page-plan.ts";
import type { CatalogFinding } from "#shared/catalog/page-texts.ts";
import { pageNames, requestPages, type SweepPagesDeps } from "#shared/catalog/sweep-pages.ts";
import { type PageOutcome, type SyncPageDeps, syncPage } from "#shared/catalog/sync-page.ts";
import { getRegistryDisplayName, putRegistryDisplayName } from "#shared/ecr/public-catalog.ts";
import { permanent } from "#shared/errors.ts";
import {
  type CatalogByHand,
  type CatalogRequest,
  catalogPageRequested,
  catalogSweepContinues,
  type PagesPosition,
} from "#shared/events/catalog-request.ts";
import type { Invocation } from "#shared/lambda/queue-handler.ts";
import type { Queue } from "#shared/messaging/queue.ts";
import type { Observer } from "#shared/observability/observer.ts";
import { publicSideElsewhere } from "#shared/policy/public-region.ts";

export interface SyncCatalogDeps extends SweepPagesDeps {
  /** As the policy wants it; undefined leaves what is there. */
  readonly displayName: string | undefined;
  readonly region: string;
  readonly observer: Observer;
  readonly now: () => Date;
  /** This function's own queue, for the pages of a sweep and for what does not fit into one invocation. */
  readonly queue: Queue;
  /** What the work on one page needs, ended by the invocation's signal. */
  readonly page: (invocation: Invocation) => SyncPageDeps;
}

/** What a call by hand is answered with. */
export type SyncCatalogAnswer =
  | { readonly mode: "apply"; readonly pages: number; readonly continues: boolean }
  | {
      readonly mode: "apply";
      readonly outcome: PageOutcome["outcome"];
      readonly fields: readonly string[];
      readonly findings: readonly CatalogFinding[];
      readonly reason?: string;
    }
  | {
      readonly mode: "plan";
      readonly pages: readonly PagePlan[];
      /** The registry's, where it would be written. */
      readonly displayName?: string;
      /** The same for a person. */
      readonly words: string;
      /** For the next call, when the plan is longer than one answer or one invocation. */
      readonly next?: PagesPosition;
    };

/** Sweeps that go on longer run in circles: one invocation asks for thousands of pages. */
const MOST_INVOCATIONS = 100;
/** What a page with a thousand images may need; a request that finds less time left goes back to the queue. */
const PAGE_MS = 300_000;
/** Characters of an answer, of which Lambda takes 6 MB: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ROOM_FOR_PLANS = 2_000_000;

/**
 * Brings one gallery page to what it should say, or begins a sweep: the registry's name, and a message for each page. Errors: AutopilotError, or
 * the signal's reason.
 */
export async function syncCatalog(
  deps: SyncCatalogDeps,
  request: CatalogRequest,
  invocation: Invocation,
): Promise<void> {
  if ("page" in request) await applyPage(deps, request, invocation);
  else await sweep(deps, request, invocation);
}

async function applyPage(
  deps: SyncCatalogDeps,
  { page, afresh }: { readonly page: string; readonly afresh: boolean },
  invocation: Invocation,
): Promise<void> {
  // A batch is several pages: those before this one may have taken the time that reading thousands of manifests takes.
  if (invocation.remainingMs() < PAGE_MS) return deps.queue.send(catalogPageRequested(page, afresh));
  tell(deps.observer, page, await syncPage(deps.page(invocation), { mode: "apply", name: page, afresh }));
}

async function sweep(
  deps: SyncCatalogDeps,
  { position, afresh }: Extract<CatalogRequest, { position: unknown }>,
  { remainingMs }: Invocation,
): Promise<{ readonly pages: number; readonly continues: boolean }> {
  const { observer, queue, now } = deps;
  const startedAt = position?.startedAt ?? now().toISOString();
  const invocations = (position?.invocations ?? 0) + 1;
  if (invocations > MOST_INVOCATIONS) {
    throw permanent("sweep-endless", `the sweep of ${startedAt} has taken ${MOST_INVOCATIONS} invocations`);
  }
  const elsewhere = publicSideElsewhere(deps.policy, deps.region);
  if (elsewhere !== undefined) {
    const { publicRegion } = deps.policy;
    observer.decided({ decision: "public-side-elsewhere", region: deps.region, publicRegion, reason: elsewhere });
    observer.decided({ decision: "catalog-swept", startedAt, pages: 0 });
    return { pages: 0, continues: false };
  }
  if (position === undefined) await writeDisplayName(deps);
  const request = (name: string) => queue.send(catalogPageRequested(name, afresh));
  const asked = await requestPages(request, await pageNames(deps), { after: position?.after, remainingMs });
  const pages = (position?.pages ?? 0) + asked.pages;
  if (asked.next === undefined) {
    observer.decided({ decision: "catalog-swept", startedAt, pages });
  } else {
    await queue.send(catalogSweepContinues({ after: asked.next, startedAt, invocations, pages, afresh }));
    observer.decided({ decision: "catalog-sweep-continues", startedAt, invocations, pages });
  }
  return { pages, continues: asked.next !== undefined };
}

async function writeDisplayName({ publicEcr, displayName, observer }: SyncCatalogDeps): Promise<void> {
  if (displayName === undefined || (await getRegistryDisplayName(publicEcr)) === displayName) return;
  await putRegistryDisplayName(publicEcr, displayName);
  observer.decided({ decision: "catalog-name-updated", displayName });
}

/** A sync, or the plan of one, that somebody asked for: of one page, or of all. A plan writes nothing and tells nothing. Errors: AutopilotError. */
export async function syncCatalogByHand(
  deps: SyncCatalogDeps,
  { mode, repository, position }: CatalogByHand,
  invocation: Invocation,
): Promise<SyncCatalogAnswer> {
  if (mode === "plan") {
    return repository === undefined
      ? planAll(deps, position, invocation)
      : answer([await planPage(deps, repository, invocation)].filter(isWorthTelling));
  }
  if (repository === undefined) return { mode, ...(await sweep(deps, { position, afresh: true }, invocation)) };
  const outcome = await syncPage(deps.page(invocation), { mode, name: repository, afresh: true });
  tell(deps.observer, repository, outcome);
  const { fields, findings, reason } = pagePlan(repository, outcome);
  return { mode, outcome: outcome.outcome, fields, findings, ...(reason !== undefined && { reason }) };
}

async function planPage(deps: SyncCatalogDeps, name: string, invocation: Invocation): Promise<PagePlan> {
  return pagePlan(name, await syncPage(deps.page(invocation), { mode: "plan", name, afresh: true }));
}

async function planAll(
  deps: SyncCatalogDeps,
  position: PagesPosition | undefined,
  invocation: Invocation,
): Promise<SyncCatalogAnswer> {
  const { displayName, publicEcr, now } = deps;
  const elsewhere = publicSideElsewhere(deps.policy, deps.region);
  if (elsewhere !== undefined) return { mode: "plan", pages: [], words: `Nothing would be written: ${elsewhere}.` };
  const startedAt = position?.startedAt ?? now().toISOString();
  const isNamed = displayName === undefined || (await getRegistryDisplayName(publicEcr)) === displayName;
  const name = position === undefined && !isNamed ? displayName : undefined;
  const names = (await pageNames(deps)).filter((one) => position === undefined || one > position.after);
  const plans: PagePlan[] = [];
  let [last, room, pages, slowestMs] = ["", ROOM_FOR_PLANS, position?.pages ?? 0, 0];
  for (const one of names) {
    const before = invocation.remainingMs();
    if (last !== "" && (before <= 2 * slowestMs || room < 0)) {
      const invocations = (position?.invocations ?? 0) + 1;
      return answer(plans, name, { after: last, startedAt, invocations, pages, afresh: true });
    }
    const plan = await planPage(deps, one, invocation);
    if (isWorthTelling(plan)) plans.push(plan);
    [last, room, pages] = [one, room - JSON.stringify(plan).length, pages + 1];
    slowestMs = Math.max(slowestMs, before - invocation.remainingMs());
  }
  return answer(plans, name);
}

function answer(pages: readonly PagePlan[], displayName?: string, next?: PagesPosition): SyncCatalogAnswer {
  const part = next && "This is one part: the next begins at the position that is given as next.";
  const words = [pagesInWords(pages, displayName), part].filter(Boolean).join("\n\n");
  return { mode: "plan", pages, ...(displayName !== undefined && { displayName }), words, ...(next && { next }) };
}

function tell(observer: Observer, repository: string, outcome: PageOutcome): void {
  if (outcome.outcome === "gone") {
    observer.decided({ decision: "catalog-gone", repository, reason: "there is no such public repository" });
    return;
  }
  if (outcome.outcome === "not-ours") {
    observer.decided({ decision: "event-ignored", repository, reason: outcome.reason });
    return;
  }
  const findings = outcome.findings.length;
  for (const { file, rule, message } of outcome.findings) {
    observer.decided({ decision: "catalog-finding", repository, file, rule, reason: message });
  }
  if (outcome.outcome === "conforms") {
    observer.decided({ decision: "catalog-conforms", repository, findings });
    return;
  }
  const fields = outcome.differences.map(({ field }) => field);
  const reason = `the gallery page said something else in ${fields.join(", ")}`;
  observer.decided({ decision: "catalog-updated", repository, fields, findings, reason });
}
