import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { html, trusted } from "../../../../local/gallery/html.ts";

const room = join(import.meta.dirname, "../../../../local/gallery");

describe("html", () => {
  it("escapes what is put between tags and into attributes", () => {
    const hostile = `"><img src=x onerror='alert(1)'>&amp;`;

    const { markup } = html`<p title="${hostile}">${hostile}</p>`;

    const escaped = "&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;amp;";
    expect(markup).toBe(`<p title="${escaped}">${escaped}</p>`);
  });

  it("takes its own output as it is, also in lists, and leaves nothing for undefined", () => {
    const { markup } = html`<ul>${["<", html`<li>${1}</li>`, undefined]}</ul>${undefined}`;

    expect(markup).toBe("<ul>&lt;<li>1</li></ul>");
  });

  it("escapes data that only looks like its output", () => {
    const { markup } = html`${JSON.parse('{"markup":"<b>"}') as string}`;

    expect(markup).toBe("[object Object]");
  });

  it("is gone round by the Markdown renderer alone", () => {
    const users = readdirSync(room)
      .filter((name) => name.endsWith(".ts") && name !== "html.ts")
      .filter((name) => /\btrusted\(|new Html\(|innerHTML/.test(readFileSync(join(room, name), "utf8")));

    expect(users).toEqual(["markdown.ts"]);
    expect(trusted("<b>").markup).toBe("<b>");
  });
});
