import { describe, expect, it } from "vitest";
import { badgesOf } from "#shared/catalog/badges.ts";

describe("badges", () => {
  it("have ECR Public's own names for every platform that it knows", () => {
    const platforms = [
      { os: "linux", architecture: "amd64" },
      { os: "linux", architecture: "386" },
      { os: "linux", architecture: "arm", variant: "v7" },
      { os: "linux", architecture: "arm64", variant: "v8" },
      { os: "windows", architecture: "amd64" },
    ];

    expect(badgesOf(platforms)).toEqual({
      architectures: ["ARM", "ARM 64", "x86", "x86-64"],
      operatingSystems: ["Linux", "Windows"],
      findings: [],
    });
  });

  it("count each once, in whatever order platforms come", () => {
    const [one, other] = [
      { os: "linux", architecture: "arm64" },
      { os: "linux", architecture: "amd64" },
    ];

    expect(badgesOf([one, other, one])).toEqual(badgesOf([other, one]));
    expect(badgesOf([one, other, one]).architectures).toEqual(["ARM 64", "x86-64"]);
  });

  it.each([
    ["an attestation", { os: "unknown", architecture: "unknown" }],
    ["an artifact without a platform", {}],
    ["one that tells half of it", { os: "linux", architecture: "" }],
  ])("are none for %s, which is no finding", (_, platform) => {
    expect(badgesOf([platform])).toEqual({ architectures: [], operatingSystems: [], findings: [] });
  });

  it("leave out what ECR Public has none for, and name it once", () => {
    const platforms = [
      { os: "linux", architecture: "s390x" },
      { os: "linux", architecture: "s390x" },
      { os: "darwin", architecture: "arm64" },
    ];

    expect(badgesOf(platforms)).toEqual({
      architectures: ["ARM 64"],
      operatingSystems: ["Linux"],
      findings: [
        {
          file: 'platform "darwin"',
          rule: "no-badge",
          message: "ECR Public has no badge for this operating system; it has Linux, Windows",
        },
        {
          file: 'platform "s390x"',
          rule: "no-badge",
          message: "ECR Public has no badge for this architecture; it has ARM, ARM 64, x86, x86-64",
        },
      ],
    });
  });

  it("name a hostile platform without its control characters, and in short", () => {
    const { findings } = badgesOf([{ os: `a\u001b[31m\u202e${"b".repeat(100)}`, architecture: "amd64" }]);

    expect(findings.map(({ file }) => file)).toEqual([`platform "a\\u{1b}[31m\\u{202e}${"b".repeat(53)}"…`]);
  });

  it("take a name for itself, not for a member of an object", () => {
    expect(badgesOf([{ os: "linux", architecture: "constructor" }]).architectures).toEqual([]);
  });
});
