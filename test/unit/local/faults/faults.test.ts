import { describe, expect, it } from "vitest";
import { AwsError } from "../../../../local/aws/call.ts";
import { ecrService } from "../../../../local/ecr/service.ts";
import type { FaultRule, FaultSubject } from "../../../../local/faults/fault.ts";
import { createFaults } from "../../../../local/faults/faults.ts";

const push: FaultSubject = { service: "ecr", operation: "PutImage", repository: "team-a/web", via: "registry" };
const any = () => true;

/** Which of ten requests a fault strikes. */
function struck(rule: FaultRule): number[] {
  const faults = createFaults();
  faults.add(rule);
  return Array.from({ length: 10 }, (_, index) => index + 1).filter(() => faults.strike(push, any) !== undefined);
}

describe("a fault", () => {
  it.each<[string, Omit<FaultRule, "match" | "fault">, number[]]>([
    ["always", {}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ["the first three times", { times: 3 }, [1, 2, 3]],
    ["every third time", { every: 3 }, [3, 6, 9]],
    ["every third time, twice", { every: 3, times: 2 }, [3, 6]],
  ])("strikes %s", (_, often, requests) => {
    expect(struck({ match: {}, fault: "throttle", ...often })).toEqual(requests);
  });

  it.each<[FaultRule["match"], boolean]>([
    [{}, true],
    [{ service: "ecr", operation: "PutImage", repository: "team-a/web", via: "registry" }, true],
    [{ operation: "Put*", repository: "team-*/web" }, true],
    [{ service: "ecr-public" }, false],
    [{ operation: "Put" }, false],
    [{ repository: "team-a.web" }, false],
    [{ via: "api" }, false],
  ])("of %j strikes a push: %s", (match, strikes) => {
    const faults = createFaults();
    faults.add({ match, fault: "reset-before" });

    expect(faults.strike(push, any)).toBe(strikes ? "reset-before" : undefined);
  });

  it("that is used up lets the next one strike", () => {
    const faults = createFaults();
    faults.add({ match: {}, fault: "throttle", times: 1 });
    faults.add({ match: {}, fault: "server-error" });

    expect([1, 2].map(() => faults.strike(push, any))).toEqual(["throttle", "server-error"]);
    expect(faults.list()).toEqual([
      { id: 1, match: {}, fault: "throttle", times: 1, matched: 1, hits: 1 },
      { id: 2, match: {}, fault: "server-error", matched: 1, hits: 1 },
    ]);
  });

  it("is taken away by its id, or with all others", () => {
    const faults = createFaults();
    const first = faults.add({ match: {}, fault: "throttle" });
    faults.add({ match: {}, fault: "server-error" });

    expect(faults.clear(first.id)).toBe(true);
    expect(faults.clear(first.id)).toBe(false);
    expect(faults.list()).toMatchObject([{ id: 2 }]);
    faults.clear();
    expect(faults.list()).toEqual([]);
  });

  it.each<[unknown, string]>([
    [
      { match: {}, fault: "explode" },
      'fault must be one of throttle, server-error, unavailable, reset-before, reset-after, truncate-blob, {"slowMs":N}, not "explode"',
    ],
    [
      { match: { bucket: "x" }, fault: "throttle" },
      "match has no 'bucket': it has service, operation, repository, via",
    ],
    [
      { match: {}, fault: "throttle", probability: 0.5 },
      "a fault has no 'probability': it has match, fault, times, every",
    ],
    [{ match: { via: "mail" }, fault: "throttle" }, 'match.via must be one of api, registry, not "mail"'],
    [{ match: {}, fault: "throttle", every: 1.5 }, "every must be a whole number from 1, not 1.5"],
    [7, "a fault must be an object with match, fault, times, every, not 7"],
  ])("%j is refused", (rule, message) => {
    expect(() => createFaults().add(rule as FaultRule)).toThrow(message);
  });

  it("of an operation that no service has is refused", () => {
    const faults = createFaults({ services: [ecrService] });

    expect(() => faults.add({ match: { service: "ecr", operation: "PutImages" }, fault: "throttle" })).toThrow(
      "ecr has no operation 'PutImages'",
    );
    expect(() => faults.add({ match: { operation: "PutImages" }, fault: "throttle" })).toThrow(
      "no service has an operation 'PutImages'",
    );
    expect(faults.add({ match: { operation: "DownloadBlob" }, fault: "truncate-blob" }).id).toBe(1);
  });
});

describe("a call under observation", () => {
  const call = {
    service: "ecr",
    operation: "PutImage",
    parameters: { repositoryName: "team-a/web" },
    resources: [],
    readOnly: false,
    identity: { type: "user", accountId: "1", userName: "mary", arn: "", accessKeyId: "" },
    region: "eu-west-1",
    via: "api",
    sourceIp: "",
    userAgent: "",
    requestId: "",
  } as const;

  it.each([
    ["throttle", "ThrottlingException", 400, "Rate exceeded"],
    ["server-error", "ServerException", 500, "The service has failed, as a fault of the local account says."],
  ] as const)("fails by %s with %s", (fault, code, status, message) => {
    const faults = createFaults();
    faults.add({ match: { repository: "team-a/web", via: "api" }, fault });

    const error = (() => {
      try {
        faults.observe(call);
      } catch (raised) {
        return raised;
      }
      return undefined;
    })();

    expect(error).toBeInstanceOf(AwsError);
    expect(error).toMatchObject({ code, status, message });
  });

  it("is not touched by the faults of a connection", () => {
    const faults = createFaults();
    faults.add({ match: {}, fault: "reset-after" });

    faults.observe(call);

    expect(faults.list()).toMatchObject([{ matched: 0, hits: 0 }]);
  });
});
