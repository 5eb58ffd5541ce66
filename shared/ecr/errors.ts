import { AutopilotError, permanent, transient } from "../errors.ts";

/**
 * What an ECR error means to a caller, by its name (the API model's exception names; both services use the same).
 *
 * `unavailable` covers 5xx and answers that are no AWS error at all: a proxy's text 503 reaches us as a SyntaxError once
 * the SDK's three attempts are used up.
 */
export type EcrErrorKind =
  | "not-found"
  | "already-exists"
  | "throttled"
  | "denied"
  | "conflict"
  | "invalid"
  | "kms"
  | "limit"
  | "unsupported"
  | "unavailable"
  | "aborted"
  | "unknown";

const KINDS: Readonly<Record<string, EcrErrorKind>> = {
  RepositoryNotFoundException: "not-found",
  ImageNotFoundException: "not-found",
  LayersNotFoundException: "not-found",
  LifecyclePolicyNotFoundException: "not-found",
  RepositoryPolicyNotFoundException: "not-found",
  RepositoryCatalogDataNotFoundException: "not-found",
  TemplateNotFoundException: "not-found",
  RegistryNotFoundException: "not-found",
  ScanNotFoundException: "not-found",
  RepositoryAlreadyExistsException: "already-exists",
  TemplateAlreadyExistsException: "already-exists",
  ImageAlreadyExistsException: "already-exists",
  LayerAlreadyExistsException: "already-exists",
  ExclusionAlreadyExistsException: "already-exists",
  ImageTagAlreadyExistsException: "conflict",
  RepositoryNotEmptyException: "conflict",
  ThrottlingException: "throttled",
  TooManyRequestsException: "throttled",
  AccessDeniedException: "denied",
  UnrecognizedClientException: "denied",
  InvalidSignatureException: "denied",
  ExpiredTokenException: "denied",
  InvalidParameterException: "invalid",
  ValidationException: "invalid",
  InvalidTagParameterException: "invalid",
  TooManyTagsException: "invalid",
  KmsException: "kms",
  LimitExceededException: "limit",
  // The code of an operation that a Region does not have; UnknownOperationException is the JSON protocol's own.
  UnsupportedCommandException: "unsupported",
  UnknownOperationException: "unsupported",
  ServerException: "unavailable",
  ServiceUnavailableException: "unavailable",
  SyntaxError: "unavailable",
  TimeoutError: "unavailable",
  AbortError: "aborted",
};

/** The kind of an error that an SDK call raised. */
export function kindOf(error: unknown): EcrErrorKind {
  if (!(error instanceof Error)) return "unknown";
  const known = KINDS[error.name];
  if (known !== undefined) return known;
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  if (status === 429) return "throttled";
  if (status !== undefined && status >= 500) return "unavailable";
  return "unknown";
}

/**
 * What no later try can mend. A denial is not among them: it says that our role lacks a permission, and the work must wait in
 * the dead-letter queue until somebody grants it, not be acknowledged and lost.
 */
const PERMANENT: ReadonlySet<EcrErrorKind> = new Set(["conflict", "invalid", "kms", "unsupported"]);

/**
 * The one translation from SDK errors to ours. `action` says what was tried (`create repository 'a/b'`); the service's
 * own text follows it.
 */
export function toAutopilotError(error: unknown, action: string): AutopilotError {
  if (error instanceof AutopilotError) return error;
  const kind = kindOf(error);
  const name = error instanceof Error ? error.name : "Error";
  const text = error instanceof Error ? error.message : String(error);
  const message = `could not ${action}: ${name}: ${text}`;
  return PERMANENT.has(kind) ? permanent(`ecr-${kind}`, message, error) : transient(`ecr-${kind}`, message, error);
}

/** Runs one call; an error of a kind in `expected` gives `undefined`, every other one is raised as an AutopilotError. */
export async function unless<T>(
  expected: readonly EcrErrorKind[],
  action: string,
  call: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (expected.includes(kindOf(error))) return undefined;
    throw toAutopilotError(error, action);
  }
}

/** Runs one call; every error is raised as an AutopilotError. */
export async function attempt<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toAutopilotError(error, action);
  }
}
