import { describe, expect, it } from "vitest";
import { standardFor } from "#shared/policy/standard-for.ts";
import { policyWith, template } from "./support.ts";

const teamA = template("team-a", { mutability: { mode: "IMMUTABLE", exclude: [] } });
const exception = (repository: string, expires: string, reason = "moves to digests") => ({
  repository,
  reason,
  expires,
});
const now = new Date("2026-06-15T12:00:00Z");

function mutabilityOf(exceptions: ReturnType<typeof exception>[], time = now, enforcement?: "report") {
  const mutability = { exceptions, ...(enforcement && { enforcement }) };
  const standard = standardFor(policyWith({ templates: [teamA], mutability }), "team-a/legacy", time);
  if (standard.outcome !== "governed") throw new Error(`is ${standard.outcome}`);
  return { mutability: standard.mutability, exception: standard.exception };
}

describe("standardFor", () => {
  it("gives the template that governs a repository, and enforces its mutability", () => {
    const policy = policyWith({ templates: [template("ROOT"), teamA] });

    expect(standardFor(policy, "team-a/api", now)).toEqual({
      outcome: "governed",
      template: teamA,
      mutability: "enforce",
    });
  });

  it("lists a name that breaks a rule before anything else, even when no template covers it", () => {
    const policy = policyWith({ naming: { deny: ["**/tmp"] }, templates: [teamA] });
    const breach = (name: string) => ({ rule: "deny", reason: `'${name}' matches **/tmp, which naming.deny refuses` });

    expect(standardFor(policy, "team-a/tmp", now)).toEqual({ outcome: "misnamed", breach: breach("team-a/tmp") });
    expect(standardFor(policy, "other/tmp", now)).toEqual({ outcome: "misnamed", breach: breach("other/tmp") });
  });

  it("says that no template covers a repository", () => {
    expect(standardFor(policyWith({ templates: [teamA] }), "team-b/api", now)).toEqual({
      outcome: "ungoverned",
      reason: "no template of the policy covers 'team-b/api', and there is no ROOT template",
    });
  });

  it("only reports where the policy enforces nothing", () => {
    expect(mutabilityOf([], now, "report")).toEqual({ mutability: "report", exception: undefined });
  });

  it("excepts a repository while its exception holds", () => {
    const holding = { reason: "moves to digests", expires: "2026-12-31", expired: false };

    expect(mutabilityOf([exception("team-a/legacy", "2026-12-31")])).toEqual({
      mutability: "excepted",
      exception: holding,
    });
    expect(mutabilityOf([exception("team-a/*", "2026-12-31")], now, "report")).toEqual({
      mutability: "excepted",
      exception: holding,
    });
  });

  it("passes over the exceptions of other repositories", () => {
    expect(mutabilityOf([exception("team-a/other", "2026-12-31"), exception("*", "2026-12-31")])).toEqual({
      mutability: "enforce",
      exception: undefined,
    });
  });

  it.each([
    ["2026-06-15T00:00:00.000Z", "excepted"],
    ["2026-06-15T23:59:59.999Z", "excepted"],
    ["2026-06-16T00:00:00.000Z", "enforce"],
    ["2026-06-15T23:30:00.000-02:00", "enforce"],
  ])("at %s takes an exception that expires on 2026-06-15 as %s", (time, mutability) => {
    expect(mutabilityOf([exception("team-a/legacy", "2026-06-15")], new Date(time))).toEqual({
      mutability,
      exception: { reason: "moves to digests", expires: "2026-06-15", expired: mutability === "enforce" },
    });
  });

  it("enforces again once an exception has expired, or reports, and tells which it was", () => {
    const exceptions = [exception("team-a/legacy", "2026-01-31")];
    const expired = { reason: "moves to digests", expires: "2026-01-31", expired: true };

    expect(mutabilityOf(exceptions)).toEqual({ mutability: "enforce", exception: expired });
    expect(mutabilityOf(exceptions, now, "report")).toEqual({ mutability: "report", exception: expired });
  });

  it.each([
    ["one in force over one that has expired", ["2026-01-31", "2026-12-31", "2026-02-28"], "2026-12-31"],
    ["of several in force the one that lasts longest", ["2026-07-31", "2026-12-31", "2026-08-31"], "2026-12-31"],
    ["of several that have expired the newest", ["2025-12-31", "2026-05-31", "2026-02-28"], "2026-05-31"],
  ])("takes %s", (_, days, expires) => {
    const { exception: found } = mutabilityOf(days.map((day) => exception("team-a/**", day, `until ${day}`)));

    expect(found).toEqual({ reason: `until ${expires}`, expires, expired: expires < "2026-06-15" });
  });
});
