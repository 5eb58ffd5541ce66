import { ListPullTimeUpdateExclusionsCommand } from "@aws-sdk/client-ecr";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseFault } from "../../local/faults/parse-fault.ts";
import { startTestAccount } from "../support/account.ts";
import { newSigner, signatureImage } from "../support/cosign.ts";
import { indexOf } from "../support/image-parts.ts";
import { type Assemblies, setTimeoutSeconds, testAssemblies } from "../support/policies.ts";
import { pushParts } from "../support/pushing.ts";

import {
  deletePrivate,
  newImage,
  POLICY,
  published,
  pushUnseen,
  referrerOf,
  resourceTags,
  sweep,
  unseen,
} from "./mirrors-sweeping.ts";

let assemblies: Assemblies;
let assemblyDir: string;
beforeAll(async () => {
  assemblies = await testAssemblies();
  assemblyDir = await assemblies.of(POLICY);
});
afterAll(() => assemblies[Symbol.asyncDispose]());

describe("the back-fill", () => {
  it("publishes what was there before any event, and asks for nothing the second time", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const [plain, index] = [newImage(), indexOf([newImage(), newImage()])];
    await pushUnseen(test, "fill/web", [plain, "v1"], [index, "v2"], [newImage(), "dev-1"]);
    await unseen(test, () => pushParts(test, "fill/web", plain, "v1.0"));

    const first = await sweep(test);
    const second = await sweep(test);

    expect(first.counts).toMatchObject({ repositories: 1, requested: 2, pullTimeExclusion: "registered" });
    expect(first.told("mirror-requested")).toEqual([
      expect.objectContaining({ digest: plain.digest, tags: ["v1", "v1.0"] }),
      expect.objectContaining({ digest: index.digest, tags: ["v2"] }),
    ]);
    expect(await published(test, "fill-web")).toEqual({
      v1: plain.digest,
      "v1.0": plain.digest,
      v2: index.digest,
      "": index.children.map(({ digest }) => digest).sort(),
    });
    expect(second.counts).toMatchObject({ repositories: 1, requested: 0 });
    expect(second.told("mirror-requested")).toEqual([]);
  });

  it("counts a public tag that must stay what it is as a conflict, and does not ask for it", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const [old, other] = [newImage(), newImage()];
    await pushUnseen(test, "fill/web", [old, "v1"]);
    await sweep(test);
    await unseen(test, () => pushParts(test, "fill/web", other, "v1"));

    const { counts } = await sweep(test);

    expect(counts).toMatchObject({ requested: 0, conflicts: 1 });
    expect(await published(test, "fill-web")).toEqual({ v1: old.digest });
  });

  it("brings a signature and an SBOM that came later while no event did", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const image = newImage();
    await pushUnseen(test, "fill/web", [image, "v1"]);
    await sweep(test);
    const [signature, sbom] = [signatureImage([newSigner()], image), referrerOf(image)];
    const signatureTag = `${image.digest.replace(":", "-")}.sig`;
    await pushUnseen(test, "fill/web", [signature, signatureTag], [sbom]);

    const first = await sweep(test);
    const second = await sweep(test);

    expect(first.counts).toMatchObject({ requested: 1 });
    expect(await published(test, "fill-web")).toMatchObject({ v1: image.digest, [signatureTag]: signature.digest });
    expect((await published(test, "fill-web"))[""]).toContain(sbom.digest);
    expect(second.counts).toMatchObject({ requested: 0 });
  });

  it("registers the roles that read images as ones whose pulls do not count", async () => {
    await using test = await startTestAccount({ everything: true });

    const { pullTimeUpdateExclusions } = await test.ecr.send(new ListPullTimeUpdateExclusionsCommand({}));

    expect(pullTimeUpdateExclusions).toEqual([
      expect.stringContaining(":role/EcrAutopilot-MirrorImageRole"),
      expect.stringContaining(":role/EcrAutopilot-MirrorStatusRole"),
    ]);
  });

  it("goes on past a repository that cannot be read", async () => {
    await using test = await startTestAccount({ assemblyDir });
    await pushUnseen(test, "fill/bad", [newImage(), "v1"]);
    await pushUnseen(test, "fill/web", [newImage(), "v1"]);
    test.account.faults.add(parseFault("ecr:DescribeImages@fill/bad=server-error"));

    const { counts, told } = await sweep(test);

    expect(counts).toMatchObject({ repositories: 1, requested: 1, failed: 1 });
    expect(told("repository-failed")).toMatchObject([{ code: "ecr-unavailable" }]);
    expect(test.account.deadLetters()).toBe(0);
  });
});

