import { describe, expect, it } from "vitest";
import { matches, newest, readFilter } from "../../../../local/gallery/timeline-filter.ts";
import { viewOf } from "../../../../local/gallery/timeline-view.ts";
import type { TimelineEntry } from "../../../../local/timeline.ts";

const time = new Date("2026-03-02T08:05:09.250Z");
const digest = `sha256:${"ab".repeat(32)}`;

function entry(more: Partial<TimelineEntry>): TimelineEntry {
  const empty = { repository: undefined, text: undefined, facts: {} };
  return { sequence: 1, time, kind: "call", who: "x", what: "y", ...empty, ...more };
}

/** As the bus tells a CloudTrail record. */
function trailEvent(detail: Record<string, unknown>): TimelineEntry {
  const what = "AWS API Call via CloudTrail";
  return entry({ kind: "event", who: "aws.ecr", what, facts: { event: { "detail-type": what, detail } } });
}

describe("who", () => {
  it.each([
    ["arn:aws:iam::123456789012:user/alice", "user alice"],
    ["arn:aws:iam::123456789012:user/teams/a/alice", "user alice"],
    [
      "arn:aws:sts::123456789012:assumed-role/EcrAutopilot-MirrorImageRoleDA6A94FD-3YJRMGSUHZD7/EcrAutopilot-MirrorImageFunction29A1BF24-UMEY",
      "function mirror-image",
    ],
    ["arn:aws:sts::123456789012:assumed-role/deploy/session", "role deploy"],
    [
      "arn:aws:iam::123456789012:role/aws-service-role/ecr.amazonaws.com/AWSServiceRoleForECRTemplate",
      "service ecr.amazonaws.com",
    ],
    ["arn:aws:iam::123456789012:root", "arn:aws:iam::123456789012:root"],
  ])("of the caller %s is %s", (who, words) => {
    expect(viewOf(entry({ who }))).toMatchObject({ who: words, principal: who });
  });

  it("is the function of a decision, and the source of an event, also of one that went wrong", () => {
    expect(viewOf(entry({ kind: "decision", who: "mirror-image" })).who).toBe("function mirror-image");
    expect(viewOf(entry({ kind: "event", who: "aws.ecr" })).who).toBe("aws.ecr");
    expect(viewOf(entry({ kind: "failure", who: "aws.ecr", facts: { event: {} } })).who).toBe("aws.ecr");
  });
});

describe("the text", () => {
  it("does not say again what the other columns say", () => {
    const decision = { kind: "decision", what: "drift-put-back", repository: "team-a/web" } as const;
    const text = "team-a/web: drift put back: mutability is MUTABLE, wanted IMMUTABLE";
    const facts = { changedBy: "arn:aws:iam::123456789012:user/alice", present: {} };

    expect(viewOf(entry({ ...decision, text, facts })).text).toBe(
      "mutability is MUTABLE, wanted IMMUTABLE · changed by user alice",
    );
    expect(viewOf(entry({ kind: "event", what: "ECR Image Action", text: "ECR Image Action PUSH" })).text).toBe("PUSH");
  });

  it("tells tags, digests, destinations and settings, and the code of an error first", () => {
    const facts = { tag: "v1", destination: "team-a-web", digest };

    expect(viewOf(entry({ facts })).text).toBe("tag v1 · sha256:abababababab · to public team-a-web");
    expect(viewOf(entry({ text: "no", facts: { error: "AccessDenied", imageTagMutability: "MUTABLE" } })).text).toBe(
      "AccessDenied: no · MUTABLE",
    );
    expect(viewOf(entry({ facts: { tag: 7, digest: null } })).text).toBe("");
  });

  it("tells what a sweep has counted, and which function was called", () => {
    const counts = { repositories: 12, conforming: 9, putBack: 2, differing: 0, failed: 1, writes: { mutability: 2 } };

    expect(
      viewOf(entry({ kind: "decision", what: "sweep-finished", text: "sweep finished", facts: counts })).text,
    ).toBe("12 repositories, 9 conforming, 2 put back, 1 failed");
    expect(viewOf(entry({ what: "lambda:Invoke", facts: { functionName: "work" } })).text).toBe("work");
  });

  it("has at most 400 characters", () => {
    const { text } = viewOf(entry({ text: "a".repeat(5000) }));

    expect([text.length, text.at(-1)]).toEqual([400, "…"]);
  });
});

describe("the link", () => {
  it("leads to the private or the public repository", () => {
    expect(viewOf(entry({ what: "ecr:PutImage", repository: "team-a/web" })).address).toBe("/private/team-a/web");
    expect(viewOf(entry({ what: "ecr-public:PutImage", repository: "web" })).address).toBe("/public/web");
  });

  it.each(["../../x", "a/../b", "javascript:alert(1)", "Team", "a//b", "", "a".repeat(257)])(
    "is not there for %s",
    (repository) => {
      expect(viewOf(entry({ repository }))).toMatchObject({ address: "", repository });
    },
  );
});

