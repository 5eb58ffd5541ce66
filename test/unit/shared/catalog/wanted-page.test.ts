import { describe, expect, it } from "vitest";
import type { PageTexts } from "#shared/catalog/page-texts.ts";
import type { CatalogData, PublishedImage } from "#shared/catalog/published.ts";
import { type PageSources, wantedPage } from "#shared/catalog/wanted-page.ts";
import { image, labelled, published } from "./published-sample.ts";

const GENERATED = "_Written by ecr-autopilot from what was published._";

const standing: CatalogData = {
  description: "Typed by hand",
  aboutText: "About, by hand",
  usageText: "Usage, by hand",
  architectures: ["x86"],
  operatingSystems: ["Windows"],
};

/** One image for linux/arm64 with these labels. */
function labelledImage(fields: Readonly<Record<string, unknown>>): PublishedImage {
  return image(1, ["v1.0.0"], {
    platforms: [{ os: "linux", architecture: "arm64" }],
    labels: { config: labelled(fields) },
  });
}

function make({ images = [], ...more }: Partial<PageSources> & { readonly images?: readonly PublishedImage[] }) {
  const nothing = { texts: undefined, ruleDescription: undefined, published: published(images), present: {} };
  return wantedPage({ ...nothing, ...more });
}

function texts(given: Partial<PageTexts>): PageTexts {
  return { findings: [], ...given };
}

describe("the description of a page", () => {
  const images = [labelledImage({ description: "From a label", title: "A title" })];
  const everything = { images, ruleDescription: "From the rule", present: standing };

  it.each<[string, Parameters<typeof make>[0], string]>([
    ["the policy's", { ...everything, texts: texts({ description: "From the catalog" }) }, "From the catalog"],
    ["cleared by the policy", { ...everything, texts: texts({ description: "" }) }, ""],
    ["the mirror rule's", everything, "From the rule"],
    ["the label's", { images, present: standing }, "From a label"],
    ["the title", { images: [labelledImage({ title: "A title" })], present: standing }, "A title"],
    ["what stands there", { images: [labelledImage({})], present: standing }, "Typed by hand"],
    ["empty", {}, ""],
  ])("is %s", (_, sources, description) => {
    expect(make(sources).page.description).toBe(description);
  });

  it("of a label is cut at a sentence within 1,024 characters", () => {
    const { page } = make({ images: [labelledImage({ description: "This is a sentence. ".repeat(100) })] });

    expect(page.description).toBe(`${"This is a sentence. ".repeat(51)}…`);
  });
});

describe("the about text of a page", () => {
  const images = [labelledImage({ title: "API" })];
  const made = `## API\n\n${GENERATED}`;

  it.each<[string, Parameters<typeof make>[0], string]>([
    [
      "the policy's",
      { images, texts: texts({ about: { pieces: ["# By policy"] } }), present: standing },
      "# By policy",
    ],
    ["cleared by the policy", { images, texts: texts({ about: { pieces: [] } }), present: standing }, ""],
    ["made from labels where none stands", { images, present: { aboutText: " \n" } }, made],
    ["made anew where it was made before", { images, present: { aboutText: `## Old\r\n\r\n${GENERATED}\r\n` } }, made],
    ["a person's where one stands", { images, present: standing }, "About, by hand"],
    [
      "a person's that only speaks of ours",
      { images, present: { aboutText: `${GENERATED}\n\nWas wrong.` } },
      `${GENERATED}\n\nWas wrong.`,
    ],
    [
      "cleared where it was made from labels that are gone",
      { images: [labelledImage({})], present: { aboutText: made } },
      "",
    ],
    ["cleared where it was made from images that are gone", { present: { aboutText: made } }, ""],
    [
      "what stands there where the labels were not read",
      { images: [image(1, ["v1"])], present: { aboutText: made } },
      made,
    ],
  ])("is %s", (_, sources, about) => {
    expect(make(sources).page.aboutText).toBe(about);
  });

  it("comes from the image of the page, not from one that was pushed later", () => {
    const images = [
      { ...labelledImage({ title: "Release" }), pushedAt: new Date(1) },
      image(2, ["main"], { pushedAt: new Date(2), labels: { config: labelled({ title: "Main" }) } }),
    ];

    expect(make({ images }).page.aboutText).toBe(`## Release\n\n${GENERATED}`);
  });

  it("of the policy has its relative links lead to the source that a label tells, unless the policy tells one", () => {
    const about = { pieces: ["[x](", { relative: "docs/x.md", written: "docs/x.md", kind: "page" as const }, ")"] };
    const images = [labelledImage({ source: "git@github.com:example/api.git" })];

    expect(make({ images, texts: texts({ about }) }).page.aboutText).toBe(
      "[x](https://github.com/example/api/blob/HEAD/docs/x.md)",
    );
    expect(make({ images, texts: texts({ about, source: "https://github.com/example/other" }) }).page.aboutText).toBe(
      "[x](https://github.com/example/other/blob/HEAD/docs/x.md)",
    );
  });

  it("of the policy keeps its relative links where nothing tells the source, and that is told", () => {
    const about = { pieces: ["[x](", { relative: "docs/x.md", written: "docs/x.md", kind: "page" as const }, ")"] };
    const { page, findings } = make({ texts: texts({ about }) });

    expect(page.aboutText).toBe("[x](docs/x.md)");
    expect(findings).toEqual([
      {
        file: "about",
        rule: "relative-links",
        message: "relative links and images stay as they are (1): neither policy nor image tells their source",
      },
    ]);
  });

  it("of the policy that is too long ends at a cut, and that is told", () => {
    const paragraph = `${"word ".repeat(200)}\n\n`;
    const about = { pieces: Array.from({ length: 40 }, () => [paragraph, { cut: "" }]).flat() };
    const { page, findings } = make({ texts: texts({ about, source: "https://github.com/example/api" }) });

    expect(page.aboutText.length).toBeLessThanOrEqual(25_600);
    expect(page.aboutText.startsWith(paragraph.repeat(25).trimEnd())).toBe(true);
    expect(page.aboutText).toContain("https://github.com/example/api");
    expect(findings).toEqual([
      {
        file: "about",
        rule: "text-too-long",
        message: "has more than the 25600 characters that ECR Public takes, and ends at the last place that fits",
      },
    ]);
  });
});

