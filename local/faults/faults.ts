/** The faults of one account: added, counted and taken away while it runs. Nothing is left to chance, so that a test can count on them. */
import { AwsError, type Call } from "../aws/call.ts";
import type { Service } from "../aws/operation.ts";
import { registryOperations } from "./describe-request.ts";
import {
  checkRule,
  type Fault,
  FaultError,
  type FaultMatch,
  type FaultRule,
  type FaultSubject,
  fits,
} from "./fault.ts";

export interface FaultStatus extends FaultRule {
  readonly id: number;
  /** Requests or calls that fitted. */
  readonly matched: number;
  /** Those that it struck. */
  readonly hits: number;
}

export interface Faults {
  /** Errors: FaultError for a rule that is none, and for an operation that the service has not. */
  add(rule: FaultRule): FaultStatus;
  /** One fault, or all; false when there is none with that id. */
  clear(id?: number): boolean;
  /** In the order in which they were added; a used up one stays until it is cleared. */
  list(): FaultStatus[];
  /**
   * For `observe` of createPerform: the faults that are errors of the service. Errors: ThrottlingException, ServerException (500). The faults of
   * the connection happen around the handlers (with-faults.ts).
   */
  observe(call: Call): void;
  /** The first fault of these kinds that strikes this subject now, counted as a hit. */
  strike(subject: FaultSubject, isKind: (fault: Fault) => boolean): Fault | undefined;
}

/** Faults that the service itself would tell; the others break the connection or the answer. */
export function isServiceError(fault: Fault): fault is "throttle" | "server-error" {
  return fault === "throttle" || fault === "server-error";
}

export function serviceError(fault: "throttle" | "server-error"): AwsError {
  if (fault === "throttle") return new AwsError("ThrottlingException", "Rate exceeded");
  return new AwsError("ServerException", "The service has failed, as a fault of the local account says.", {
    status: 500,
  });
}

/** `services`: with them a rule for an operation that none of them has is refused, instead of never striking. */
export function createFaults({ services = [] }: { readonly services?: readonly Service[] } = {}): Faults {
  const faults = new Map<number, FaultRule & { readonly id: number; matched: number; hits: number }>();
  let lastId = 0;

  const self: Faults = {
    add(rule) {
      const checked = checkRule(rule);
      if (services.length > 0) checkOperation(checked.match, services);
      lastId += 1;
      const added = { ...checked, id: lastId, matched: 0, hits: 0 };
      faults.set(lastId, added);
      return { ...added };
    },
    clear(id) {
      if (id !== undefined) return faults.delete(id);
      const found = faults.size > 0;
      faults.clear();
      return found;
    },
    list: () => [...faults.values()].map((fault) => ({ ...fault })),
    observe(call) {
      const { repositoryName } = call.parameters;
      const repository = typeof repositoryName === "string" ? repositoryName : undefined;
      const { service, operation, via } = call;
      const fault = self.strike({ service, operation, repository, via }, isServiceError);
      if (fault !== undefined && isServiceError(fault)) throw serviceError(fault);
    },
    strike(subject, isKind) {
      for (const fault of faults.values()) {
        const { times = Number.POSITIVE_INFINITY, every = 1 } = fault;
        // A used up fault lets the next one strike.
        if (fault.hits >= times || !isKind(fault.fault) || !fits(fault.match, subject)) continue;
        fault.matched += 1;
        if (fault.matched % every !== 0) continue;
        fault.hits += 1;
        return fault.fault;
      }
      return undefined;
    },
  };
  return self;
}

function checkOperation({ service, operation }: FaultMatch, services: readonly Service[]): void {
  if (operation === undefined || operation.includes("*") || registryOperations.has(operation)) return;
  const asked = services.filter(({ name }) => service === undefined || service === name);
  if (asked.some(({ operations }) => operations.has(operation))) return;
  throw new FaultError(
    `${service ?? "no service"} has ${service === undefined ? "an" : "no"} operation '${operation}'`,
  );
}