describe("the tone", () => {
  it.each([
    ["failed", entry({ kind: "failure" })],
    ["refused", entry({ facts: { error: "AccessDenied" } })],
    ["refused", entry({ kind: "decision", what: "image-refused" })],
    ["refused", entry({ kind: "decision", what: "creation-template-conflict" })],
    ["refused", entry({ kind: "decision", what: "something-new", facts: { level: "WARN" } })],
    ["refused", trailEvent({ errorCode: "AccessDenied", readOnly: true })],
    ["refused", trailEvent({ errorCode: "RepositoryNotFoundException", readOnly: false })],
    ["quiet", trailEvent({ errorCode: "RepositoryNotFoundException", readOnly: true })],
    ["quiet", trailEvent({ readOnly: false })],
    ["failed", entry({ kind: "decision", what: "repository-failed", facts: { level: "WARN" } })],
    ["refused", entry({ kind: "decision", what: "repository-refused" })],
    ["finding", entry({ kind: "decision", what: "repository-misnamed", facts: { level: "WARN" } })],
    ["finding", entry({ kind: "decision", what: "repository-differs" })],
    ["finding", entry({ kind: "decision", what: "mutability-reported" })],
    ["finding", entry({ kind: "decision", what: "exception-expired", facts: { level: "WARN" } })],
    ["quiet", entry({ kind: "decision", what: "exception-in-force" })],
    ["quiet", entry({ kind: "decision", what: "sweep-continues" })],
    ["plain", entry({ kind: "decision", what: "sweep-finished" })],
    ["plain", entry({ kind: "decision", what: "drift-put-back" })],
    ["plain", entry({ kind: "event", who: "ecr-autopilot", what: "Drift Put Back" })],
    ["quiet", entry({ kind: "decision", what: "repository-conforms" })],
    ["quiet", entry({ kind: "decision", what: "creation-templates-conform" })],
    ["quiet", entry({ what: "ecr:UploadLayerPart" })],
    ["plain", entry({ kind: "decision", what: "image-mirrored" })],
    ["plain", entry({ what: "ecr:PutImage" })],
    [
      "plain",
      entry({ kind: "event", what: "ECR Image Action", facts: { event: { "detail-type": "ECR Image Action" } } }),
    ],
  ] as const)("is %s (case %#)", (tone, of) => {
    expect(viewOf(of).tone).toBe(tone);
  });

  it("is the label where it matters more than the kind", () => {
    expect(viewOf(entry({ facts: { error: "X" } })).label).toBe("refused");
    expect(viewOf(entry({ kind: "failure" })).label).toBe("failed");
    expect(viewOf(entry({ kind: "decision", what: "repository-misnamed" })).label).toBe("finding");
    expect(viewOf(entry({ kind: "decision" })).label).toBe("decision");
  });
});

describe("a filter", () => {
  const entries = [
    entry({ sequence: 1, what: "ecr:PutImage", repository: "team-a/web" }),
    entry({ sequence: 2, kind: "event", repository: "team-a/web" }),
    entry({
      sequence: 3,
      kind: "decision",
      what: "image-mirrored",
      repository: "team-a/web",
      facts: { destination: "web" },
    }),
    entry({ sequence: 4, kind: "decision", what: "repository-conforms", repository: "team-b/web" }),
    entry({ sequence: 5, kind: "failure" }),
    entry({ sequence: 6, facts: { error: "X" }, repository: "team-b/web" }),
    entry({ sequence: 7, kind: "decision", what: "repository-misnamed" }),
  ];
  const shown = (query: string) => {
    const filter = readFilter(new URLSearchParams(query));
    return entries.filter((each) => matches(filter, each)).map(({ sequence }) => sequence);
  };

  it.each([
    ["", [1, 2, 3, 4, 5, 6, 7]],
    ["kind=nonsense", [1, 2, 3, 4, 5, 6, 7]],
    ["kind=constructor", [1, 2, 3, 4, 5, 6, 7]],
    ["kind=call", [1, 6]],
    ["kind=event", [2]],
    ["kind=decision", [3, 4, 7]],
    ["kind=trouble", [5, 6, 7]],
    ["kind=notable", [1, 2, 3, 5, 6, 7]],
    ["repository=team-a", [1, 2, 3]],
    ["repository=team-b&kind=decision", [4]],
  ])("of ?%s lets %j through", (query, sequences) => {
    expect(shown(query)).toEqual(sequences);
  });

  it("finds a publication by its destination", () => {
    expect(matches({ repository: "public-web", kind: "all" }, entry({ facts: { destination: "public-web" } }))).toBe(
      true,
    );
  });

  it("gives the newest entries, oldest first", () => {
    expect(newest(entries, { repository: "team", kind: "all" }, 2).map(({ sequence }) => sequence)).toEqual([4, 6]);
  });
});
