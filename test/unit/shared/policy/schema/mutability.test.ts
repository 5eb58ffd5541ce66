import { describe, expect, it } from "vitest";
import { readPolicy } from "#shared/policy/read-policy.ts";
import { problemsOf, problemsOfMutability } from "../support.ts";

const withException = (members: string) => `{ exceptions: [{ ${members} }] }`;
const expiring = (expires: string) => withException(`repository: team-a/legacy, reason: moves, expires: ${expires}`);
const because = (reason: string) => withException(`repository: team-a/legacy, reason: ${reason}, expires: 2026-12-31`);
const noDay = (text: string) =>
  `mutability.exceptions[0].expires: "${text}" is no day of the calendar; write YYYY-MM-DD, for example 2026-12-31`;

describe("the schema of mutability enforcement", () => {
  it.each([
    "{}",
    "{ enforcement: enforce, exceptions: [] }",
    "{ enforcement: report }",
    because('"moves to digests in Q1"'),
    because(`"${"r".repeat(256)}"`),
    expiring("2024-02-29"),
    expiring('"1999-01-01"'),
    withException('repository: "team-*/**", reason: moves, expires: 2026-12-31'),
  ])("accepts %s", (section) => {
    expect(problemsOfMutability(section)).toEqual([]);
  });

  it("keeps a day as its text", () => {
    const { policy } = readPolicy(`{ version: 1, mutability: ${expiring("2026-12-31")} }`, "p.yaml");

    expect(policy.mutability.exceptions).toEqual([
      { repository: "team-a/legacy", reason: "moves", expires: "2026-12-31" },
    ]);
  });

  it.each([
    [
      "{ enforcement: enfore }",
      'mutability.enforcement: is "enfore", which is not one of enforce, report; write enforce instead',
    ],
    ["{ enforcement: off }", 'mutability.enforcement: is "off"; write one of enforce, report instead'],
    ["{ exception: [] }", 'mutability: unknown key "exception"; write exceptions instead'],
    [
      withException("reason: moves, expires: 2026-12-31"),
      "mutability.exceptions[0].repository: is missing; write for example `repository: team-a/legacy`",
    ],
    [
      withException("repository: Legacy, reason: moves, expires: 2026-12-31"),
      'mutability.exceptions[0].repository: "Legacy" matches no name that ECR takes: it allows lower-case words joined by . _ - and "/"; write for example team-a/* instead',
    ],
    [
      withException("repository: team-a/legacy, expires: 2026-12-31"),
      "mutability.exceptions[0].reason: is missing; write for example `reason: moves to digests in Q1`",
    ],
    [
      because('"  "'),
      "mutability.exceptions[0].reason: is blank; write why, for example `reason: moves to digests in Q1`",
    ],
    [because(`"${"r".repeat(257)}"`), "mutability.exceptions[0].reason: is 257 characters long; write 256 at most"],
    [
      withException("repository: team-a/legacy, reason: moves"),
      "mutability.exceptions[0].expires: is missing; write for example `expires: 2026-12-31`",
    ],
    [
      expiring(""),
      "mutability.exceptions[0].expires: is empty; write for example `expires: 2026-12-31`, or remove the line",
    ],
    [
      expiring("20261231"),
      "mutability.exceptions[0].expires: is the number 20261231, not a day; write for example 2026-12-31 instead",
    ],
    [expiring("2026-02-30"), noDay("2026-02-30")],
    [expiring("2025-02-29"), noDay("2025-02-29")],
    [expiring("2026-13-01"), noDay("2026-13-01")],
    [expiring("2026-1-31"), noDay("2026-1-31")],
    [expiring("31.12.2026"), noDay("31.12.2026")],
    [expiring('"2026-12-31T00:00:00Z"'), noDay("2026-12-31T00:00:00Z")],
    [expiring("never"), noDay("never")],
  ])("refuses %s", (section, problem) => {
    expect(problemsOfMutability(section)).toEqual([problem]);
  });

  it("tells the place of what is wrong", () => {
    const text =
      'version: 1\nmutability:\n  exceptions:\n    - repository: team-a/x\n      reason: ""\n      expires: 2026-06-31\n';

    expect(problemsOf(text)).toEqual([
      "5:15  mutability.exceptions[0].reason: is blank; write why, for example `reason: moves to digests in Q1`",
      `6:16  ${noDay("2026-06-31")}`,
    ]);
  });
});
