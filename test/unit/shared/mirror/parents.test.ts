import { describe, expect, it } from "vitest";
import { indexesNaming } from "#shared/mirror/parents.ts";
import type { MirrorSource, SourceImage } from "#shared/mirror/source.ts";
import { imageOf, indexOf, partOf, type TestImage, TYPE } from "../../../support/image-parts.ts";
import { plainSource } from "../../../support/plain-registries.ts";
import { clientOf, startRegistry } from "../registry/set-up.ts";
import { NOW, SOURCE } from "./set-up.ts";

const child = imageOf([partOf("child")]);
const other = imageOf([partOf("other")]);
const HOUR = 3_600_000;

/** Tagged images of a repository, with what ECR knows of them. */
async function repositoryOf(...images: readonly (readonly [TestImage, Partial<SourceImage>])[]) {
  const registry = await startRegistry();
  for (const [image] of images) registry.hold(SOURCE, image);
  const source: MirrorSource = {
    ...plainSource(clientOf(registry)),
    async *images() {
      for (const [{ digest, mediaType }, more] of images) {
        yield { digest, tags: ["v1"], archived: false, mediaType, ...more };
      }
    },
  };
  return { registry, naming: () => indexesNaming(source, SOURCE, child.digest, NOW) };
}

const ago = (milliseconds: number) => ({ pushedAt: new Date(NOW.getTime() - milliseconds) });

describe("the indexes that name a child", () => {
  it("are found among those of the last day, the newest first", async () => {
    const [first, second] = [indexOf([child, other]), indexOf([other, child])];
    const { naming } = await repositoryOf(
      [first, ago(2 * HOUR)],
      [indexOf([other]), ago(HOUR)],
      [second, ago(HOUR)],
      [indexOf([child]), ago(24 * HOUR + 1)],
    );

    expect(await naming()).toEqual([second.digest, first.digest]);
  });

  it("are found though nobody tells their type, or when they were pushed", async () => {
    const index = indexOf([child]);
    const { naming } = await repositoryOf([index, { mediaType: undefined }], [other, { mediaType: undefined }]);

    expect(await naming()).toEqual([index.digest]);
  });

  it("are not looked for in images", async () => {
    const { registry, naming } = await repositoryOf([other, { mediaType: TYPE.image }]);

    expect(await naming()).toEqual([]);
    expect(registry.requests).toEqual([]);
  });

  it("are none where an index was deleted since it was listed", async () => {
    const index = indexOf([child]);
    const { registry, naming } = await repositoryOf([index, {}]);
    registry.repository(SOURCE).manifests.delete(index.digest);

    expect(await naming()).toEqual([]);
  });

  it("are looked for in fifty, and no more", async () => {
    const indexes = Array.from({ length: 51 }, (_, n) => indexOf([child, imageOf([partOf(`${n}`)])]));
    const { naming } = await repositoryOf(...indexes.map((index, n) => [index, ago(n)] as const));

    expect(await naming()).toEqual(indexes.slice(0, 50).map(({ digest }) => digest));
  });
});
