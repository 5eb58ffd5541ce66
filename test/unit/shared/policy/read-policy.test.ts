import { describe, expect, it } from "vitest";
import { PolicyError, readPolicy } from "#shared/policy/read-policy.ts";
import { problemsOf } from "./support.ts";

const small = `version: 1
templates:
  - prefix: team-a/
    tags: { team: a }
mirror:
  - source: team-a/*
    tags: { include: ["v*"] }
    destination: "{repository}"
`;

describe("readPolicy", () => {
  it("fills in the defaults and gives plain data", () => {
    const { policy } = readPolicy(small, "p.yaml");

    expect(policy).toEqual({
      version: 1,
      naming: { allow: ["**"], deny: [] },
      mutability: { enforcement: "enforce", exceptions: [] },
      templates: [{ prefix: "team-a", tags: { team: "a" }, createOn: ["push"] }],
      mirror: [
        {
          source: "team-a/*",
          tags: { include: ["v*"], exclude: [] },
          destination: "{repository}",
          immutable: [],
          verify: false,
          gates: {},
          retention: [],
        },
      ],
      catalog: { repositories: [] },
      limits: { sweepCallsPerSecond: 50 },
    });
    expect(JSON.parse(JSON.stringify(policy))).toEqual(policy);
  });

  it("takes a policy with nothing but a version", () => {
    expect(readPolicy("version: 1", "p.yaml").policy).toEqual({
      version: 1,
      naming: { allow: ["**"], deny: [] },
      mutability: { enforcement: "enforce", exceptions: [] },
      templates: [],
      mirror: [],
      catalog: { repositories: [] },
      limits: { sweepCallsPerSecond: 50 },
    });
  });

  it("fills in the defaults within sections that are there", () => {
    const { policy } = readPolicy(
      "{ version: 1, naming: { nearNames: {} }, mutability: { enforcement: report } }",
      "p.yaml",
    );

    expect(policy.naming).toEqual({ allow: ["**"], deny: [], nearNames: { except: [] } });
    expect(policy.mutability).toEqual({ enforcement: "report", exceptions: [] });
  });

  it("compiles policy documents to canonical JSON text", () => {
    const { policy } = readPolicy(
      `version: 1
templates:
  - prefix: a
    lifecyclePolicy:
      rules:
        - selection: { tagStatus: any, countType: imageCountMoreThan, countNumber: 5 }
          rulePriority: 1
          action: { type: expire }
    repositoryPolicy:
      Version: 2012-10-17
      Statement:
        - Principal: { AWS: "012345678901" }
          Effect: Allow
          Action: ecr:BatchGetImage
`,
      "p.yaml",
    );

    expect(policy.templates[0]?.lifecyclePolicy).toBe(
      '{"rules":[{"action":{"type":"expire"},"rulePriority":1,"selection":{"countNumber":5,"countType":"imageCountMoreThan","tagStatus":"any"}}]}',
    );
    expect(policy.templates[0]?.repositoryPolicy).toBe(
      '{"Statement":[{"Action":"ecr:BatchGetImage","Effect":"Allow","Principal":{"AWS":"012345678901"}}],"Version":"2012-10-17"}',
    );
  });

  it("hashes what the policy says, not how it is written", () => {
    const other = `# a comment
mirror: [{ destination: '{repository}', tags: { exclude: [], include: [v*] }, source: team-a/* }]
templates: [{ createOn: [push], tags: { team: a }, prefix: team-a }]
version: 1
`;

    expect(readPolicy(small, "p.yaml").hash).toBe("f7d1714220e08e89673d0cd3c6ea1ca7b28cf5b03200c9856784e44b0693c077");
    expect(readPolicy(other, "q.yaml").hash).toBe(readPolicy(small, "p.yaml").hash);
    expect(readPolicy(small.replace("team: a", "team: b"), "p.yaml").hash).not.toBe(readPolicy(small, "p.yaml").hash);
  });

  it("follows anchors and aliases, and tells positions within them", () => {
    const text = "version: 1\ntemplates:\n  - prefix: a\n    tags: &tags { team: x }\n  - prefix: b\n    tags: *tags\n";

    expect(readPolicy(text, "p.yaml").policy.templates[1]?.tags).toEqual({ team: "x" });
    expect(problemsOf(text.replace("team: x", "team: 7"))).toEqual([
      '4:25  templates[0].tags.team: is the number 7, not text; write "7" instead',
      '4:25  templates[1].tags.team: is the number 7, not text; write "7" instead',
    ]);
  });

  it("raises a permanent error that lists all problems in the order of the file", () => {
    const text = `version: 2
templates:
  - prefix: Team-A/*
    imutability: {}
    scanOnPush: yes
mirror:
  - source: team-a/*
    tags: { include: [] }
`;

    const raise = () => readPolicy(text, "policies/x.yaml");

    expect(raise).toThrow(PolicyError);
    try {
      raise();
    } catch (error) {
      expect(error).toMatchObject({ code: "policy-invalid", permanent: true, name: "PolicyError" });
      expect((error as PolicyError).problems).toHaveLength(6);
      expect((error as PolicyError).message.split("\n")).toEqual([
        "policies/x.yaml:1:10  version: is the number 2; write 1 instead",
        'policies/x.yaml:3:13  templates[0].prefix: "Team-A/*" is no prefix that ECR takes; write team-a instead',
        'policies/x.yaml:4:5  templates[0]: unknown key "imutability"; write mutability instead',
        'policies/x.yaml:5:17  templates[0].scanOnPush: is "yes", not true or false; write true or false instead',
        "policies/x.yaml:7:5  mirror[0].destination: is missing; write for example `destination: team-a-{name}`",
        'policies/x.yaml:8:22  mirror[0].tags.include: is empty; write the tags to publish, for example `include: ["v*"]`',
      ]);
    }
  });

  it.each([
    ["an empty file", "", ["1:1  policy: is empty; write a map of `key: value` lines"]],
    ["a list", "- a", ["1:1  policy: is a list, not a map; write a map of `key: value` lines instead"]],
    ["no version", "templates: []", ["1:1  version: is missing; write 1"]],
    ["a version in quotes", 'version: "1"', ['1:10  version: is "1"; write 1 instead']],
    ["an empty section", "version: 1\nmirror:", ["2:8  mirror: is empty; write [], or remove the line"]],
    [
      "a map for a list",
      "version: 1\ntemplates:\n  prefix: a",
      ["3:3  templates: is a map, not a list; write each element on a line that begins with `- `, instead"],
    ],
    [
      "text for a list",
      "version: 1\nmirror:\n  - { source: a/b, tags: { include: v* }, destination: ab }",
      ['3:37  mirror[0].tags.include: is text, not a list; write ["v*"] instead'],
    ],
    [
      "text for a map",
      "version: 1\ntemplates: [team-a]",
      ['2:13  templates[0]: is "team-a", not a map; write a map of `key: value` lines instead'],
    ],
    [
      "unknown keys, near and far",
      "version: 1\nTemplates: []\nretention: {}",
      [
        '2:1  policy: unknown key "Templates"; write templates instead',
        '3:1  policy: unknown key "retention"; write one of version, naming, mutability, templates, mirror, publicRegion, catalog, limits instead',
      ],
    ],
  ])("explains %s", (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it.each([
    ["a key given twice", "version: 1\nversion: 1", ["2:1  YAML: Map keys must be unique; write each key once"]],
    [
      "two documents",
      "version: 1\n---\nversion: 1",
      [
        "2:1  YAML: Source contains multiple documents; please use YAML.parseAllDocuments(); write one policy in one file, without `---` between two",
      ],
    ],
    ["a tag", "version: !foo 1", ["1:10  YAML: Unresolved tag: !foo; write the value without a tag"]],
    [
      "a pattern without quotes",
      "version: 1\nmirror:\n  - { source: a/b, tags: { include: [*-rc*] }, destination: ab }",
      ['3:38  YAML: *-rc* is an alias without an anchor; write "*-rc*" in quotes when it is a pattern'],
    ],
    [
      "keys that are lists",
      "? [a]\n: 1",
      ["1:3  YAML: With stringKeys, all keys must be strings; write each key as text"],
    ],
  ])("explains YAML with %s", (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it("refuses a small file whose aliases make a huge one", () => {
    const text = [
      "a: &a [x, x, x, x, x, x, x, x, x]",
      ..."bcdefgh".split("").map((letter, index) => `${letter}: &${letter} [${`*${"abcdefgh"[index]}, `.repeat(9)}]`),
    ].join("\n");

    expect(problemsOf(text)).toEqual([
      "1:1  policy: cannot be read: Excessive alias count indicates a resource exhaustion attack; write the values without so many aliases",
    ]);
  });
});
