import * as v from "valibot";
import type { Envelope } from "./envelope.ts";
import { parseAs } from "./parse.ts";
import { number, object, strictObject, text } from "./shapes.ts";

/** As Date.toISOString writes it. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Where a sweep of the gallery pages stands (shared/catalog/sweep-pages.ts), as it travels in a message. */
const Position = strictObject({
  /** The last page that was asked for, by name. */
  after: text,
  startedAt: v.pipe(v.string(), v.regex(TIME)),
  invocations: number,
  pages: number,
  afresh: v.boolean(),
});

export type PagesPosition = v.InferOutput<typeof Position>;

/**
 * One page, by the name of its public repository, or a sweep of all. `afresh`: even what looks as it was left, since the policy or this project may
 * be another one.
 */
export type CatalogRequest =
  | { readonly page: string; readonly afresh: boolean }
  | { readonly position: PagesPosition | undefined; readonly afresh: boolean };

const OWN = "ecr-autopilot";
const PAGE_REQUESTED = "Catalog Page Requested";
const SWEEP_CONTINUES = "Catalog Sweep Continues";

const Page = object({ page: text, afresh: v.boolean() });
/** Own events after which a page says what is no longer so. */
const CHANGES: ReadonlySet<string> = new Set(["Image Mirrored", "Public Tag Deleted"]);
const Change = object({ destination: text });
/**
 * CloudTrail's record of CreateRepository at ECR Public, which comes in us-east-1 alone.
 * https://docs.aws.amazon.com/AmazonECR/latest/public/logging-using-cloudtrail.html has a sample
 */
const Creation = object({ requestParameters: object({ repositoryName: text }) });

/** The message that asks for one page: an envelope like all others, which no rule ever sees. */
export function catalogPageRequested(page: string, afresh: boolean): string {
  return message(PAGE_REQUESTED, "catalog-page-requested", { page, afresh });
}

/** The message with which a sweep that ran short of time goes on. */
export function catalogSweepContinues(position: PagesPosition): string {
  return message(SWEEP_CONTINUES, `${position.startedAt}-${position.invocations}`, position);
}

/**
 * What an event asks for; one that names no page begins a sweep: a schedule; or a deployment or a person, for whom all is looked at afresh.
 * Errors: permanent `event-malformed`.
 */
export function parseCatalogRequest(event: Envelope): CatalogRequest {
  const { source, "detail-type": type, detail } = event;
  if (detail.eventSource === "ecr-public.amazonaws.com") {
    const { requestParameters } = parseAs(Creation, detail, "a CloudTrail record of a public repository's creation");
    return { page: requestParameters.repositoryName, afresh: false };
  }
  if (source !== OWN) return { position: undefined, afresh: source === "aws.cloudformation" };
  if (type === PAGE_REQUESTED) return parseAs(Page, detail, "a request for a gallery page");
  if (type === SWEEP_CONTINUES) {
    const position = parseAs(Position, detail, "a sweep of the pages that continues");
    return { position, afresh: position.afresh };
  }
  if (CHANGES.has(type)) return { page: parseAs(Change, detail, `an event '${type}'`).destination, afresh: false };
  return { position: undefined, afresh: true };
}

const ByHand = strictObject({
  mode: v.picklist(["apply", "plan"]),
  repository: v.optional(text),
  position: v.optional(Position),
});

export type CatalogByHand = v.InferOutput<typeof ByHand>;

/**
 * What somebody calls the function with: `{ "mode": "plan" }` for all pages, with `repository` for that of one public repository, and with
 * the `next` of an answer as `position`. Errors: permanent `event-malformed`.
 */
export function parseCatalogByHand(payload: unknown): CatalogByHand {
  return parseAs(ByHand, payload, "a sync of the gallery pages by hand");
}

function message(type: string, id: string, detail: object): string {
  const time = new Date().toISOString();
  return JSON.stringify({ id, account: "", region: "", time, source: OWN, "detail-type": type, detail });
}
