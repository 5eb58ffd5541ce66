import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pageDifferences } from "#shared/catalog/page-differences.ts";
import type { CatalogData, PublishedImage } from "#shared/catalog/published.ts";
import { wantedPage } from "#shared/catalog/wanted-page.ts";
import { digest, labelled, newKey, published } from "./published-sample.ts";
import { rendered } from "./rendered.ts";

const KEYS = [
  { name: "release", pem: newKey() },
  { name: "<script>`", pem: newKey() },
];

/** Pieces that mean something to a renderer, a browser, a terminal or a parser. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "</p>",
        "<!--",
        "\n\n# heading\n",
        "\n```\n",
        "\n- item\n",
        "\n| a |\n|---|\n| b |\n",
        "[x](javascript:alert(1))",
        "![x](https://example.com/x.png)",
        "\n[x]: https://example.com\n",
        "https://example.com",
        "www.example.com",
        "javascript:alert(1)",
        "data:text/html,x",
        "git@github.com:example/api.git",
        "https://user:password@example.com/a",
        "&lt;b&gt;",
        "\\",
        "\u0000\u001b[31m",
        "\u202eabc",
        "\ud83d",
        "👩‍👩‍👧‍👦",
      ),
      fc.string({ unit: "binary", maxLength: 20 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));

const value = fc.oneof({ weight: 20, arbitrary: hostile }, fc.constantFrom<unknown>(undefined, null, 7, [], {}));
const labels = fc
  .record({
    title: value,
    description: value,
    vendor: value,
    version: value,
    licenses: value,
    documentation: value,
    source: value,
  })
  .map(labelled);
const tag = fc.oneof(
  fc.constantFrom("latest", "v1.0.0", "1.2.3", "2.0.0-rc.1", `sha256-${"1".repeat(64)}.sig`, "`x`", "<b>", "a\n# b"),
  hostile,
);
const name = fc.oneof(fc.constantFrom("linux", "windows", "amd64", "arm64", "386", "unknown", ""), hostile);
const images = fc.array(
  fc.record(
    {
      digest: fc.integer({ min: 0, max: 5 }).map(digest),
      tags: fc.array(tag, { maxLength: 4 }),
      pushedAt: fc.date({ noInvalidDate: true }),
      platforms: fc.array(fc.record({ os: name, architecture: name, variant: name }), { maxLength: 4 }),
      labels: fc.record({ index: labels, manifest: labels, config: labels }, { requiredKeys: [] }),
    },
    { requiredKeys: ["digest", "tags", "platforms"] },
  ),
  { maxLength: 6 },
);

function make(given: readonly PublishedImage[], present: CatalogData) {
  const facts = published(given, { signed: [digest(1), digest(2)], keys: KEYS });
  return wantedPage({ texts: undefined, ruleDescription: undefined, published: facts, present }).page;
}

describe("a page made of what anybody may have published", () => {
  it("is text, within the limits, and the same when it is made again", () => {
    fc.assert(
      fc.property(images, (given) => {
        const page = make(given, {});
        const { description, aboutText, usageText, architectures, operatingSystems } = page;

        expect(description.length).toBeLessThanOrEqual(1_024);
        for (const text of [description, aboutText, usageText]) {
          expect(text.length).toBeLessThanOrEqual(25_600);
          expect(text.isWellFormed()).toBe(true);
          expect(text).not.toMatch(/(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
        }
        const about = rendered(aboutText);
        expect(["a", "em", "h2", "li", "p", "ul"]).toEqual(expect.arrayContaining(about.elements));
        expect(about.links.length).toBeLessThanOrEqual(2);
        for (const link of about.links) {
          expect(link).toMatch(/^https?:\/\//);
          expect(new URL(link)).toMatchObject({ username: "", password: "" });
        }
        expect(["code", "em", "h2", "li", "p", "ul"]).toEqual(expect.arrayContaining(rendered(usageText).elements));
        expect(["ARM", "ARM 64", "x86", "x86-64"]).toEqual(expect.arrayContaining([...architectures]));
        expect(["Linux", "Windows"]).toEqual(expect.arrayContaining([...operatingSystems]));

        expect(pageDifferences(make(given, page), page, undefined)).toEqual([]);
        expect(pageDifferences(make([...given].reverse(), page), page, undefined)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ["markup", "<b>*_[x](y)_*</b>"],
    ["emoji", "👩‍👩‍👧‍👦"],
    ["white space", " \n\t"],
    ["accents", "\u0301"],
    ["addresses", "https://example.com/"],
  ])("is within the limits where each label has a megabyte of %s", (_, unit) => {
    const long = unit.repeat(Math.ceil(1_048_576 / unit.length));
    const fields = {
      title: long,
      description: long,
      vendor: long,
      version: long,
      licenses: long,
      documentation: long,
      source: `https://example.com/${long}`,
    };
    const page = make(
      [
        {
          digest: digest(1),
          tags: ["v1.0.0"],
          platforms: [{ os: long, architecture: long }],
          labels: { config: labelled(fields) },
        },
      ],
      {},
    );

    expect(page.description.length).toBeLessThanOrEqual(1_024);
    expect(page.aboutText.length).toBeLessThanOrEqual(25_600);
    expect(page.usageText.length).toBeLessThanOrEqual(25_600);
    expect(["a", "em", "h2", "li", "p", "ul"]).toEqual(expect.arrayContaining(rendered(page.aboutText).elements));
  });
});
