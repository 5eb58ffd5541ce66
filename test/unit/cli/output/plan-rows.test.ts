import { describe, expect, it } from "vitest";
import { planRows } from "../../../../cli/output/plan-rows.ts";

const [A, B] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];

describe("a plan, line by line", () => {
  it("tells of standards and creation templates", () => {
    const rows = planRows({
      of: "standards",
      creationTemplates: { create: ["team-a"], update: [], delete: [], conflicts: ["team-b"] },
      repositories: [
        {
          repository: "a/b",
          template: "a",
          changes: [{ setting: "mutability", action: "write", words: "is MUTABLE" }],
        },
        { repository: "a/c", changes: [{ setting: "name", action: "misnamed", words: "breaks a rule" }] },
      ],
    });

    expect(rows.map(({ repository, action, what }) => [repository, action, what])).toEqual([
      ["team-a", "create", "creation template"],
      ["team-b", "conflict", "somebody else's creation template stands there"],
      ["a/b", "write", "is MUTABLE"],
      ["a/c", "misnamed", "breaks a rule"],
    ]);
  });

  it("tells of mirrors: what comes, what goes, what stays, and what cannot be", () => {
    const rows = planRows({
      of: "mirrors",
      mirrors: [
        {
          repository: "a/b",
          requests: [
            { reference: { digest: A }, tags: ["v1"], addresses: ["public.ecr.aws/x/b:v1"] },
            { reference: { digest: B }, tags: [], addresses: [] },
          ],
          impossible: ["the name is too long"],
          destinations: [
            {
              destination: "b",
              conflicts: [{ tag: "v0", published: A, pushed: B }],
              deletions: [
                { tag: "v9", digest: A, cause: "retention", when: "now", reason: "newer ones are kept" },
                { tag: "v8", digest: A, cause: "deletion", when: "2026-01-01T00:00:00.000Z", reason: "it is gone" },
              ],
              followers: [{ digest: B }],
              held: [{ tags: ["v7"], reason: "an index needs it" }],
            },
          ],
        },
        { repository: "a/c", requests: [], destinations: [], impossible: [], failure: "denied" },
      ],
    });

    expect(rows.map(({ action, what, is }) => [action, what, is])).toEqual([
      ["publish", "public.ecr.aws/x/b:v1", "different"],
      ["publish", "a/b@sha256:bbbbbbbbbbbb…, about a published image", "different"],
      ["cannot be", "the name is too long", "different"],
      [
        "conflict",
        "b:v0 is sha256:aaaaaaaaaaaa… and must stay it; the private one is sha256:bbbbbbbbbbbb…",
        "different",
      ],
      ["delete", "b:v9: newer ones are kept", "different"],
      ["delete at 2026-01-01T00:00:00.000Z", "b:v8: it is gone", "different"],
      ["delete", "b@sha256:bbbbbbbbbbbb…, which goes with them", "different"],
      ["keep", "b:v7: an index needs it", "different"],
      ["failed", "denied", "failed"],
    ]);
  });

  it("tells of pages, where a finding is no difference", () => {
    const page = { repository: "b", fields: [], changes: ["about is not there"], findings: [] };
    const finding = { file: "catalog/c/about.md", rule: "link", message: "leads nowhere" };

    const rows = planRows({
      of: "catalog",
      displayName: "Example",
      pages: [page, { ...page, repository: "c", changes: [], findings: [finding] }],
    });

    expect(rows.map(({ repository, what, is }) => [repository, what, is])).toEqual([
      ["", 'the registry\'s name: "Example"', "different"],
      ["b", "about is not there", "different"],
      ["c", "catalog/c/about.md (link): leads nowhere", "told"],
    ]);
  });
});
