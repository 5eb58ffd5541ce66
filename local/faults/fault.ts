/** What may go wrong on purpose, where, and how often. */
import type { Call, ServiceName } from "../aws/call.ts";

export const faultNames = [
  "throttle",
  "server-error",
  "unavailable",
  "reset-before",
  "reset-after",
  "truncate-blob",
] as const;

/**
 * - `throttle`: ThrottlingException "Rate exceeded"; 429 at the registry hosts.
 * - `server-error`: ServerException, 500.
 * - `unavailable`: 503 with a page of HTML, as from a load balancer: no AWS error.
 * - `reset-before`: the connection is broken before anything is done.
 * - `reset-after`: everything is done and committed, and the connection is broken instead of an answer.
 * - `truncate-blob`: the bytes of a blob end before they are all there.
 * - `slowMs`: the request waits so long before it is served.
 */
export type Fault = (typeof faultNames)[number] | { readonly slowMs: number };

/** All that is given must fit; `operation` and `repository` may hold `*` for any run of characters. */
export interface FaultMatch {
  readonly service?: ServiceName;
  readonly operation?: string;
  readonly repository?: string;
  readonly via?: Call["via"];
}

export interface FaultRule {
  readonly match: FaultMatch;
  readonly fault: Fault;
  /** So often in all; without it, until it is taken away. */
  readonly times?: number;
  /** Every nth request that fits; default 1. */
  readonly every?: number;
}

/** A request or a call, as far as faults ask for it. */
export interface FaultSubject {
  readonly service: ServiceName;
  readonly operation: string;
  readonly repository?: string | undefined;
  readonly via: Call["via"];
}

/** Words that make no fault; the message names the rule and the value. */
export class FaultError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "FaultError";
  }
}

/** The operation under which the bytes of a blob are fetched: S3 or CloudFront on AWS, so no call of ECR's API. */
export const DOWNLOAD = "DownloadBlob";

/** An hour; no client waits longer. */
const SLOWEST_MS = 3_600_000;

const services: readonly ServiceName[] = ["ecr", "ecr-public", "sts", "sqs", "events", "cloudtrail"];

/** A rule out of JSON. Errors (FaultError): an unknown member, a wrong value, each with what is allowed. */
export function checkRule(given: unknown): FaultRule {
  const rule = members("a fault", given, ["match", "fault", "times", "every"]);
  const match = members("match", rule.match ?? {}, ["service", "operation", "repository", "via"]);
  const fault = checkFault(rule.fault);
  const service = oneOf("match.service", match.service, services);
  const via = oneOf("match.via", match.via, ["api", "registry"] as const);
  const operation = text("match.operation", match.operation);
  const repository = text("match.repository", match.repository);
  if (fault === "truncate-blob" && operation !== undefined && !matchesText(operation, DOWNLOAD)) {
    throw new FaultError(`truncate-blob happens in ${DOWNLOAD} alone: leave the operation '${operation}' out`);
  }
  const times = count("times", rule.times);
  const every = count("every", rule.every);
  return {
    match: {
      ...(service === undefined ? {} : { service }),
      ...(operation === undefined ? {} : { operation }),
      ...(repository === undefined ? {} : { repository }),
      ...(via === undefined ? {} : { via }),
    },
    fault,
    ...(times === undefined ? {} : { times }),
    ...(every === undefined ? {} : { every }),
  };
}

export function fits(match: FaultMatch, { service, operation, repository, via }: FaultSubject): boolean {
  return (
    (match.service === undefined || match.service === service) &&
    (match.via === undefined || match.via === via) &&
    (match.operation === undefined || matchesText(match.operation, operation)) &&
    (match.repository === undefined || (repository !== undefined && matchesText(match.repository, repository)))
  );
}

function checkFault(value: unknown): Fault {
  const name = faultNames.find((known) => known === value);
  if (name !== undefined) return name;
  if (typeof value === "object" && value !== null) {
    const { slowMs } = members("fault", value, ["slowMs"]);
    if (typeof slowMs === "number" && Number.isInteger(slowMs) && slowMs >= 1 && slowMs <= SLOWEST_MS)
      return { slowMs };
    throw new FaultError(`slowMs must be a whole number from 1 to ${SLOWEST_MS}, not ${JSON.stringify(slowMs)}`);
  }
  const known = [...faultNames, '{"slowMs":N}'].join(", ");
  throw new FaultError(`fault must be one of ${known}, not ${JSON.stringify(value)}`);
}

function members(what: string, value: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new FaultError(`${what} must be an object with ${known.join(", ")}, not ${JSON.stringify(value)}`);
  }
  const other = Object.keys(value).find((name) => !known.includes(name));
  if (other !== undefined) throw new FaultError(`${what} has no '${other}': it has ${known.join(", ")}`);
  return value as Readonly<Record<string, unknown>>;
}

function oneOf<T extends string>(what: string, value: unknown, known: readonly T[]): T | undefined {
  if (value === undefined) return undefined;
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  throw new FaultError(`${what} must be one of ${known.join(", ")}, not ${JSON.stringify(value)}`);
}

function text(what: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === "string" && value !== "")) return value;
  throw new FaultError(`${what} must be a text, not ${JSON.stringify(value)}`);
}

function count(what: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= 1) return value;
  throw new FaultError(`${what} must be a whole number from 1, not ${JSON.stringify(value)}`);
}

function matchesText(pattern: string, actual: string): boolean {
  const source = pattern
    .split("*")
    .map((part) => part.replace(/[\\^$.+?()[\]{}|/-]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${source}$`, "s").test(actual);
}
