import { describe, expect, it } from "vitest";
import { type Envelope, parseEnvelope } from "#shared/events/envelope.ts";
import {
  keyOf,
  type MirrorImageDeps,
  mirrorImage,
  parseMirrorEvent,
} from "../../../../functions/mirror-image/mirror-image.ts";
import { sample } from "../../../support/events.ts";
import { imageOf, partOf, type TestImage } from "../../../support/image-parts.ts";
import { recordingObserver } from "../../../support/recording-observer.ts";
import { ociError } from "../../../support/scripted-faults.ts";
import {
  artifact,
  NOW,
  newIndex,
  ruleOf,
  type SetUpOptions,
  SOURCE,
  setUp,
  sigTag,
  writesTo,
} from "../../shared/mirror/set-up.ts";

const ALICE = "arn:aws:sts::123456789012:assumed-role/ci/build-4711";

/** CloudTrail's record of a push of this image, under this tag or by its digest. */
function recordOf({ digest }: { digest: string }, tag?: string, repository = SOURCE): Envelope {
  const event = structuredClone(sample("push-recorded"));
  const imageTag = tag === undefined ? {} : { imageTag: tag };
  Object.assign(event.detail, {
    requestParameters: { repositoryName: repository, ...imageTag },
    responseElements: { image: { imageId: { imageDigest: digest, ...imageTag } } },
  });
  return event;
}

/** The mirror between two registries, with the function's own queue: `handle` takes an event or a message of it. */
async function start(options: SetUpOptions = {}) {
  const mirror = await setUp(options);
  const { observer, decisions } = recordingObserver();
  const sent: { body: string; delaySeconds: number | undefined }[] = [];
  const deps: MirrorImageDeps = {
    policy: { mirror: [...(options.rules ?? [ruleOf()])] } as MirrorImageDeps["policy"],
    observer,
    queue: { send: async (body, { delaySeconds } = {}) => void sent.push({ body, delaySeconds }) },
    engine: () => mirror.deps,
  };
  const invocation = { signal: new AbortController().signal, remainingMs: () => 600_000 };
  async function handle(event: Envelope): Promise<void> {
    const request = parseMirrorEvent(event);
    if (request !== undefined) await mirrorImage(deps, request, invocation);
  }
  return {
    ...mirror,
    ...{ handle, decisions, sent },
    /** The next message of the queue. */
    next: () => parseEnvelope(sent.shift()?.body ?? ""),
    told: () => decisions.splice(0),
  };
}

