import { describe, expect, it } from "vitest";
import { descriptorOf, imageOf, partOf, type TestImage, TYPE } from "../../../support/image-parts.ts";
import { setUpCopy } from "./copy-set-up.ts";
import { linesOf } from "./set-up.ts";

const MIB = 1024 * 1024;

describe("a layer that may not end in time", () => {
  const [large, small] = [partOf(Buffer.alloc(3 * MIB)), partOf("small")];
  const image = imageOf([large, small]);

  it("is not begun, and is told as left; what fits is copied, and no manifest is written", async () => {
    // 3 MiB take 250 ms at 12 MiB/s.
    const { registry, copy, plan } = await setUpCopy(image, { remainingMs: () => 249 });

    const result = await copy(["v1"]);

    expect(result).toEqual({
      outcome: "continues",
      left: { blobs: 1, bytes: 3 * MIB },
      blobs: 2,
      bytes: plan.blobs.reduce((sum, { size }) => sum + size, 0) - 3 * MIB,
      skippedBlobs: 0,
      skippedBytes: 0,
    });
    expect(linesOf(registry, "POST")).toHaveLength(2);
    expect(linesOf(registry, "manifests")).toEqual([]);
  });

  it("is begun when it just fits", async () => {
    const { copy } = await setUpCopy(image, { remainingMs: () => 250 });

    expect(await copy(["v1"])).toMatchObject({ outcome: "copied" });
  });

  it("is not begun anew after a broken upload", async () => {
    let remaining = 600_000;
    const { registry, copy } = await setUpCopy(image, { remainingMs: () => remaining });
    registry.on("PATCH", /./, { cutUploadAfter: MIB });
    registry.on("HEAD", /./, {
      first: () => {
        remaining = 0;
      },
    });

    expect(await copy(["v1"])).toMatchObject({
      outcome: "continues",
      left: { blobs: 1, bytes: 3 * MIB },
    });
  });

  it("comes first where there is time, since it needs the time most", async () => {
    const sizes = [10, 40, 20, 30].map((size) => partOf(Buffer.alloc(size * 1_000, size)));
    const { source, copy } = await setUpCopy(imageOf(sizes));

    await copy([]);

    const begun = source.requests
      .filter(({ path }) => path.includes("/blobs/"))
      .map(({ path }) => path.split("/").at(-1));
    expect(begun.slice(0, 4).sort()).toEqual(sizes.map(({ digest }) => digest).sort());
  });
});

describe("a layer that its licence keeps elsewhere", () => {
  const elsewhere = partOf("windows", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");
  const ours = partOf("ours");
  const config = partOf("{}", TYPE.config);
  const text = JSON.stringify({
    schemaVersion: 2,
    config: descriptorOf(config),
    layers: [{ ...descriptorOf(elsewhere), urls: ["https://example.com/layer"] }, descriptorOf(ours)],
  });
  const image: TestImage = { ...partOf(text, TYPE.image), blobs: [config, elsewhere, ours], children: [] };

  it("is left out where the source does not hold it", async () => {
    const { source, registry, copy } = await setUpCopy(image);
    source.repository("team/web").blobs.delete(elsewhere.digest);

    expect(await copy(["v1"])).toMatchObject({ outcome: "copied", blobs: 2 });
    expect(registry.repository("alias/web").manifests.get("v1")?.bytes).toEqual(image.bytes);
  });

  it("is copied where the source holds it", async () => {
    const { registry, copy } = await setUpCopy(image);

    expect(await copy(["v1"])).toMatchObject({ outcome: "copied", blobs: 3 });
    expect(registry.repository("alias/web").blobs.has(elsewhere.digest)).toBe(true);
  });
});
