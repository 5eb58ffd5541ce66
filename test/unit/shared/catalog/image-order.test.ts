import { describe, expect, it } from "vitest";
import { imageOfPage, newestFirst } from "#shared/catalog/image-order.ts";
import { image } from "./published-sample.ts";

function day(number: number): Date {
  return new Date(Date.UTC(2026, 0, number));
}

const firstTags = (images: readonly { readonly tags: readonly string[] }[]) => images.map(({ tags }) => tags[0]);

describe("images, newest first,", () => {
  it("go by version before they go by push", () => {
    const images = [
      image(1, ["main"], { pushedAt: day(9) }),
      image(2, ["v1.10.0"], { pushedAt: day(1) }),
      image(3, ["v1.9.0"], { pushedAt: day(8) }),
      image(4, ["v2.0.0-rc.1"], { pushedAt: day(2) }),
      image(5, ["nightly"], { pushedAt: day(10) }),
      image(6, ["just-now"]),
    ];

    expect(firstTags(newestFirst(images))).toEqual(["v2.0.0-rc.1", "v1.10.0", "v1.9.0", "just-now", "nightly", "main"]);
    expect(newestFirst([...images].reverse())).toEqual(newestFirst(images));
  });

  it("have their tags in order: versions, latest, names", () => {
    expect(newestFirst([image(1, ["stable", "1.2", "latest", "v1.2.0", "v1.2.1"])])[0]?.tags).toEqual([
      "v1.2.1",
      "v1.2.0",
      "latest",
      "1.2",
      "stable",
    ]);
  });

  it("are none that only hold a signature, have no tag, or are no names of a registry", () => {
    const companion = `sha256-${"a".repeat(64)}`;
    const images = [
      image(1, [`${companion}.sig`]),
      image(2, [companion]),
      image(3, []),
      image(4, ["`rm -rf`", "a\nb", "x".repeat(129)]),
      { ...image(5, ["v1.0.0"]), digest: "sha256:short" },
      image(6, ["v1.0.0", `${companion}.att`]),
    ];

    expect(newestFirst(images)).toEqual([image(6, ["v1.0.0"])]);
  });

  it("with the same version go by push", () => {
    const images = [image(1, ["1.0.0"], { pushedAt: day(1) }), image(2, ["v1.0.0"], { pushedAt: day(2) })];

    expect(firstTags(newestFirst(images))).toEqual(["v1.0.0", "1.0.0"]);
  });
});

describe("the image of a page", () => {
  it("is the highest version that is no pre-release", () => {
    const images = [image(1, ["v2.0.0-rc.1"]), image(2, ["v1.0.0"]), image(3, ["latest"])];

    expect(imageOfPage(images)?.tags).toEqual(["v1.0.0"]);
  });

  it("is the highest pre-release without one, and else what was pushed last", () => {
    expect(imageOfPage([image(1, ["latest"]), image(2, ["v2.0.0-rc.1"])])?.tags).toEqual(["v2.0.0-rc.1"]);
    expect(imageOfPage([image(1, ["a"], { pushedAt: day(1) }), image(2, ["b"], { pushedAt: day(2) })])?.tags).toEqual([
      "b",
    ]);
    expect(imageOfPage([])).toBeUndefined();
  });
});
