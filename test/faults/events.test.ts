import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeleteRepositoryCreationTemplateCommand,
  DescribeRepositoryCreationTemplatesCommand,
} from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import type { Switches } from "../../local/events/disturbance.ts";
import type { EventEnvelope } from "../../local/events/event.ts";
import { push } from "../../local/tour/push.ts";
import { readStandards } from "../../local/tour/standards.ts";
import { startTestAccount } from "../support/account.ts";
import { assembleWarm } from "../support/assembler.ts";
import { smallImage, targetFor } from "../support/pushing.ts";

describe("events", () => {
  it.each<[string, Switches]>([
    ["twice", { duplicate: () => true }],
    ["late", { delayMs: 200 }],
    ["out of order", { reorder: (event) => event["detail-type"] === "ECR Image Action", reorderWithinMs: 100 }],
  ])("that come %s end in the same repository and the same public image", async (_, switches) => {
    await using test = await startTestAccount();
    test.account.disturb(switches);
    const image = smallImage();

    await push(image, await targetFor(test, "team-a/web"));
    await test.decision("image-mirrored", "team-a/web");
    await test.account.idle();

    expect(await readStandards(test.ecr, "team-a/web")).toMatchObject({ missing: [] });
    const mirrored = test.account.context.store.public.manifest("team-a-web", "v1.0.0");
    expect(mirrored?.image.digest).toBe(image.root.digest);
    expect(test.account.timeline.after(0).filter(({ kind }) => kind === "failure")).toEqual([]);
    expect(test.account.deadLetters()).toBe(0);
  });

  it("of an older push that come after a newer one end in the newest digest", async () => {
    const directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-events-"));
    try {
      // dev- tags may move, and with this policy they are public too.
      const policyFile = join(directory, "policy.yaml");
      const policy = await readFile("policies/example.yaml", "utf8");
      await writeFile(policyFile, policy.replace('include: ["v*"]', 'include: ["dev-*"]'));
      await using test = await startTestAccount({ assemblyDir: await assembleWarm({ policyFile, directory }) });
      const [older, newer] = [smallImage(), smallImage()];
      const target = await targetFor(test, "team-a/web", "dev-1");
      await push(older, target);
      await test.account.idle();
      const ofOlder = test.account.timeline.after(0).find(({ facts }) => facts.tag === "dev-1")?.facts.event;
      await push(newer, target);
      await test.account.idle();
      const start = test.account.timeline.last();

      test.account.publish(ofOlder as EventEnvelope);
      await test.decision("image-unchanged", "team-a/web", start);

      const mirrored = test.account.context.store.public.manifest("team-a-web", "dev-1");
      expect(mirrored?.image.digest).toBe(newer.root.digest);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  it("that never come are made good by the sweep", async () => {
    await using test = await startTestAccount();
    test.account.disturb({ drop: () => true });
    await test.ecr.send(new DeleteRepositoryCreationTemplateCommand({ prefix: "team-a" }));
    test.account.disturb({});

    await test.account.fireSchedule("ReconcileRepositoriesEveryHour");
    await test.account.idle();

    const { repositoryCreationTemplates } = await test.ecr.send(new DescribeRepositoryCreationTemplatesCommand({}));
    expect(repositoryCreationTemplates?.map(({ prefix }) => prefix)).toEqual(["team-a"]);
  });
});
