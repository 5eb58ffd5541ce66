import { readdirSync, readFileSync } from "node:fs";
import { BatchDeleteImageCommand, CreateRepositoryCommand, PutImageTagMutabilityCommand } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import type { EventEnvelope } from "../../local/events/event.ts";
import { push } from "../../local/tour/push.ts";
import { startTestAccount } from "../support/account.ts";
import { testAssemblies } from "../support/policies.ts";
import { smallImage, targetFor } from "../support/pushing.ts";

const POLICY = `version: 1
naming: { deny: ["**/tmp-*"] }
mutability:
  exceptions: [{ repository: a/legacy, reason: was to move to digests, expires: 2026-01-31 }]
templates:
  - prefix: ROOT
    mutability: { mode: IMMUTABLE_WITH_EXCLUSION, exclude: ["dev-*"] }
    scanOnPush: true
    createOn: []
mirror:
  - source: a/*
    tags: { include: ["v*"] }
    destination: "a-{name}"
    immutable: ["v*"]
  - source: b/*
    tags: { include: ["v*"] }
    destination: "b-{name}"
    gates: { scan: { severity: HIGH } }
  - source: c/*
    tags: { include: ["v*"] }
    destination: "c-{name}"
    deletion: { graceHours: 0, atMost: 1 }
`;

interface OwnEvent {
  readonly "detail-type": string;
  readonly source: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

const samples = readdirSync("events/own").map(
  (file): OwnEvent => JSON.parse(readFileSync(`events/own/${file}`, "utf8")),
);

/** Members of a detail with their types, by which a rule or a target of somebody else's is written. */
function shapeOf(detail: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(detail)
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? "list" : typeof value}`)
    .sort();
}

describe("the events of this project", () => {
  it("are those of the samples, member by member", async () => {
    await using assemblies = await testAssemblies();
    const assemblyDir = await assemblies.of(POLICY, { everything: true });
    await using withoutTrail = await startTestAccount({ assemblyDir, trail: "none" });
    await using test = await startTestAccount({ assemblyDir, createOnPush: false });
    const told = (): OwnEvent[] =>
      [withoutTrail, test]
        .flatMap(({ account }) => account.timeline.after(0))
        .flatMap(({ kind, who, facts }) =>
          kind === "event" && who === "ecr-autopilot" ? [facts.event as OwnEvent] : [],
        );

    const image = smallImage();
    for (const name of ["a/web", "a/tmp-x"]) await push(image, await targetFor(test, name)).catch(() => {});
    await test.ecr.send(new CreateRepositoryCommand({ repositoryName: "a/legacy" }));
    await test.account.idle();
    for (const repositoryName of ["a/web", "a/legacy"]) {
      await test.ecr.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: "MUTABLE" }));
    }
    await test.account.idle();

    for (const name of ["a/web", "b/web"]) {
      await test.ecr.send(new CreateRepositoryCommand({ repositoryName: name })).catch(() => {});
      await test.account.idle();
      await push(image, await targetFor(test, name, "v1"));
      await test.account.idle();
    }
    // CloudTrail tells of a push later than ECR itself.
    const records = test.account.timeline.after(0).flatMap(({ kind, repository, facts: { event } }) => {
      const isPush = kind === "event" && (event as EventEnvelope).detail.eventName === "PutImage";
      return isPush && repository === "a/web" ? [event as EventEnvelope] : [];
    });
    for (const record of records) test.account.publish(record);
    await test.account.idle();
    await test.account.setScanFindings(
      { repositoryName: "b/web", imageDigest: image.children[0]?.digest ?? "" },
      { findings: [{ name: "CVE-2026-1", severity: "CRITICAL" }] },
    );
    // The private tag is immutable by its template, so it is deleted and pushed again, as somebody in a hurry does.
    await test.ecr.send(new BatchDeleteImageCommand({ repositoryName: "a/web", imageIds: [{ imageTag: "v1" }] }));
    await push(smallImage(), await targetFor(test, "a/web", "v1"));
    await test.ecr.send(new CreateRepositoryCommand({ repositoryName: "c/web" }));
    for (const tag of ["v1", "v2"]) await push(smallImage(), await targetFor(test, "c/web", tag));
    await test.account.idle();
    await test.ecr.send(new BatchDeleteImageCommand({ repositoryName: "c/web", imageIds: [{ imageTag: "v1" }] }));
    await test.account.fireSchedule("ReconcileMirrors");
    await test.account.idle();

    const events = told();
    expect([...new Set(events.map((event) => event["detail-type"]))].sort()).toEqual(
      samples.map((sample) => sample["detail-type"]).sort(),
    );
    for (const sample of samples) {
      const shapes = events
        .filter((event) => event["detail-type"] === sample["detail-type"])
        .map(({ source, detail }) => [source, ...shapeOf(detail)]);
      expect(shapes).toContainEqual([sample.source, ...shapeOf(sample.detail)]);
    }
  });
});
