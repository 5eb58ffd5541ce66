import { describe, expect, it } from "vitest";
import { pageDifferences } from "#shared/catalog/page-differences.ts";
import type { WantedPage } from "#shared/catalog/published.ts";

const page: WantedPage = {
  description: "Services",
  aboutText: "# API\n\nText",
  usageText: "Pull it",
  architectures: ["ARM 64", "x86-64"],
  operatingSystems: ["Linux"],
};

function words(wanted: Partial<WantedPage>, present: object = page, sentLogo?: string): readonly string[] {
  return pageDifferences({ ...page, ...wanted }, present, sentLogo).map((difference) => difference.words);
}

describe("a page", () => {
  it("is the same where only line ends, space around a text and the order of badges differ", () => {
    const present = {
      description: " Services\n",
      aboutText: "# API\r\n\r\nText\r\n",
      usageText: "Pull it  ",
      architectures: ["x86-64", "ARM 64", "x86-64"],
      operatingSystems: ["Linux"],
    };

    expect(pageDifferences(page, present, undefined)).toEqual([]);
  });

  it("that is empty is the same as one that was never written", () => {
    const empty = { description: "", aboutText: "", usageText: "", architectures: [], operatingSystems: [] };

    expect(pageDifferences(empty, {}, undefined)).toEqual([]);
  });

  it("tells each field that differs", () => {
    const logo = { sha256: "ab12".repeat(16) };

    expect(pageDifferences({ ...page, logo }, {}, undefined)).toEqual([
      { field: "description", words: 'description: "" -> "Services"' },
      { field: "aboutText", words: 'aboutText: empty -> 3 lines, first in line 1: "" -> "# API"' },
      { field: "usageText", words: 'usageText: "" -> "Pull it"' },
      { field: "architectures", words: 'architectures: none -> "ARM 64", "x86-64"' },
      { field: "operatingSystems", words: 'operatingSystems: none -> "Linux"' },
      { field: "logo", words: "logo: none of ours -> ab12ab12ab12…" },
    ]);
  });

  it.each([
    ["# API\n\nOther", 'aboutText: 3 lines -> 3 lines, first in line 3: "Text" -> "Other"'],
    ["# API\n\nText\nMore", 'aboutText: 3 lines -> 4 lines, first in line 4: "" -> "More"'],
    ["# API", 'aboutText: 3 lines -> 1 line, first in line 3: "Text" -> ""'],
    ["", 'aboutText: 3 lines -> empty, first in line 1: "# API" -> ""'],
  ])("tells where a text begins to differ: %j", (aboutText, told) => {
    expect(words({ aboutText })).toEqual([told]);
  });

  it("shows of a long text what is around the place", () => {
    const long = "word ".repeat(100);

    expect(words({ description: `${long}new ${long}` }, { ...page, description: `${long}old ${long}` })).toEqual([
      `description: …"word word old ${"word ".repeat(9)}w"… -> …"word word new ${"word ".repeat(9)}w"…`,
    ]);
  });

  it("shows nothing that a terminal would do", () => {
    const description = 'a\u001b[31m\u202e"\ud800';

    expect(words({}, { ...page, description })).toEqual([
      'description: "a\\u{1b}[31m\\u{202e}\\"\\u{d800}" -> "Services"',
    ]);
  });

  it("has another logo where another one was sent, and none to send where the policy has none", () => {
    const [one, other] = ["1".repeat(64), "2".repeat(64)];

    expect(words({ logo: { sha256: one } }, page, one)).toEqual([]);
    expect(words({}, page, one)).toEqual([]);
    expect(words({ logo: { sha256: one } }, page, other)).toEqual(["logo: 222222222222… -> 111111111111…"]);
  });
});
