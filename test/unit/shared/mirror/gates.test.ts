import { describe, expect, it } from "vitest";
import { transient } from "#shared/errors.ts";
import type { ScanFindings } from "#shared/mirror/scan-verdict.ts";
import type { MirrorRule } from "#shared/policy/schema.ts";
import { bundleImage, newSigner, signatureImage } from "../../../support/cosign.ts";
import { imageOf, indexOf, partOf, type TestImage } from "../../../support/image-parts.ts";
import { ociError } from "../../../support/scripted-faults.ts";
import {
  artifact,
  fallbackTag,
  holdReferrers,
  manifestsPut,
  NOW,
  newIndex,
  platformIndex,
  ruleOf,
  type SetUpOptions,
  SOURCE,
  setUp,
  short,
  sigTag,
  writesTo,
} from "./set-up.ts";

const signer = newSigner();
const stranger = newSigner("ed25519");
const scan: MirrorRule["gates"]["scan"] = { severity: "HIGH", ignore: [] };
const signature = { keys: [{ name: "release", pem: signer.pem }] };
const complete = (...findings: ScanFindings["findings"]): ScanFindings => ({
  status: "COMPLETE",
  completedAt: NOW,
  findings,
});
const bad = complete({ id: "CVE-2026-0001", severity: "CRITICAL" });

async function held(image: TestImage, gates: MirrorRule["gates"], options: SetUpOptions = {}) {
  const set = await setUp({ rules: [ruleOf({ gates })], ...options });
  set.source.hold(SOURCE, image, "v1");
  return set;
}

type Held = Awaited<ReturnType<typeof held>>;

/** Not a byte has moved, and no repository was made. */
function expectUntouched({ registry, calls }: Held): void {
  expect(writesTo(registry)).toEqual([]);
  expect([...new Set(calls)]).toEqual(["describe web"]);
}

describe("the gate of age", () => {
  const pushed = (hoursAgo: number) => ({
    about: () => ({ pushedAt: new Date(NOW.getTime() - hoursAgo * 3_600_000) }),
  });

  it("blocks an image until it is as old as it must be", async () => {
    const set = await held(newIndex(), { minimumAgeHours: 24 }, pushed(23.5));

    expect(await set.mirror()).toMatchObject([
      {
        outcome: "blocked",
        gate: "minimum-age",
        reason:
          "the image was pushed at 2026-05-31T12:30:00.000Z, and may be published from 2026-06-01T12:30:00.000Z on",
      },
    ]);
    expectUntouched(set);
  });

  it("lets it out at that hour", async () => {
    const set = await held(newIndex(), { minimumAgeHours: 24 }, pushed(24));

    expect(await set.mirror()).toMatchObject([{ outcome: "mirrored", gates: ["minimum-age"] }]);
  });

  it("refuses what was pushed nobody knows when", async () => {
    const set = await held(newIndex(), { minimumAgeHours: 1 });

    expect(await set.mirror()).toMatchObject([
      { outcome: "refused", gate: "minimum-age", reason: "nobody knows when the image was pushed" },
    ]);
    expectUntouched(set);
  });
});