describe("a sweep of the mirrors by hand", () => {
  it("gives a plan in words and as data, and writes nothing", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const [missing, old, gone, marked] = [newImage(), newImage(), newImage(), newImage()];
    await pushUnseen(test, "keep/web", [old, "v1.0.0"]);
    await pushUnseen(test, "gone/web", [gone, "v1"], [newImage(), "v2"]);
    await pushUnseen(test, "wait/web", [marked, "v1"], [newImage(), "v2"]);
    await sweep(test);
    await pushUnseen(test, "keep/web", [newImage(), "v2.0.0"]);
    await sweep(test);
    await pushUnseen(test, "fill/web", [missing, "v1"]);
    await unseen(test, async () => {
      await deletePrivate(test, "gone/web", "v1");
      await deletePrivate(test, "wait/web", "v1");
    });
    const start = test.account.timeline.last();

    const { payload } = (await test.account.invokeDirect("reconcile-mirrors", { mode: "plan" })) as {
      payload: Record<string, unknown>;
    };

    const address = `public.ecr.aws/${test.account.publicAlias}/fill-web:v1`;
    expect(test.account.timeline.after(start)).toEqual([]);
    expect(payload).toMatchObject({
      mode: "plan",
      counts: { repositories: 4, requested: 1, dropped: 1, deleted: 1, waiting: 1 },
      mirrors: [
        {
          repository: "fill/web",
          requests: [{ reference: { digest: missing.digest }, tags: ["v1"], addresses: [address] }],
        },
        {
          repository: "gone/web",
          destinations: [
            {
              destination: "gone-web",
              deletions: [{ tag: "v1", digest: gone.digest, cause: "deletion", when: "now" }],
            },
          ],
        },
        {
          repository: "keep/web",
          destinations: [
            {
              destination: "keep-web",
              deletions: [{ tag: "v1.0.0", digest: old.digest, cause: "retention", when: "now" }],
            },
          ],
        },
        {
          repository: "wait/web",
          destinations: [{ deletions: [{ tag: "v1", when: expect.stringMatching(/^2.*Z$/) }] }],
        },
      ],
    });
    expect(payload.words).toContain(
      `fill/web\n  would be asked for: v1 (${missing.digest}), for ${address}\n\ngone/web\n`,
    );
    expect(payload.words).toContain("  would be deleted now: keep-web:v1.0.0: v* keeps the newest 1");
    expect(Object.keys(await resourceTags(test, "wait-web"))).toEqual(["ecr-autopilot:source"]);
  });

  it("applies, and answers with what it did", async () => {
    await using test = await startTestAccount({ assemblyDir });
    await pushUnseen(test, "fill/web", [newImage(), "v1"]);

    const result = await test.account.invokeDirect("reconcile-mirrors", { mode: "apply" });
    await test.account.idle();

    expect(result).toMatchObject({ payload: { mode: "apply", counts: { requested: 1 }, continues: false } });
    expect(Object.keys(await published(test, "fill-web"))).toEqual(["v1"]);
  });

  it("refuses a request of another shape with the rule", async () => {
    await using test = await startTestAccount({ assemblyDir });

    const result = await test.account.invokeDirect("reconcile-mirrors", { mode: "destroy" });

    expect(result).toMatchObject({
      error: { errorMessage: 'not a sweep of the mirrors by hand: mode must be "apply" or "plan"' },
    });
  });
});

it("publishes and takes nothing away where another Region looks after the public side", async () => {
  const elsewhere = await assemblies.of(`${POLICY}publicRegion: us-east-1\n`, { everything: true });
  await using test = await startTestAccount({ assemblyDir: elsewhere });
  await pushUnseen(test, "gone/web", [newImage(), "v1"], [newImage(), "v2"]);
  await sweep(test);
  await unseen(test, () => deletePrivate(test, "gone/web", "v1"));

  const { counts, told } = await sweep(test);
  const { payload } = (await test.account.invokeDirect("reconcile-mirrors", { mode: "plan" })) as {
    payload: { words: string };
  };
  await test.account.fireSchedule("SyncCatalog");
  await test.account.idle();

  expect(counts).toMatchObject({ requested: 0, deleted: 0, waiting: 0, failed: 0 });
  expect(told("public-side-elsewhere")).toMatchObject([{ region: "eu-west-1", publicRegion: "us-east-1" }]);
  expect(Object.keys(await published(test, "gone-web")).sort()).toEqual(["v1", "v2"]);
  expect(payload.words).toContain("Nothing would go: the policy names us-east-1 as publicRegion");
  expect(test.decisions()).not.toContain("catalog-updated");
  expect(test.decisions().slice(-2)).toEqual(["public-side-elsewhere", "catalog-swept"]);
  expect(test.account.deadLetters()).toBe(0);
});

it("goes on in another invocation when the time of one runs short", async () => {
  const assemblyDir = await assemblies.of(POLICY);
  await setTimeoutSeconds(assemblyDir, "ReconcileMirrors", 12);
  await using test = await startTestAccount({ assemblyDir });
  for (let index = 0; index < 4; index++) await pushUnseen(test, `fill/r${index}`, [newImage(), "v1"]);
  test.account.faults.add(parseFault("ecr:DescribeImages@fill/*=slow-700"));

  const { counts, told } = await sweep(test);

  expect(told("mirrors-sweep-continues").length).toBeGreaterThan(0);
  expect(counts).toMatchObject({ repositories: 4, requested: 4, failed: 0 });
});
