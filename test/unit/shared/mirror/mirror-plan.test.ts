import { describe, expect, it } from "vitest";
import { destinationPlan, mirrorsInWords } from "#shared/mirror/mirror-plan.ts";

const since = new Date("2026-06-15T12:00:00Z");
const due = new Date("2026-06-18T12:00:00Z");
const going = { tag: "v1", digest: "sha256:1", cause: "retention", reason: "v* keeps the newest 1" } as const;

describe("the plan of a destination", () => {
  it("is none where nothing would change", () => {
    expect(destinationPlan("web", [], [])).toBeUndefined();
  });

  it("has what would go, when and why, what goes with it, and what stays", () => {
    const plan = destinationPlan(
      "web",
      [{ tag: "v9", published: "sha256:a", pushed: "sha256:b" }],
      [
        { outcome: "deleted", going },
        { outcome: "followed", tag: "sha256-1.sig", digest: "sha256:2" },
        { outcome: "followed", digest: "sha256:3" },
        { outcome: "waiting", isNew: true, missing: [{ tag: "v2", digest: "sha256:4", rule: 0, since, due }] },
        { outcome: "held", tags: ["v3"], reason: "in doubt" },
      ],
    );

    expect(plan).toEqual({
      destination: "web",
      conflicts: [{ tag: "v9", published: "sha256:a", pushed: "sha256:b" }],
      deletions: [
        { ...going, when: "now" },
        {
          tag: "v2",
          digest: "sha256:4",
          cause: "deletion",
          when: "2026-06-18T12:00:00.000Z",
          reason: "its private tag is gone, seen first at 2026-06-15T12:00:00.000Z",
        },
      ],
      followers: [{ tag: "sha256-1.sig", digest: "sha256:2" }, { digest: "sha256:3" }],
      held: [{ tags: ["v3"], reason: "in doubt" }],
    });
    expect(
      mirrorsInWords([
        {
          repository: "team/web",
          requests: [
            {
              reference: { digest: "sha256:5" },
              tags: ["v5", "v5.0"],
              addresses: ["public.ecr.aws/acme/web:v5", "public.ecr.aws/acme/web:v5.0"],
            },
            { reference: { tag: "sha256-6.sig" }, tags: [], addresses: [] },
          ],
          destinations: plan === undefined ? [] : [plan],
          impossible: ["mirror[1] cannot publish it"],
        },
        { repository: "team/bad", requests: [], destinations: [], impossible: [], failure: "denied" },
      ]),
    ).toBe(`team/web
  would be asked for: v5, v5.0 (sha256:5), for public.ecr.aws/acme/web:v5, public.ecr.aws/acme/web:v5.0
  would be asked for: sha256-6.sig, which is about a published image
  cannot be: mirror[1] cannot publish it
  is a conflict: web:v9 is sha256:a, and must stay it; the private one is sha256:b
  would be deleted now: web:v1: v* keeps the newest 1
  would be deleted at 2026-06-18T12:00:00.000Z: web:v2: its private tag is gone, seen first at 2026-06-15T12:00:00.000Z
  would go with them: sha256-1.sig, sha256:3
  would stay: web:v3: in doubt

team/bad
  could not be looked at: denied`);
  });
});