describe("a push that CloudTrail has recorded", () => {
  it("is read with its caller", () => {
    expect(parseMirrorEvent(sample("push-recorded"))).toEqual({
      repository: "team-a/web",
      reference: { digest: "sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270" },
      cause: "recorded",
      push: {
        by: ALICE,
        digest: "sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270",
        tag: "v1.0.0",
      },
      rounds: 0,
      failures: 0,
      since: "2026-03-02T08:15:00Z",
    });
  });

  it("of what is public already is on record with its caller, and costs a look", async () => {
    const { source, registry, mirror, handle, told, sent } = await start();
    const image = newIndex();
    source.hold(SOURCE, image, "v1");
    await mirror();
    const writes = writesTo(registry).length;

    await handle(recordOf(image, "v1"));

    expect(told()).toEqual([
      {
        decision: "image-push-attributed",
        repository: SOURCE,
        tag: "v1",
        pushed: image.digest,
        pushedBy: ALICE,
        destination: "web",
        digest: image.digest,
        tags: ["v1"],
      },
    ]);
    expect(writesTo(registry)).toHaveLength(writes);
    expect(sent).toEqual([]);
  });

  it("of what is not public yet waits, once and long enough for the copy of its own event, and copies nothing", async () => {
    const { source, registry, calls, handle, told, sent } = await start();
    const image = newIndex();
    source.hold(SOURCE, image, "v1");

    await handle(recordOf(image, "v1"));

    expect(sent).toEqual([{ body: expect.any(String), delaySeconds: 900 }]);
    expect(told()).toEqual([
      {
        decision: "image-push-waits",
        repository: SOURCE,
        tag: "v1",
        pushed: image.digest,
        pushedBy: ALICE,
        delaySeconds: 900,
        reason: "it is not public yet: the push's own event may be at work on it",
      },
    ]);
    expect({ calls, registry: registry.requests }).toEqual({ calls: ["describe web"], registry: [] });
  });

  it("that was made public while it waited is on record then", async () => {
    const { source, mirror, handle, next, told, sent } = await start();
    const image = newIndex();
    source.hold(SOURCE, image, "v1");
    await handle(recordOf(image, "v1"));
    await mirror();
    told();

    await handle(next());

    expect(told()).toMatchObject([{ decision: "image-push-attributed", tag: "v1", pushedBy: ALICE }]);
    expect(sent).toEqual([]);
  });

  it("whose own event was lost is mirrored when it comes back, with its caller", async () => {
    const { source, handle, next, told, published } = await start();
    const image = newIndex();
    source.hold(SOURCE, image, "v1");
    await handle(recordOf(image, "v1"));
    told();

    await handle(next());

    expect(told()).toMatchObject([
      {
        decision: "image-mirrored",
        repository: SOURCE,
        tag: "v1",
        pushed: image.digest,
        pushedBy: ALICE,
        tags: ["v1"],
      },
    ]);
    expect(published()).toEqual(image.bytes);
  });

  it.each<[string, SetUpOptions, object]>([
    [
      "blocked",
      { rules: [ruleOf({ gates: { minimumAgeHours: 1 } })], about: () => ({ pushedAt: NOW }) },
      { gate: "minimum-age" },
    ],
    ["refused", { rules: [ruleOf({ platforms: ["windows/amd64"] })] }, { gate: "image", code: "platform-missing" }],
  ])("and is %s then is so on record of its caller", async (outcome, options, facts) => {
    const { source, handle, next, told } = await start(options);
    const image = newIndex();
    source.hold(SOURCE, image, "v1");
    await handle(recordOf(image, "v1"));
    told();

    await handle(next());

    expect(told()).toMatchObject([{ decision: `image-${outcome}`, tag: "v1", pushedBy: ALICE, ...facts }]);
  });

  it("and meets a public tag that must stay what it is then is a conflict of its caller", async () => {
    const { source, mirror, handle, next, told } = await start({ rules: [ruleOf({ immutable: ["v*"] })] });
    const [first, second] = [newIndex(), newIndex()];
    source.hold(SOURCE, first, "v1");
    await mirror();
    source.hold(SOURCE, second, "v1");
    await handle(recordOf(second, "v1"));
    told();

    await handle(next());

    expect(told()).toMatchObject([
      { decision: "image-conflict", pushedBy: ALICE, conflicts: [{ published: first.digest, pushed: second.digest }] },
    ]);
  });

  it("keeps its caller, and waits only once, where it is put off by the service", async () => {
    const { source, registry, handle, next, told, sent } = await start();
    const image = newIndex();
    source.hold(SOURCE, image, "v1");
    await handle(recordOf(image, "v1"));
    registry.on("POST", /uploads/, { answer: 429, body: ociError("TOOMANYREQUESTS") }, 100);
    await handle(next());
    const [, putOff] = told();
    registry.on("POST", /uploads/, { answer: 202 }, 0);

    expect(putOff).toMatchObject({ decision: "image-continues", pushedBy: ALICE, tag: "v1" });
    expect(sent[0]?.delaySeconds).toBeLessThanOrEqual(60);
    expect(parseMirrorEvent(next())).toMatchObject({
      cause: "requested",
      push: { by: ALICE, digest: image.digest, tag: "v1" },
      rounds: 2,
    });
  });

  it("that cannot be looked at now is still only looked at when it comes again", async () => {
    const { source, handle, next, told, calls } = await start();
    const image = newIndex();
    source.hold(SOURCE, image, "v1");
    source.on("GET", /manifests/, { answer: 429, body: ociError("TOOMANYREQUESTS") }, 100);

    await handle(recordOf(image, "v1"));

    expect(told()).toMatchObject([{ decision: "image-continues", pushedBy: ALICE }]);
    expect(parseMirrorEvent(next())).toMatchObject({ cause: "recorded", push: { by: ALICE }, rounds: 1 });
    expect(calls).toEqual([]);
  });

  it("of an image whose tag has moved on since is nobody's who became public", async () => {
    const { source, mirror, handle, told, sent } = await start();
    const [first, second] = [newIndex(), newIndex()];
    source.hold(SOURCE, first, "v1", "v1.0");
    source.hold(SOURCE, second, "v1");
    await mirror({ tag: "v1" });
    await mirror({ tag: "v1.0" });

    await handle(recordOf(first, "v1"));

    expect({ told: told(), sent }).toEqual({ told: [], sent: [] });
  });

  it("of a repository that no rule names, or of a tag that none selects, is nothing new, and not told", async () => {
    const rules = [ruleOf({ tags: { include: ["v*"], exclude: [] } })];
    const { source, handle, told, sent, calls } = await start({ rules });
    const image = newIndex();
    source.hold(SOURCE, image, "dev");

    await handle(recordOf(image, "dev", "elsewhere/web"));
    expect(source.requests).toEqual([]);
    await handle(recordOf(image, "dev"));

    expect({ told: told(), sent, calls }).toEqual({ told: [], sent: [], calls: [] });
  });

  it("of a child without a tag, or of an image that is gone, is one look, and not told", async () => {
    const { source, handle, told, sent } = await start();
    const child = imageOf([partOf("child")]);
    source.hold(SOURCE, child);

    await handle(recordOf(child));
    await handle(recordOf(imageOf([partOf("gone")]), "v1"));

    expect(source.requests).toHaveLength(2);
    expect({ told: told(), sent }).toEqual({ told: [], sent: [] });
  });

  it.each<[string, (image: TestImage) => [TestImage, string | undefined]]>([
    ["a signature under its tag", (image) => [artifact({ signs: image.digest }), sigTag(image)]],
    ["an SBOM by its subject", (image) => [artifact({ subject: image }), undefined]],
  ])("of %s follows its image, and is on record with what was pushed", async (_, make) => {
    const { source, mirror, handle, next, told, published } = await start();
    const image = newIndex();
    source.hold(SOURCE, image, "v1");
    await mirror();
    const [about, tag] = make(image);
    source.hold(SOURCE, about, ...(tag === undefined ? [] : [tag]));

    await handle(recordOf(about, tag));
    const waits = told();
    await handle(next());
    const mirrored = told();
    await handle(recordOf(about, tag));
    await handle(next());

    const push = { ...(tag !== undefined && { tag }), pushed: about.digest, pushedBy: ALICE };
    expect(waits).toMatchObject([{ decision: "image-push-waits", ...push }]);
    if (tag !== undefined) {
      expect(mirrored).toMatchObject([{ decision: "image-mirrored", ...push, digest: image.digest }]);
      expect(published(tag)).toEqual(about.bytes);
    }
    expect(told().at(-1)).toMatchObject({ decision: "image-push-attributed", ...push, digest: image.digest });
  });

  it("is told apart in a batch from the push's own event, and from another caller's", () => {
    const image = { digest: `sha256:${"1".repeat(64)}` };
    const own = { ...sample("image-pushed"), detail: { ...sample("image-pushed").detail, "repository-name": SOURCE } };
    const other = recordOf(image, "v1");
    (other.detail.userIdentity as { arn: string }).arn = "arn:aws:iam::123456789012:user/bob";
    const events = [own, recordOf(image, "v1"), recordOf(image, "v2"), recordOf(image), other, recordOf(image, "v1")];

    const keys = events.map((event) => {
      const request = parseMirrorEvent(event);
      return request && keyOf(request);
    });

    expect(new Set(keys).size).toBe(5);
    expect(keys.at(-1)).toBe(keys[1]);
  });
});

describe("the event of a push", () => {
  it("names nobody", async () => {
    const { source, handle, told } = await start();
    const image = newIndex();
    source.hold(SOURCE, image, "v1");
    const event = sample("image-pushed");

    await handle({ ...event, detail: { ...event.detail, "repository-name": SOURCE, "image-tag": "v1" } });

    const [mirrored] = told();
    expect(mirrored).toMatchObject({ decision: "image-mirrored", tag: "v1" });
    expect(mirrored).not.toHaveProperty("pushedBy");
  });
});
