import { describe, expect, it } from "vitest";
import { mirrorRequested } from "#shared/events/mirror-requested.ts";
import type { EventEnvelope } from "../../local/events/event.ts";
import { push } from "../../local/tour/push.ts";
import { startTestAccount, type TestAccount } from "../support/account.ts";
import { smallImage, targetFor } from "../support/pushing.ts";

const isRecord = ({ detail }: EventEnvelope): boolean => detail.eventName === "PutImage";
const isPush = (event: EventEnvelope): boolean => event["detail-type"] === "ECR Image Action";

/** Events that were dropped, in their order. */
function dropped({ account }: TestAccount): EventEnvelope[] {
  return account.timeline
    .after(0)
    .flatMap(({ kind, facts }) => (kind === "failure" ? [facts.event as EventEnvelope] : []));
}

const published = ({ account }: TestAccount, tag: string) =>
  account.context.store.public.image("team-a-web", tag)?.digest;

describe("who pushed what became public", () => {
  it("is on record once CloudTrail tells it, and what no other event told is mirrored by that record, once and late", async () => {
    await using test = await startTestAccount({ everything: true });
    const { account } = test;
    const by = `arn:aws:iam::${account.accountId}:user/ci`;
    const [first, second] = [smallImage(), smallImage()];

    // Without a trail, or before it tells.
    account.disturb({ drop: isRecord });
    await push(first, await targetFor(test, "team-a/web", "v1.0.0"));
    const mirrored = await test.decision("image-mirrored", "team-a/web");
    await account.idle();
    const before = test.decisions().filter((name) => name.startsWith("image-push-"));
    const records = dropped(test);
    account.disturb({});
    for (const record of records) account.publish(record);
    const attributed = await test.decision("image-push-attributed", "team-a/web");
    await account.idle();
    const told = account.timeline.after(0).find(({ what }) => what === "Image Push Attributed");

    account.disturb({ drop: isPush });
    await push(second, await targetFor(test, "team-a/web", "v1.0.1"));
    const waits = await test.decision("image-push-waits", "team-a/web");
    await account.idle();
    const meanwhile = published(test, "v1.0.1");
    const { pushed: digest, pushedBy } = waits.facts as { pushed: string; pushedBy: string };
    const message = { repository: "team-a/web", digest, push: { by: pushedBy, digest, tag: "v1.0.1" } };
    const start = account.timeline.last();
    await account.invoke("mirror-image", [mirrorRequested(message)]);
    const late = await test.decision("image-mirrored", "team-a/web", start);
    await account.idle();

    const pushOf = (tag: string, image: typeof first) => ({ tag, pushed: image.root.digest, pushedBy: by });
    expect(mirrored.facts).toMatchObject({ digest: first.root.digest });
    expect(mirrored.facts).not.toHaveProperty("pushedBy");
    expect({ before, records: records.length }).toEqual({ before: [], records: 3 });
    expect(attributed.facts).toMatchObject({ ...pushOf("v1.0.0", first), destination: "team-a-web", tags: ["v1.0.0"] });
    expect(told?.facts.event).toMatchObject({ detail: pushOf("v1.0.0", first) });
    expect(waits.facts).toMatchObject({ ...pushOf("v1.0.1", second), delaySeconds: 900 });
    expect(meanwhile).toBeUndefined();
    expect(late.facts).toMatchObject({ ...pushOf("v1.0.1", second), tags: ["v1.0.1"] });
    expect(published(test, "v1.0.1")).toBe(second.root.digest);
    // One for each root: its children have no tag, and are no news.
    expect(test.decisions().filter((name) => name.startsWith("image-push-"))).toHaveLength(2);
    expect(account.deadLetters()).toBe(0);
  });
});