describe("the gate of scans", () => {
  const [amd, arm] = [imageOf([partOf("amd")]), imageOf([partOf("arm")])];
  const both = indexOf([amd, arm]);

  it.each<[string, ScanFindings | undefined, object]>([
    ["has no scan", undefined, { outcome: "blocked", reason: `${amd.digest}: the image has no scan yet` }],
    [
      "is being scanned",
      { status: "IN_PROGRESS", findings: [] },
      { outcome: "blocked", reason: `${amd.digest}: the scan is IN_PROGRESS` },
    ],
    ["has a finding", bad, { outcome: "refused", reason: `${amd.digest}: HIGH or worse: CVE-2026-0001 (CRITICAL)` }],
  ])("holds back an image that %s", async (_, findings, expected) => {
    const set = await held(amd, { scan }, { scans: new Map(findings && [[amd.digest, findings]]) });

    expect(await set.mirror()).toMatchObject([{ gate: "scan", ...expected }]);
    expectUntouched(set);
  });

  it("looks at each image of an index: one that is refused decides, whatever the others wait for", async () => {
    const scans = new Map([[arm.digest, bad]]);
    const set = await held(both, { scan }, { scans });

    expect(await set.mirror()).toMatchObject([{ outcome: "refused", reason: expect.stringContaining(arm.digest) }]);
    scans.set(arm.digest, complete());
    expect(await set.mirror()).toMatchObject([{ outcome: "blocked", reason: expect.stringContaining(amd.digest) }]);
    expectUntouched(set);
    scans.set(amd.digest, complete({ id: "CVE-2026-0002", severity: "LOW" }));
    expect(await set.mirror()).toMatchObject([{ outcome: "mirrored", gates: ["scan"] }]);
  });

  it("looks only at the platforms that are published", async () => {
    const index = platformIndex([amd, "amd64"], [arm, "arm64"]);
    const scans = new Map([[amd.digest, complete()]]);
    const set = await held(
      index,
      { scan },
      { scans, rules: [ruleOf({ gates: { scan }, platforms: ["linux/amd64"] })] },
    );

    expect(await set.mirror()).toMatchObject([{ outcome: "mirrored", manifests: 2 }]);
  });

  it("refuses what holds nothing that a scan can look at", async () => {
    const set = await held(indexOf([]), { scan });

    expect(await set.mirror()).toMatchObject([
      { outcome: "refused", gate: "scan", reason: "there is nothing in it that a scan looks at" },
    ]);
    expectUntouched(set);
  });

  it("lets nothing through whose findings cannot be read", async () => {
    const set = await held(amd, { scan });
    const scanFindings = () => Promise.reject(transient("ecr-denied", "not authorized"));
    Object.assign(set.deps, { source: { ...set.deps.source, scanFindings } });

    await expect(set.mirror()).rejects.toMatchObject({ code: "ecr-denied", permanent: false });
    expectUntouched(set);
  });
});

