/** What a use case tells about its work. It knows neither the log's nor the metrics' form. */

/** Every outcome that a person may want to count or to alarm on; each is a metric of this name. */
export type DecisionName =
  | "repository-created"
  | "repository-brought-to-standard"
  | "repository-conforms"
  | "repository-differs"
  | "repository-refused"
  | "repository-misnamed"
  | "repository-gone"
  | "repository-failed"
  | "drift-put-back"
  | "mutability-conforms"
  | "mutability-reported"
  | "exception-in-force"
  | "exception-expired"
  | "sweep-finished"
  | "sweep-continues"
  | "creation-template-written"
  | "creation-template-deleted"
  | "creation-template-conflict"
  | "creation-templates-unsupported"
  | "creation-templates-conform"
  | "image-mirrored"
  | "image-unchanged"
  | "image-not-selected"
  | "image-blocked"
  | "image-conflict"
  | "image-continues"
  | "image-gone"
  | "image-push-attributed"
  | "image-push-waits"
  | "mirror-requested"
  | "public-tag-deleted"
  | "public-deletion-waits"
  | "mirrors-swept"
  | "mirrors-sweep-continues"
  | "catalog-updated"
  | "catalog-conforms"
  | "catalog-finding"
  | "catalog-gone"
  | "catalog-name-updated"
  | "catalog-swept"
  | "catalog-sweep-continues"
  | "image-refused"
  | "public-side-elsewhere"
  | "trail-logging"
  | "trail-missing"
  | "trail-unknown"
  | "sweep-requested"
  | "catalog-requested"
  | "dead-letter-replayed"
  | "request-refused"
  | "event-ignored"
  | "event-refused";

export interface Decision {
  readonly decision: DecisionName;
  /** What it is about; absent only where an event could not be read. */
  readonly repository?: string;
  /** Why, in a sentence a person can act on. */
  readonly reason?: string;
  /** Further facts: digests, counts, settings. Never a token, a secret or a whole event. */
  readonly [fact: string]: unknown;
}

export interface Observer {
  /** One structured log line and one metric for each decision. */
  decided(decision: Decision): void;
  /** A failure that the queue will retry; the error goes on after this. */
  failed(error: unknown, facts: Record<string, unknown>): void;
}
