/**
 * The one decision every error carries: would the same request succeed later?
 *
 * `permanent`: malformed, refused or not allowed. The queue chain logs it, counts it and acknowledges the message.
 * Everything else, unknown errors included, is transient: it is thrown on, the queue redelivers it, and in the end the
 * dead-letter queue keeps it.
 */
export class AutopilotError extends Error {
  /** Stable, kebab-case, fit for a metric dimension and for a reader: `repository-name-invalid`. */
  readonly code: string;
  readonly permanent: boolean;

  constructor(code: string, message: string, options: { permanent: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = "AutopilotError";
    this.code = code;
    this.permanent = options.permanent;
  }
}

/** An error that no retry can mend. `message` names the rule and the value. */
export function permanent(code: string, message: string, cause?: unknown): AutopilotError {
  return new AutopilotError(code, message, { permanent: true, cause });
}

/** An error that a later try may not meet again. */
export function transient(code: string, message: string, cause?: unknown): AutopilotError {
  return new AutopilotError(code, message, { permanent: false, cause });
}

/** Whether retrying is useless. Unknown errors count as transient: nothing is lost by a retry, much by a wrong "permanent". */
export function isPermanent(error: unknown): boolean {
  return error instanceof AutopilotError && error.permanent;
}
