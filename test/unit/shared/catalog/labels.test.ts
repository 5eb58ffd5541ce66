import { describe, expect, it } from "vitest";
import { readLabels } from "#shared/catalog/labels.ts";
import { labelled } from "./published-sample.ts";

describe("labels", () => {
  it("come each from the first place that has it: index, manifest, config", () => {
    const { labels, findings } = readLabels({
      index: labelled({ title: "from index", created: "2026-01-01" }),
      manifest: labelled({ title: "from manifest", vendor: "from manifest" }),
      config: { ...labelled({ title: "from config", vendor: "from config", licenses: "Apache-2.0" }), other: "x" },
    });

    expect(labels).toEqual({ title: "from index", vendor: "from manifest", licenses: "Apache-2.0" });
    expect(findings).toEqual([]);
  });

  it("are all seven that a page shows", () => {
    const fields = {
      title: "API",
      description: "Services of\n  team A",
      vendor: "Example",
      version: "1.2.0",
      licenses: "Apache-2.0",
      documentation: "https://example.com/docs",
      source: "git@github.com:example/api.git",
    };

    expect(readLabels({ config: labelled(fields) }).labels).toEqual({
      ...fields,
      description: "Services of team A",
      source: "https://github.com/example/api",
    });
  });

  it("fall back to the next place where one is empty or unusable, which is told", () => {
    const { labels, findings } = readLabels({
      index: labelled({ title: "  ", documentation: "javascript:alert(1)" }),
      manifest: labelled({ title: 7, documentation: "https://example.com" }),
      config: labelled({ title: "API" }),
    });

    expect(labels).toEqual({ title: "API", documentation: "https://example.com/" });
    expect(findings).toEqual([
      {
        file: "org.opencontainers.image.title",
        rule: "no-text",
        message: "the annotation of the manifest is no text, and was left out",
      },
      {
        file: "org.opencontainers.image.documentation",
        rule: "address",
        message: "the annotation of the index is no http or https address of at most 2048 characters, and was left out",
      },
    ]);
  });

  it("lose what they may not hold, with a finding for each rule", () => {
    const { labels, findings } = readLabels({
      config: labelled({ title: "A\u0000P\u001b[31mI\u202e \ud800 \u2066done" }),
    });

    expect(labels).toEqual({ title: "AP[31mI done" });
    expect(findings).toEqual([
      {
        file: "org.opencontainers.image.title",
        rule: "lone-surrogate",
        message: "the label of the image has halves of characters (lone surrogates), which were left out",
      },
      {
        file: "org.opencontainers.image.title",
        rule: "control-character",
        message: "the label of the image has control characters, which were left out",
      },
      {
        file: "org.opencontainers.image.title",
        rule: "bidi-control",
        message: "the label of the image has characters that turn the direction of text, which were left out",
      },
    ]);
  });

  it("keep what other scripts and emoji need", () => {
    const title = "שלום\u200f می\u200cخواهم 👩‍👩‍👧‍👦 日本語";

    expect(readLabels({ config: labelled({ title }) })).toEqual({ labels: { title }, findings: [] });
  });

  it("are cut where they are far too long", () => {
    const { labels, findings } = readLabels({ config: labelled({ vendor: "word ".repeat(200_000) }) });

    expect(labels.vendor).toBe(`${"word ".repeat(39)}word…`);
    expect(findings).toEqual([
      {
        file: "org.opencontainers.image.vendor",
        rule: "too-long",
        message: "the label of the image has 999999 characters, and was cut at 200",
      },
    ]);
  });

  it("never tell a password of an address", () => {
    const { labels, findings } = readLabels({ config: labelled({ source: "https://robot:secret@example.com/x" }) });

    expect(labels).toEqual({ source: "https://example.com/x" });
    expect(findings).toEqual([
      {
        file: "org.opencontainers.image.source",
        rule: "credentials",
        message: "the label of the image has a user or a password in its address, which were left out",
      },
    ]);
  });

  it.each([[null], ["text"], [7], [[]], [Object.create(labelled({ title: "inherited" }))]])(
    "are none in %j",
    (config) => {
      expect(readLabels({ config })).toEqual({ labels: {}, findings: [] });
    },
  );
});
