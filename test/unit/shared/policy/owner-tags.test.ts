import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ownerOf, ownerTags } from "#shared/policy/owner-tags.ts";

const account = "111122223333";

describe("ownerOf", () => {
  it.each([
    ["arn:aws:sts::111122223333:assumed-role/ci/build-42", { role: "ci", session: "build-42", account }],
    [
      "arn:aws-us-gov:sts::111122223333:assumed-role/AWSReservedSSO_Dev_0123/mia@example.com",
      { role: "AWSReservedSSO_Dev_0123", session: "mia@example.com", account },
    ],
    ["arn:aws:iam::111122223333:user/mia", { session: "mia", account }],
    ["arn:aws-cn:iam::111122223333:user/teams/a/mia", { session: "mia", account }],
  ])("reads %s", (arn, owner) => {
    expect(ownerOf(arn)).toEqual(owner);
  });

  it.each([
    "arn:aws:iam::111122223333:root",
    "arn:aws:sts::111122223333:federated-user/mia",
    "arn:aws:iam::111122223333:role/ci",
    "arn:aws:sts::111122223333:assumed-role/ci",
    "arn:aws:sts::1234:assumed-role/ci/build",
    "arn:aws:iam::111122223333:user/",
    "ecr.amazonaws.com",
    "",
  ])("knows no owner from %j", (arn) => {
    expect(ownerOf(arn)).toBeUndefined();
  });
});

describe("ownerTags", () => {
  const template = { ownerTags: { owner: "{role}", by: "{session} of {account}", again: "{role}/{role}" } };

  it("fills the placeholders in", () => {
    expect(ownerTags(template, { role: "ci", session: "build-42", account })).toEqual({
      owner: "ci",
      by: "build-42 of 111122223333",
      again: "ci/ci",
    });
  });

  it("leaves out a tag with a placeholder that is not known", () => {
    expect(ownerTags(template, { session: "mia", account })).toEqual({ by: "mia of 111122223333" });
    expect(ownerTags(template, {})).toEqual({});
    expect(ownerTags(template, undefined)).toEqual({});
  });

  it("gives none for a template without owner tags", () => {
    expect(ownerTags({}, { role: "ci", account })).toEqual({});
  });

  it("drops the characters that AWS takes in no tag, and fills no value in twice", () => {
    expect(ownerTags(template, { role: "a,b", session: "{role}", account })).toEqual({
      owner: "ab",
      by: "role of 111122223333",
      again: "ab/ab",
    });
  });

  it("cuts values to 256, and no character in half", () => {
    const role = "r".repeat(64);
    const long = ownerTags({ ownerTags: { a: `${"x".repeat(250)}{role}`, b: `{role}${"𝒳".repeat(120)}` } }, { role });

    expect(long.a).toBe(`${"x".repeat(250)}rrrrrr`);
    expect(long.b).toBe(`${role}${"𝒳".repeat(96)}`);
    expect(ownerTags({ ownerTags: { b: `r{role}${"𝒳".repeat(120)}` } }, { role }).b).toBe(`r${role}${"𝒳".repeat(95)}`);
  });

  it("gives values that AWS takes, whatever the owner is", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."aß𝒳,{}\u0000 \u{e000}=~"), maxLength: 300 }), (role) => {
        const { owner = "" } = ownerTags(template, { role });
        expect(owner).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256}$/u);
      }),
    );
  });
});
