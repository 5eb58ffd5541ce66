import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readPolicy } from "#shared/policy/read-policy.ts";
import { newSigner, signerOf } from "../../../../support/cosign.ts";
import { problemsOf, problemsOfMirrorRule } from "../support.ts";

const pem = (text: string) => text.trim().replaceAll("\n", "\\n");
const good = pem(newSigner().pem);
const p384 = pem(signerOf(generateKeyPairSync("ec", { namedCurve: "secp384r1" })).pem);
const below = "write the text of cosign.pub, line by line, below `pem: |`";
const noGlob = (glob: string) =>
  `"${glob}" is no tag pattern; write 1 to 128 of the characters a-z, A-Z, 0-9, ".", "_", "-" and "*" instead`;

describe("a mirror rule", () => {
  it("keeps what is written, with the defaults and the range compiled", () => {
    const text = `version: 1
mirror:
  - source: team-a/*
    tags: { semver: ">=1.2.0 <3", latest: 5 }
    destination: "team-a-{name}"
    platforms: [linux/amd64, linux/arm/v7]
    immutable: ["v*"]
    verify: true
    gates:
      minimumAgeHours: 24
      scan: { severity: HIGH, ignore: [{ id: CVE-2026-0001, reason: not reached, expires: 2027-01-31 }] }
      signature: { keys: [{ name: release, pem: "${good}" }] }
    repository: { description: Team A, tags: { team: a } }
    retention: [{ tags: "v*", newest: 20 }, { tags: "*", days: 90, newest: 1 }]
    deletion: { graceHours: 0, atMost: 1 }
`;

    const { policy } = readPolicy(text, "p.yaml");

    expect(policy.mirror).toEqual([
      {
        source: "team-a/*",
        tags: {
          include: [],
          semver: {
            range: ">=1.2.0 <3",
            alternatives: [
              [
                { op: ">=", version: { major: 1, minor: 2, patch: 0, prerelease: [] } },
                { op: "<", version: { major: 3, minor: 0, patch: 0, prerelease: [0] } },
              ],
            ],
          },
          latest: 5,
          exclude: [],
        },
        destination: "team-a-{name}",
        platforms: ["linux/amd64", "linux/arm/v7"],
        immutable: ["v*"],
        verify: true,
        gates: {
          minimumAgeHours: 24,
          scan: { severity: "HIGH", ignore: [{ id: "CVE-2026-0001", reason: "not reached", expires: "2027-01-31" }] },
          signature: { keys: [{ name: "release", pem: good.replaceAll("\\n", "\n") }] },
        },
        repository: { description: "Team A", tags: { team: "a" } },
        retention: [
          { tags: "v*", newest: 20 },
          { tags: "*", days: 90, newest: 1 },
        ],
        deletion: { graceHours: 0, atMost: 1 },
      },
    ]);
    expect(JSON.parse(JSON.stringify(policy))).toEqual(policy);
  });

  it.each([
    ["[linux/x86_64]", "platforms[0]", '"linux/x86_64" is no platform; write linux/amd64 instead'],
    ["[linux/x86-64]", "platforms[0]", '"linux/x86-64" is no platform; write linux/amd64 instead'],
    ["[x86_64]", "platforms[0]", '"x86_64" is no platform; write linux/amd64 instead'],
    ["[arm64]", "platforms[0]", '"arm64" is no platform; write linux/arm64 instead'],
    ["[Linux/aarch64]", "platforms[0]", '"Linux/aarch64" is no platform; write linux/arm64 instead'],
    ["[linux/armv7]", "platforms[0]", '"linux/armv7" is no platform; write linux/arm/v7 instead'],
    ["[linux/arm/7]", "platforms[0]", '"linux/arm/7" is no platform; write linux/arm/v7 instead'],
    ["[ubuntu/arm64]", "platforms[0]", '"ubuntu/arm64" is no platform; write linux/arm64 instead'],
    ["[macos/arm64]", "platforms[0]", '"macos/arm64" is no platform; write darwin/arm64 instead'],
    ["[windows-amd64]", "platforms[0]", '"windows-amd64" is no platform; write windows/amd64 instead'],
    ["[linux/amd64/v2/x]", "platforms[0]", '"linux/amd64/v2/x" is no platform; write for example linux/amd64 instead'],
    [
      "[linux/constructor]",
      "platforms[0]",
      '"linux/constructor" is no platform; write for example linux/amd64 instead',
    ],
    ["[linux/amd64, linux/amd64]", "platforms[1]", '"linux/amd64" stands here twice; write it once'],
    [
      "[]",
      "platforms",
      "is empty, and would publish nothing; write for example [linux/amd64], or remove the line for all",
    ],
  ])("refuses the platforms %s", (platforms, path, problem) => {
    expect(problemsOfMirrorRule(`platforms: ${platforms}`)).toEqual([`${path}: ${problem}`]);
  });

  it("accepts Go's platforms, with variants", () => {
    expect(
      problemsOfMirrorRule("platforms: [linux/386, linux/arm/v6, linux/arm64/v8.1, windows/amd64, linux/riscv64]"),
    ).toEqual([]);
  });

  it.each([
    ["{}", ": is empty, and holds nothing back; write minimumAgeHours, scan or signature, or remove the line"],
    ["{ minimumAgeHours: 0 }", ".minimumAgeHours: is 0; write 1 or more instead"],
    ["{ minimumAgeHours: 9000 }", ".minimumAgeHours: is more than 8760; write less"],
    ["{ scan: {} }", ".scan.severity: is missing; write one of CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL, UNDEFINED"],
    [
      "{ scan: { severity: high } }",
      '.scan.severity: is "high", which is not one of CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL, UNDEFINED; write HIGH instead',
    ],
    ["{ scan: { severity: LOW, maxAgeDays: 0 } }", ".scan.maxAgeDays: is 0; write 1 or more instead"],
    ["{ signature: { keys: [] } }", ".signature.keys: is empty; write the public keys of which one must have signed"],
    ["{ signatures: {} }", ': unknown key "signatures"; write signature instead'],
  ])("refuses the gates %s", (gates, problem) => {
    expect(problemsOfMirrorRule(`gates: ${gates}`)).toEqual([`gates${problem}`]);
  });

  it.each([
    [
      "{ id: CVE-*, reason: x, expires: 2027-01-31 }",
      '[0].id: "CVE-*" is not the name of one finding; write it whole, for example CVE-2026-0001',
    ],
    [
      '{ id: CVE-1, reason: " ", expires: 2027-01-31 }',
      "[0].reason: is blank; write why, for example `reason: the code is not reached`",
    ],
    [
      "{ id: CVE-1, reason: x, expires: 2027-02-29 }",
      '[0].expires: "2027-02-29" is no day of the calendar; write YYYY-MM-DD, for example 2026-12-31',
    ],
    [
      "{ id: CVE-1, reason: x, expires: 2027 }",
      "[0].expires: is the number 2027, not a day; write for example 2026-12-31 instead",
    ],
    ["{ id: CVE-1, reason: x }", "[0].expires: is missing; write for example `expires: 2026-12-31`"],
    [
      "{ id: CVE-1, reason: x, expires: 2027-01-31 }, { id: CVE-1, reason: y, expires: 2027-01-31 }",
      '[1].id: "CVE-1" stands here twice; write it once',
    ],
  ])("refuses to ignore %s", (entries, problem) => {
    expect(problemsOfMirrorRule(`gates: { scan: { severity: HIGH, ignore: [${entries}] } }`)).toEqual([
      `gates.scan.ignore${problem}`,
    ]);
  });

  it.each([
    ["a private key", "-----BEGIN PRIVATE KEY-----", "the key is a private key: the policy takes the public key alone"],
    ["no key", "secret", "the key is not one PEM block 'PUBLIC KEY' (SPKI)"],
    [
      "a key of another type",
      p384,
      "the key is ec secp384r1: it must be ECDSA P-256, Ed25519, or RSA of 2048 bits or more",
    ],
  ])("refuses %s for a signature, without a byte of it", (_, text, problem) => {
    const problems = problemsOfMirrorRule(`gates: { signature: { keys: [{ name: release, pem: "${text}" }] } }`);

    expect(problems).toEqual([`gates.signature.keys[0].pem: ${problem}; ${below}`]);
  });

  it("refuses two keys of one name, and a name that is blank", () => {
    const keys = ["a", "a", " "].map((name) => `{ name: "${name}", pem: "${good}" }`).join(", ");

    expect(problemsOfMirrorRule(`gates: { signature: { keys: [${keys}] } }`)).toEqual([
      'gates.signature.keys[1].name: "a" stands here twice; write it once',
      "gates.signature.keys[2].name: is blank or longer than 128 characters; write a short name, for example release",
    ]);
  });

  it.each([
    ['immutable: ["v?"]', `immutable[0]: ${noGlob("v?")}`],
    ["verify: 1", "verify: is the number 1, not true or false; write true or false instead"],
    [
      `repository: { description: "${"x".repeat(1025)}" }`,
      "repository.description: is longer than 1024 characters, which is all that ECR Public takes; write a shorter one",
    ],
    [
      'repository: { tags: { "aws:x": a } }',
      'repository.tags.aws:x: the tag "aws:x" begins with "aws:", which is reserved for AWS; write another key instead',
    ],
    [
      'repository: { tags: { team: "a?" } }',
      'repository.tags.team: "a?" has a character that AWS takes in no tag; write letters, digits, spaces and . _ : / = + - @ instead',
    ],
    ['retention: [{ tags: "v*" }]', "retention[0]: keeps nothing; write newest or days, for example `newest: 20`"],
    ['retention: [{ tags: "v*", newest: 0 }]', "retention[0].newest: is 0; write 1 or more instead"],
    ["retention: [{ newest: 1 }]", "retention[0].tags: is missing; write for example `tags: v*`"],
    [
      'retention: [{ tags: "v*", days: 1 }, { tags: "x", days: 1 }, { tags: "v1-*", days: 1 }]',
      "retention[2].tags: v1-* is never reached, as v* stands before it and decides; write it above that one",
    ],
    ["deletion: { graceHours: -1, atMost: 1 }", "deletion.graceHours: is -1; write 0 or more instead"],
    ["deletion: { graceHours: 1, atMost: 0 }", "deletion.atMost: is 0; write 1 or more instead"],
    ["deletion: { atMost: 1 }", "deletion.graceHours: is missing; write for example `graceHours: 72`"],
    [
      "deletion: { graceHours: 1.5, atMost: 1 }",
      "deletion.graceHours: is the number 1.5, not a whole number; write for example `graceHours: 72` instead",
    ],
    ["imutable: []", 'mirror[0]: unknown key "imutable"; write immutable instead'],
  ])("refuses %s", (line, problem) => {
    expect(problemsOfMirrorRule(line)).toEqual([problem]);
  });

  it("accepts a retention whose wider entry comes last", () => {
    expect(problemsOfMirrorRule('retention: [{ tags: "v1*", days: 1 }, { tags: "v*", newest: 1 }]')).toEqual([]);
  });

  it("tells the lines of what is wrong", () => {
    expect(
      problemsOf(`version: 1
mirror:
  - source: team-a/*
    destination: x-{name}
    tags:
      semver: nonsense
    gates:
      scan:
        severity: HIGH
        ignore:
          - id: CVE-1
            reason: ""
            expires: soon
`).map((problem) => /^[0-9:]+ {2}[^:]+/.exec(problem)?.[0]),
    ).toEqual([
      "6:15  mirror[0].tags.semver",
      "12:21  mirror[0].gates.scan.ignore[0].reason",
      "13:22  mirror[0].gates.scan.ignore[0].expires",
    ]);
  });
});