describe("the usage text of a page", () => {
  const images = [labelledImage({})];

  it("is the policy's, or cleared by it", () => {
    expect(make({ images, texts: texts({ usage: { pieces: ["Run it"] } }), present: standing }).page.usageText).toBe(
      "Run it",
    );
    expect(make({ images, texts: texts({ usage: { pieces: [] } }), present: standing }).page.usageText).toBe("");
  });

  it("is made from what is public, where nobody has written one", () => {
    expect(make({ images }).page.usageText).toContain("docker pull public.ecr.aws/a1b2c3d4/team-a-api:v1.0.0\n");
    expect(make({ images, present: standing }).page.usageText).toBe("Usage, by hand");
  });

  it("that was made is cleared with the last tag", () => {
    const { usageText } = make({ images }).page;

    expect(make({ present: { ...standing, usageText } }).page.usageText).toBe("");
    expect(make({ present: standing }).page.usageText).toBe("Usage, by hand");
  });
});

describe("the badges of a page", () => {
  it("are those of all tagged images", () => {
    const images = [
      labelledImage({}),
      image(2, ["v0.9.0"], { platforms: [{ os: "windows", architecture: "amd64" }] }),
      image(3, [], { platforms: [{ os: "linux", architecture: "386" }] }),
      image(4, [`sha256-${"0".repeat(64)}.sig`], { platforms: [{ os: "linux", architecture: "arm" }] }),
    ];
    const { page } = make({ images, present: standing });

    expect(page.architectures).toEqual(["ARM 64", "x86-64"]);
    expect(page.operatingSystems).toEqual(["Linux", "Windows"]);
  });

  it("are what stands there where nothing is tagged", () => {
    const { page } = make({ images: [image(1, [])], present: standing });

    expect(page.architectures).toEqual(["x86"]);
    expect(page.operatingSystems).toEqual(["Windows"]);
  });
});

describe("a page", () => {
  it("has a logo only of the policy", () => {
    const logo = { sha256: "a".repeat(64) };

    expect(make({ texts: texts({ logo }) }).page.logo).toEqual(logo);
    expect(Object.keys(make({}).page)).not.toContain("logo");
  });

  it("tells what was wrong, the policy's findings first", () => {
    const broken = { file: "catalog/team-a-api/logo.png", rule: "logo-size", message: "too large" };
    const images = [
      labelledImage({ title: "a\u0007" }),
      image(2, ["v2.0.0-s390x"], { platforms: [{ os: "linux", architecture: "s390x" }] }),
    ];

    expect(
      make({ images, texts: texts({ findings: [broken] }) }).findings.map(({ file, rule }) => [file, rule]),
    ).toEqual([
      ["catalog/team-a-api/logo.png", "logo-size"],
      ["org.opencontainers.image.title", "control-character"],
      ['platform "s390x"', "no-badge"],
    ]);
  });
});