describe("the gate of signatures", () => {
  it("blocks an image that nobody signed", async () => {
    const image = newIndex();
    const set = await held(image, { signature });

    expect(await set.mirror()).toMatchObject([
      {
        outcome: "blocked",
        gate: "signature",
        reason: `${image.digest} is not signed; one of these keys must have signed it: release`,
      },
    ]);
    expectUntouched(set);
  });

  it("lets it out by the signature that comes later, which is public before the tag", async () => {
    const image = newIndex();
    const set = await held(image, { signature });
    await set.mirror();
    const signed = signatureImage([stranger, signer], image);
    set.source.hold(SOURCE, signed, sigTag(image));

    expect(await set.mirror({ tag: sigTag(image) })).toMatchObject([
      { outcome: "mirrored", digest: image.digest, tags: ["v1"], gates: ["signature"], manifests: 4 },
    ]);
    expect(manifestsPut(set.registry)).toEqual([...[...image.children, image].map(short), sigTag(image), "v1"]);
    expect(set.published(sigTag(image))).toEqual(signed.bytes);
  });

  it.each<[string, (image: TestImage) => TestImage]>([
    ["an OCI 1.1 signature", (image) => signatureImage([signer], image, { referrer: true })],
    ["a bundle of cosign 3", (image) => bundleImage(signer, image)],
  ])("lets it out by %s, found by its subject", async (_, sign) => {
    const image = newIndex();
    const set = await held(image, { signature });
    const signed = sign(image);
    holdReferrers(set.source, image, signed);

    expect(await set.mirror({ digest: signed.digest })).toMatchObject([{ outcome: "mirrored", gates: ["signature"] }]);
    expect(manifestsPut(set.registry).slice(-3)).toEqual([short(signed), fallbackTag(image), "v1"]);
  });

  it.each<[string, (image: TestImage) => TestImage, RegExp]>([
    ["by a stranger", (image) => signatureImage([stranger], image), /by none of the keys \(release\)/],
    ["for another image", () => signatureImage([signer], newIndex()), /but for another image, sha256:/],
  ])("refuses an image that is signed %s", async (_, sign, reason) => {
    const image = newIndex();
    const set = await held(image, { signature });
    set.source.hold(SOURCE, sign(image), sigTag(image));

    expect(await set.mirror()).toMatchObject([
      { outcome: "refused", gate: "signature", reason: expect.stringMatching(reason) },
    ]);
    expectUntouched(set);
  });

  it("does not take the signature of a child, nor of what only refers to the image, for the image's own", async () => {
    const image = newIndex();
    const [child] = image.children as [TestImage];
    const sbom = artifact({ subject: image });
    const set = await held(image, { signature });
    holdReferrers(set.source, image, sbom);
    set.source.hold(SOURCE, signatureImage([signer], child), sigTag(child));
    set.source.hold(SOURCE, signatureImage([signer], sbom), sigTag(sbom));

    expect(await set.mirror()).toMatchObject([{ outcome: "blocked", gate: "signature" }]);
    expectUntouched(set);
  });

  it("judges the index that is in the private registry, though a smaller one is published", async () => {
    const [amd, arm] = [imageOf([partOf("amd")]), imageOf([partOf("arm")])];
    const index = platformIndex([amd, "amd64"], [arm, "arm64"]);
    const rules = [ruleOf({ gates: { signature }, platforms: ["linux/amd64"] })];
    const set = await held(index, {}, { rules });
    set.source.hold(SOURCE, signatureImage([signer], index), sigTag(index));

    // Its signature is about a digest that is not public: it stays where it is.
    expect(await set.mirror()).toMatchObject([{ outcome: "mirrored", manifests: 2, gates: ["signature"] }]);
    expect(manifestsPut(set.registry)).not.toContain(sigTag(index));
  });

  it.each<[string, (set: Held, signed: TestImage) => void]>([
    ["payload", ({ source }, signed) => void source.repository(SOURCE).blobs.delete(signed.blobs[1]?.digest ?? "")],
    ["tag", ({ source }) => source.on("GET", /\.sig$/, { answer: 403, body: ociError("DENIED") })],
    ["list of referrers", ({ source }) => source.on("GET", /referrers/, { answer: 403, body: ociError("DENIED") })],
  ])("lets nothing through where the %s cannot be read", async (_, spoil) => {
    const image = newIndex();
    const set = await held(image, { signature });
    const signed = signatureImage([signer], image);
    set.source.hold(SOURCE, signed, sigTag(image));
    spoil(set, signed);

    await expect(set.mirror()).rejects.toMatchObject({ code: expect.stringMatching(/^registry-/) });
    expectUntouched(set);
  });
});

describe("several gates", () => {
  it("must all be passed, and are told in the order in which they were asked", async () => {
    const image = imageOf([partOf("gated")]);
    let pushedAt = NOW;
    const scans = new Map([[image.digest, bad]]);
    const gates = { minimumAgeHours: 1, scan, signature };
    const set = await held(image, gates, { about: () => ({ pushedAt }), scans });

    const told: unknown[] = [];
    for (const step of [
      () => {},
      () => {
        pushedAt = new Date(NOW.getTime() - 3_600_000);
      },
      () => scans.set(image.digest, complete()),
      () => set.source.hold(SOURCE, signatureImage([signer], image), `${fallbackTag(image)}.sig`),
    ]) {
      step();
      const [outcome] = await set.mirror();
      told.push(outcome !== undefined && "gate" in outcome ? outcome.gate : outcome?.outcome);
    }

    expect(told).toEqual(["minimum-age", "scan", "signature", "mirrored"]);
    expect(await set.mirror()).toMatchObject([{ outcome: "unchanged" }]);
  });
});
