import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNearName, nearNameBreach } from "#shared/policy/near-names.ts";
import { policyWith } from "./support.ts";

const name = fc.string({ unit: fc.constantFrom("a", "b", "c", "1", "-", "_", "/"), maxLength: 14 });

describe("isNearName", () => {
  it.each([
    ["a letter left out", "team/paymets", "team/payments"],
    ["a letter added", "team/paymenta-api", "team/payment-api"],
    ["a letter doubled", "team/paymments", "team/payments"],
    ["a wrong letter", "team/paynents", "team/payments"],
    ["two letters swapped", "team/paymetns", "team/payments"],
    ["a first letter swapped with the second", "team/apyments", "team/payments"],
    ["singular and plural", "team/payment", "team/payments"],
    ["a separator against none", "team/pay-ments", "team/payments"],
    ["a separator against another", "team/pay_ments", "team/pay-ments"],
    ["a separator at another place", "team/pay-ments", "team/paym-ents"],
    ["several separators", "team/my-web.app", "team/mywebapp"],
    ["a separator beside a number", "team/orders-v1", "team/ordersv1"],
    ["a slip in one of several words", "team/paymets-api-v2", "team/payments-api-v2"],
    ["a slip in the first segment", "paymets/api", "payments/api"],
    ["a slip in a segment in the middle", "a/backned/c", "a/backend/c"],
    ["a name of one segment", "frontned", "frontend"],
  ])("is true for %s", (_, one, other) => {
    expect(isNearName(one, other)).toBe(true);
  });

  it.each([
    ["the same name", "team/payments", "team/payments"],
    ["another number", "team/api-1", "team/api-2"],
    ["another number after a long word", "team/payments-1", "team/payments-2"],
    ["another number of digits", "team/payments1", "team/payments11"],
    ["a number against none", "team/payments", "team/payments2"],
    ["a number against a letter", "team/payments2", "team/paymentsa"],
    ["another version", "team/payments-v1.2", "team/payments-v1.3"],
    ["a number that a separator parts", "team/payments-1-2", "team/payments-12"],
    ["a number that a letter parts", "team/release1a2", "team/release12"],
    ["words of one letter", "svc-a", "svc-b"],
    ["words of one letter in another segment", "team-a/web", "team-b/web"],
    ["a word of one letter more", "team/payments", "team/payments-b"],
    ["different words with one end", "frontend", "backend"],
    ["words that are both right, two slips apart", "importer", "exporter"],
    ["words that are both right, of another length", "collector", "collection"],
    ["short words", "team/user", "team/users"],
    ["a short word with a letter before it", "team/auth", "team/oauth"],
    ["short words with another separator", "a-b", "a_b"],
    ["a short word within a long name", "payments-dev", "payments-dex"],
    ["two segments that differ", "paymets/backned", "payments/backend"],
    ["two words that differ", "team/paymets-backned", "team/payments-backend"],
    ["another number of segments", "team/pay/ments", "team/payments"],
    ["a segment left out", "team/payments/payments", "team/payments"],
    ["a slash against a dash", "team-payments", "team/payments"],
    ["two slips", "team/paymnts", "team/paymentss"],
  ])("is false for %s", (_, one, other) => {
    expect(isNearName(one, other)).toBe(false);
  });

  it("is the same in both directions", () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        expect(isNearName(one, other)).toBe(isNearName(other, one));
      }),
      { numRuns: 2_000 },
    );
  });

  it("is true for every slip of a letter in a long word, and for no name beside itself", () => {
    const words = fc.string({ unit: fc.constantFrom(..."abcdefgh"), minLength: 6, maxLength: 12 });

    fc.assert(
      fc.property(words, fc.nat(), (word, place) => {
        const at = place % (word.length - 1);
        const slips = [
          word.slice(0, at) + word.slice(at + 1),
          `${word.slice(0, at)}z${word.slice(at)}`,
          `${word.slice(0, at)}z${word.slice(at + 1)}`,
          word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2),
        ];
        for (const slip of slips) expect([slip, isNearName(slip, word)]).toEqual([slip, slip !== word]);
      }),
    );
  });

  it("finds the one of a hundred thousand names", () => {
    const names = Array.from({ length: 100_000 }, (_, index) => `team-${index % 300}/service-${index}/payments-api`);

    expect(names.filter((existing) => isNearName("team-77/service-77/paymets-api", existing))).toEqual([
      "team-77/service-77/payments-api",
    ]);
  }, 2_000);
});

describe("nearNameBreach", () => {
  const guarded = policyWith({ naming: { nearNames: { except: ["team-a/payment", "team-b/**"] } } });

  it("names both, and says how to allow it", () => {
    expect(nearNameBreach(guarded, "team/paymets", "team/payments")).toEqual({
      rule: "near-name",
      reason:
        "'team/paymets' is one slip away from 'team/payments', which exists; if it is meant, add it to naming.nearNames.except in the policy",
    });
  });

  it.each([
    ["for a name that is not near", guarded, "team/orders", "team/payments"],
    ["for the name itself", guarded, "team/payments", "team/payments"],
    ["for a name under except", guarded, "team-a/payment", "team-a/payments"],
    ["for a name that a glob of except matches", guarded, "team-b/x/paymets", "team-b/x/payments"],
    ["without the guard", policyWith({}), "team/paymets", "team/payments"],
  ])("is none %s", (_, policy, one, other) => {
    expect(nearNameBreach(policy, one, other)).toBeUndefined();
  });

  it("asks of the new name alone whether it is under except", () => {
    expect(nearNameBreach(guarded, "team-a/payments", "team-a/payment")?.rule).toBe("near-name");
  });
});
