import { describe, expect, it } from "vitest";
import { AwsError, type ServiceName } from "../../../../local/aws/call.ts";
import { createCredentialStore } from "../../../../local/aws/credentials.ts";
import { quotas } from "../../../../local/faults/quotas.ts";
import { createRates } from "../../../../local/faults/rates.ts";

const { identity } = createCredentialStore("123456789012").addUser("mary");

/** A clock that is moved by hand, and how many of `calls` calls passed. */
function setUp() {
  let now = Date.parse("2026-03-01T10:00:00Z");
  const rates = createRates({ clock: () => new Date(now), region: "eu-west-1" });
  const pass = (service: ServiceName, operation: string, calls: number, region = "eu-west-1") => {
    let passed = 0;
    for (let call = 0; call < calls; call += 1) {
      try {
        rates.observe({ service, operation, region, identity });
        passed += 1;
      } catch (error) {
        if (!(error instanceof AwsError) || error.code !== "ThrottlingException") throw error;
        if (error.message !== "Rate exceeded") throw error;
      }
    }
    return passed;
  };
  return { rates, pass, advance: (ms: number) => (now += ms) };
}

describe("rates", () => {
  it.each(quotas.map(({ service, operation, perSecond }) => [service, operation, perSecond] as const))(
    "let %s:%s through %i times in a second",
    (service, operation, perSecond) => {
      const { pass, advance } = setUp();

      expect(pass(service, operation, perSecond + 5)).toBe(perSecond);
      advance(1000);
      expect(pass(service, operation, perSecond + 5)).toBe(perSecond);
    },
  );

  it("fill steadily", () => {
    const { pass, advance } = setUp();
    pass("ecr", "PutImage", 10);

    advance(99);
    expect(pass("ecr", "PutImage", 1)).toBe(0);
    advance(1);
    expect(pass("ecr", "PutImage", 2)).toBe(1);
    advance(250);
    expect(pass("ecr", "PutImage", 5)).toBe(2);
    // The 50 ms that made no whole token were not lost.
    advance(50);
    expect(pass("ecr", "PutImage", 5)).toBe(1);
  });

  it("save up no more than a second's worth", () => {
    const { pass, advance } = setUp();
    pass("ecr", "PutImage", 10);

    advance(60_000);

    expect(pass("ecr", "PutImage", 100)).toBe(10);
  });

  it("are one per service and action, and per Region for ECR", () => {
    const { pass, rates } = setUp();
    pass("ecr", "PutImage", 11);

    expect(pass("ecr-public", "PutImage", 11)).toBe(10);
    expect(pass("ecr", "CompleteLayerUpload", 11)).toBe(11);
    expect(pass("ecr", "PutImage", 11, "us-west-2")).toBe(10);
    expect(pass("ecr-public", "PutImage", 11, "us-west-2")).toBe(0);
    expect(rates.list()).toContainEqual({
      service: "ecr",
      operation: "PutImage",
      perSecond: 10,
      code: "L-AD52DFB2",
      region: "eu-west-1",
      taken: 10,
      refused: 1,
    });
  });

  it("do not limit what has no published rate", () => {
    const { pass } = setUp();

    expect(pass("ecr", "CreateRepository", 5000)).toBe(5000);
    expect(pass("sqs", "SendMessage", 5000)).toBe(5000);
  });

  it("do not count what ECR does on its own behalf", () => {
    const { rates, pass } = setUp();
    const service = {
      type: "service",
      accountId: "123456789012",
      service: "ecr.amazonaws.com",
      arn: "",
      accessKeyId: "",
    } as const;

    for (let call = 0; call < 50; call += 1) {
      rates.observe({ service: "ecr", operation: "PutImage", region: "eu-west-1", identity: service });
    }

    expect(pass("ecr", "PutImage", 20)).toBe(10);
  });
});
