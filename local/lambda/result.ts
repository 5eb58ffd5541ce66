/** What an invocation gives: the handler's answer, or its error as Lambda tells it. */
export type InvokeResult = { readonly payload: unknown } | { readonly error: InvokeError };

export interface InvokeError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

export function failure(errorType: string, errorMessage: string): { readonly error: InvokeError } {
  return { error: { errorType, errorMessage, trace: [] } };
}

/** The error in what the runtime has posted. */
export function postedError(body: string): { readonly error: InvokeError } {
  const { errorType, errorMessage, trace } = JSON.parse(body);
  return {
    error: {
      errorType: String(errorType),
      errorMessage: String(errorMessage),
      trace: Array.isArray(trace) ? trace.map(String) : [],
    },
  };
}

const SIGNALS: Readonly<Record<string, string>> = {
  SIGABRT: "aborted",
  SIGINT: "interrupt",
  SIGKILL: "killed",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
};

/** A process that ended on its own, in Lambda's words. */
export function exitError(
  requestId: string,
  code: number | null,
  signal: string | null,
): { readonly error: InvokeError } {
  const how = signal === null ? `exit status ${code}` : `signal: ${SIGNALS[signal] ?? signal}`;
  const why = code === 0 ? "Runtime exited without providing a reason" : `Runtime exited with error: ${how}`;
  return failure("Runtime.ExitError", `RequestId: ${requestId} Error: ${why}`);
}

/** `Task timed out after 3.00 seconds`. */
export function timeoutError(requestId: string, seconds: number): { readonly error: InvokeError } {
  return failure(
    "Sandbox.Timedout",
    `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
  );
}
