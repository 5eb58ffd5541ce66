import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { parseFault } from "../../local/faults/parse-fault.ts";
import { push } from "../../local/tour/push.ts";
import { startTestAccount } from "../support/account.ts";
import { imageOf, partOf } from "../support/image-parts.ts";
import { setTimeoutSeconds, testAssemblies } from "../support/policies.ts";
import { pushParts, smallImage, targetFor } from "../support/pushing.ts";

const MIB = 1024 * 1024;

describe("an image that does not fit into one invocation", () => {
  it("goes on in another, which sends only what is left, and shows no tag before it is whole", async () => {
    await using assemblies = await testAssemblies();
    const assemblyDir = await assemblies.of(await readFile("policies/example.yaml", "utf8"));
    // Ten seconds of it are kept for the answer: what is left does not do for nine layers, four at once, of a second and a half each.
    await setTimeoutSeconds(assemblyDir, "MirrorImage", 14);
    await using test = await startTestAccount({ assemblyDir });
    const image = imageOf(Array.from({ length: 9 }, () => partOf(randomBytes(MIB))));
    test.account.faults.add(parseFault("ecr-public:UploadLayerPart=slow-1500"));
    const tagsWhenItStopped: number[] = [];
    const stop = test.account.timeline.onEntry(({ what }) => {
      if (what === "image-continues")
        tagsWhenItStopped.push(test.account.context.store.public.tags("team-a-large").length);
    });

    await pushParts(test, "team-a/large", image, "v1.0.0");
    await test.decision("image-continues", "team-a/large");
    const mirrored = await test.decision("image-mirrored", "team-a/large");
    stop();
    await test.account.idle();

    expect(tagsWhenItStopped).toEqual(tagsWhenItStopped.map(() => 0));
    expect(mirrored.facts).toMatchObject({ digest: image.digest, tags: ["v1.0.0"] });
    expect(Number(mirrored.facts.skippedBlobs)).toBeGreaterThanOrEqual(1);
    expect(test.account.context.store.public.image("team-a-large", "v1.0.0")?.digest).toBe(image.digest);
    expect(test.account.deadLetters()).toBe(0);
  });

  it("is put off, and not given up, while ECR Public throttles it", async () => {
    await using test = await startTestAccount();
    const fault = test.account.faults.add(parseFault("ecr-public:PutImage=throttle*6"));

    await push(smallImage(), await targetFor(test, "team-a/late"));
    const continued = await test.decision("image-continues", "team-a/late");
    await test.decision("image-mirrored", "team-a/late");

    expect(continued.text).toContain("429 TOOMANYREQUESTS");
    expect(fault).toBeDefined();
    expect(test.account.deadLetters()).toBe(0);
  });
});
