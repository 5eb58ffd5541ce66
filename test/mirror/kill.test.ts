import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { inParallel } from "#shared/pacing/in-parallel.ts";
import { createSend, type Send } from "#shared/registry/http.ts";
import { isInstalled } from "../support/command.ts";
import { newSigner, signatureImage } from "../support/cosign.ts";
import { indexOf, partOf, type TestImage } from "../support/image-parts.ts";
import { artifact, fallbackTag, mirrored, ruleOf } from "../unit/shared/mirror/set-up.ts";
import { startDockerRegistry } from "./docker-registry.ts";
import { accountPair, dockerPair, engine, type Pair, targetOf } from "./pairs.ts";
import { push, pushReferrers } from "./push.ts";
import { type Watcher, type Whole, watch } from "./watcher.ts";

const signer = newSigner();
const layer = partOf("shared by both");
const image = indexOf(["amd", "arm"].map((name) => artifact({ layers: [layer], annotations: { name } })));
const sbom = artifact({ subject: image, layers: [partOf("sbom", "application/spdx+json")] });
const sigTag = `${fallbackTag(image)}.sig`;
const whole: Whole = {
  image,
  companions: { [sigTag]: signatureImage([signer], image) },
  referrers: [[image, [sbom]]],
};
const gates = { signature: { keys: [{ name: "release", pem: signer.pem }] } };

/** Destinations that are worked on at once: each is fresh, and none is another's. */
const AT_ONCE = 8;

/** Two docker-registries, in memory where there is a /dev/shm: a disk's fsync would be most of the time. They end with the test. */
async function twoRegistries(): Promise<Pair> {
  const directory = await mkdtemp(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "ecr-autopilot-kill-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const source = await startDockerRegistry(directory, "source");
  onTestFinished(() => source.close());
  const destination = await startDockerRegistry(directory, "destination");
  onTestFinished(() => destination.close());
  return dockerPair(source, destination);
}

const connections = createSend();

/** Where a process ends: before a request of it is sent, or when a write of it is done, and only the answer is lost. Both from 0. */
type Cut = { readonly beforeRequest: number } | { readonly afterWrite: number };

/** The engine as a process that is cut. */
function cuttable(pair: Pair, destination: string, watcher: Watcher, cut?: Cut) {
  const process = new AbortController();
  const { signal } = process;
  let [requests, writes] = [0, 0];
  const kill = (): never => {
    process.abort(new Error("killed"));
    throw signal.reason;
  };
  const send: Send = async (request) => {
    await watcher.glance();
    if (cut !== undefined && "beforeRequest" in cut && requests === cut.beforeRequest) kill();
    requests += 1;
    if (request.method === "GET" || request.method === "HEAD") return connections(request);
    const mine = writes++;
    const response = await connections(request);
    if (cut === undefined || !("afterWrite" in cut) || mine !== cut.afterWrite) return response;
    response.destroy();
    return kill();
  };
  const rules = [ruleOf({ source: "team/web", destination, tags: { include: ["v*"], exclude: [] }, gates })];
  const deps = engine(pair, rules, { send, signal, listsTags: false });
  return { run: () => mirrored(deps, { tag: "v1" }), sent: () => ({ requests, writes }) };
}

async function ending(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "it went on";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Looks at all that is worked on, again and again, until the work has ended; gives the number of looks. */
async function pollUntil(work: Promise<unknown>, active: ReadonlySet<Watcher>): Promise<number> {
  let ended = false;
  const done = work.finally(() => {
    ended = true;
  });
  // Awaited below.
  done.catch(() => {});
  let looks = 0;
  while (!ended) {
    for (const watcher of active) {
      await watcher.look();
      looks += 1;
    }
    await setImmediate();
  }
  await done;
  return looks;
}

const pairs: readonly (readonly [string, readonly string[], () => Promise<Pair>])[] = [
  ["two plain registries", ["docker-registry"], twoRegistries],
  ["the local account", [], accountPair],
];

for (const [kind, programs, pairOf] of pairs) {
  describe.runIf(programs.every(isInstalled))(`between ${kind}, an index with a signature and an SBOM`, () => {
    async function setUp() {
      const pair = await pairOf();
      await pair.makeSource("team/web");
      const from = targetOf(pair.source, "team/web");
      await push(from, image, "v1");
      for (const [tag, companion] of Object.entries(whole.companions)) await push(from, companion, tag);
      for (const [subject, found] of whole.referrers) {
        await pushReferrers(from, subject, found, { list: !pair.listsReferrers });
      }
      const watcherOf = (destination: string) =>
        watch(targetOf(pair.destination, destination), "v1", whole, () => pair.isTagged(destination, "v1"));
      return { pair, watcherOf };
    }

    it("that is pushed in another order is seen by the same watcher", async () => {
      const { pair, watcherOf } = await setUp();
      await pair.hasDestination("early", { create: true });
      const to = targetOf(pair.destination, "early");
      const watcher = watcherOf("early");

      await watcher.glance();
      expect(watcher.violations).toEqual([]);
      await push(to, image, "v1");
      await watcher.glance();
      await push(to, whole.companions[sigTag] as TestImage, sigTag);
      await watcher.glance();

      const { digest, blobs } = sbom;
      expect(watcher.violations).toEqual([
        expect.stringContaining(`, manifests/${sigTag}, referrer ${digest}`),
        `v1 is there without manifests/${digest}, blobs/${blobs[1]?.digest}, referrer ${digest}`,
      ]);
      await push(to, artifact({ layers: [layer], annotations: { another: "image" } }), "v1");
      await watcher.look();
      expect(watcher.violations).toHaveLength(4);
      expect(watcher.violations[2]).toBe("v1 leads to something else");
    });

    it("that is killed at any request and repeated ends as if it had not been, and is never seen incomplete", async () => {
      const { pair, watcherOf } = await setUp();
      const uncut = watcherOf("uncut");
      const first = cuttable(pair, "uncut", uncut);
      expect(await first.run()).toMatchObject([{ outcome: "mirrored", manifests: 5, gates: ["signature"] }]);
      const expected = await uncut.shown();
      const { requests, writes } = first.sent();

      const cuts: Cut[] = [
        ...Array.from({ length: requests }, (_, n) => ({ beforeRequest: n })),
        ...Array.from({ length: writes }, (_, n) => ({ afterWrite: n })),
      ];
      const active = new Set<Watcher>();
      const failures: string[] = [];
      const cutting = inParallel(cuts, AT_ONCE, async (cut) => {
        const destination = JSON.stringify(cut)
          .replace(/[^a-z0-9]+/gi, "-")
          .toLowerCase()
          .slice(1, -1);
        const watcher = watcherOf(destination);
        active.add(watcher);
        const killed = cuttable(pair, destination, watcher, cut);
        const end = await ending(killed.run());
        if (end !== "killed") failures.push(`${destination}: ${end}`);
        // Without a write the repetition would be the first time again.
        if (killed.sent().writes > 0) {
          await cuttable(pair, destination, watcher).run();
          await watcher.look();
          expect(await watcher.shown(), destination).toEqual(expected);
        }
        active.delete(watcher);
        failures.push(...watcher.violations.map((violation) => `${destination}: ${violation}`));
      });
      const polls = await pollUntil(cutting, active);

      expect(failures).toEqual([]);
      // Three for each of five blobs, three manifests of the image, the signature, the SBOM and the tag.
      expect(writes).toBeGreaterThanOrEqual(5 * 3 + 3 + 1 + 1 + 1);
      expect(requests).toBeGreaterThan(2 * writes);
      expect(polls).toBeGreaterThan(cuts.length);
    });
  });
}
