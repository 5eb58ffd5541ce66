import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wantedPage } from "#shared/catalog/wanted-page.ts";
import { defaultSettings, newRecord } from "../../local/ecr/settings.ts";
import { newRecord as newPublicRecord } from "../../local/ecr-public/settings.ts";
import { hasChromium, startChromium } from "./browser.ts";
import { startGallery, type TestGallery } from "./start-gallery.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

/** Each would set `window.pwned`, open a dialog, load something or leave the page, if it were more than text. */
const attacks = [
  `<script>window.pwned = 1; alert(1)</script>`,
  `"><script>window.pwned = 1</script>`,
  `'><img src=x onerror="window.pwned = 1">`,
  `<img src=https://elsewhere.example/pixel.png>`,
  `<svg onload="window.pwned = 1"></svg>`,
  `" onmouseover="window.pwned = 1" autofocus onfocus="window.pwned = 1" x="`,
  `</title></textarea></template></pre><script>window.pwned = 1</script>`,
  `<iframe srcdoc="<script>parent.pwned = 1</script>"></iframe>`,
  `<meta http-equiv="refresh" content="0;url=https://elsewhere.example/">`,
  `<base href="https://elsewhere.example/">`,
  `<style>body { display: none }</style><link rel=stylesheet href=https://elsewhere.example/x.css>`,
  `<form action=https://elsewhere.example/><input name=q></form>`,
  `\u2028\u0000\${window.pwned = 1}{{window.pwned = 1}}`,
  `\u202eright to left`,
];
const inMarkdown = [
  ...attacks,
  `[click](javascript:window.pwned=1)`,
  `[click](data:text/html,<script>window.pwned=1</script>)`,
  `[click][ref]\n\n[ref]: javascript:window.pwned=1 "t"`,
  `![a](https://elsewhere.example/pixel.png)`,
  `![a](x" onerror="window.pwned=1)`,
  `<javascript:window.pwned=1>`,
  '```<script>window.pwned=1</script>"onload="window.pwned=1\ncode\n```',
  `| a |\n|:-:|\n| <img src=x onerror=window.pwned=1> |`,
].join("\n\n");
const all = attacks.join(" ");

/** The page that sync-catalog makes of an image whose every label is an attack. */
function pageFromLabels() {
  const config: Record<string, string> = {
    title: all,
    description: inMarkdown,
    vendor: `[vendor](javascript:window.pwned=1) ${all}`,
    version: all,
    licenses: `\n\n\`\`\`\n${all}`,
    documentation: `https://docs.example/"><script>window.pwned=1</script>`,
    source: "javascript:window.pwned=1",
  };
  const labels = Object.entries(config).map(([name, text]) => [`org.opencontainers.image.${name}`, text] as const);
  const image = {
    digest: `sha256:${"a".repeat(64)}`,
    tags: ["v1.0.0", ...attacks],
    platforms: [
      { os: "linux", architecture: "amd64" },
      ...attacks.map((attack) => ({ os: attack, architecture: attack })),
    ],
    labels: { config: Object.fromEntries(labels) },
  };
  const published = { uri: "public.ecr.aws/d3m0acct/synced", images: [image], signed: [image.digest], keys: [] };
  const { logo: _, ...page } = wantedPage({
    texts: undefined,
    ruleDescription: undefined,
    published,
    present: {},
  }).page;
  return page;
}

/** What a visitor's pointer and keyboard would set off. Runs in the page. */
const touchAll = `for (const element of document.body.querySelectorAll("*")) {
  for (const type of ["mouseover", "mouseenter", "pointerover"]) element.dispatchEvent(new MouseEvent(type));
  element.focus();
}`;

describe.runIf(hasChromium())("hostile texts in Chromium", () => {
  let browser: Browser;
  let test: TestGallery;

  beforeAll(async () => {
    test = await startGallery();
    const { store, account } = test;
    await store.private.createRepository(
      newRecord("target", account.clock(), {
        ...defaultSettings,
        imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
        exclusionFilters: [{ filterType: "WILDCARD", filter: all }],
        encryption: { encryptionType: "KMS", kmsKey: all },
        tags: attacks.map((attack, index) => ({ Key: `${attack}${index}`, Value: attack })),
        lifecyclePolicyText: JSON.stringify({ rules: attacks }),
        policyText: all,
      }),
    );
    await store.public.createRepository(
      newPublicRecord("target", account.clock(), {
        tags: [],
        catalogData: {
          description: all,
          architectures: attacks,
          operatingSystems: attacks,
          aboutText: inMarkdown,
          usageText: inMarkdown,
          logo: Buffer.from("<script>window.pwned = 1</script>").toString("base64"),
        },
      }),
    );
    await store.public.createRepository(
      newPublicRecord("synced", account.clock(), { tags: [], catalogData: pageFromLabels() }),
    );
    tellAttacks();
    browser = await startChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await test?.[Symbol.asyncDispose]();
  });

  function tellAttacks(): void {
    for (const attack of attacks) {
      test.tell({
        kind: "failure",
        who: attack,
        what: attack,
        repository: attack,
        text: attack,
        facts: { error: attack, tag: attack, destination: attack, changedBy: attack },
      });
    }
  }

  /** Nothing ran, nothing was asked elsewhere, nothing of the page is gone or was added. */
  async function expectHarmless({ page, complaints, elsewhere }: WatchedPage, url: string): Promise<void> {
    await page.evaluate(touchAll);
    expect(await page.evaluate("window.pwned")).toBeUndefined();
    expect(await page.locator("script").count()).toBe(1);
    expect(
      await page.locator("iframe, object, embed, base, svg, style, main img:not(.logo), meta[http-equiv]").count(),
    ).toBe(0);
    expect(await page.locator("main form:not(.filter)").count()).toBe(0);
    expect(await handlers(page)).toEqual([]);
    expect(page.url()).toBe(url);
    expect(elsewhere).toEqual([]);
    expect(complaints).toEqual([]);
  }
  const handlers = (page: Page) =>
    page.evaluate(`[...document.querySelectorAll("*")].flatMap((element) =>
      [...element.attributes].filter(({ name, value }) => /^on|^style$/.test(name) || /^\\s*(javascript|data):/i.test(value)))
      .map(({ name }) => name)`);

  it.each([
    "/",
    "/private/target",
    "/public/target",
    "/public/target?tab=usage",
    "/public/target?tab=tags",
    "/public/synced",
    "/public/synced?tab=usage",
    "/timeline",
  ])("stay texts on %s", async (path) => {
    await using watched = await watchPage(browser, { url: test.url, path });

    await expectHarmless(watched, test.url + path);
  });

  it("are shown as they are", async () => {
    await using watched = await watchPage(browser, { url: test.url, path: "/public/target" });

    expect(await watched.page.locator(".lead").textContent()).toContain(attacks[0]);
    expect(await watched.page.locator(".prose").textContent()).toContain("[click](javascript:window.pwned=1)");
    expect(await watched.page.getByRole("list", { name: "Runs on" }).count()).toBe(0);
  });

  it("are shown as they are where they come from labels", async () => {
    await using watched = await watchPage(browser, { url: test.url, path: "/public/synced" });
    const prose = watched.page.locator(".prose");

    expect(await prose.locator("h3").count()).toBe(1);
    expect(await prose.textContent()).toContain(`${attacks[0]} ${attacks[1]}`);
    expect(await prose.textContent()).toContain("[click](javascript:window.pwned=1)");
    expect(await watched.page.getByRole("list", { name: "Runs on" }).textContent()).toBe("Linuxx86-64");
  });

  it("stay texts when they come in live, through the filter and the address", async () => {
    const query = new URLSearchParams({ repository: `"><script>window.pwned = 1</script>`, kind: attacks[0] ?? "" });
    await using watched = await watchPage(browser, { url: test.url, path: `/timeline?${query}` });
    const { page } = watched;
    expect(await page.getByLabel("Repository").inputValue()).toBe(`"><script>window.pwned = 1</script>`);
    await page.getByLabel("Repository").fill("");
    await page.getByRole("status").getByText("Live").waitFor();
    const before = await page.locator(".entry").count();

    tellAttacks();

    await page
      .locator(".entry")
      .nth(before + attacks.length - 1)
      .waitFor();
    expect(await page.locator(".entry").first().locator(".text").textContent()).toContain("right to left");
    expect(await page.locator(".entry a[href]").count()).toBe(0);
    await expectHarmless(watched, `${test.url}/timeline?repository=&kind=all`);
  });

  it("could not even run if one got through: the page's policy stops it", async () => {
    await using watched = await watchPage(browser, { url: test.url });
    const { page, complaints } = watched;

    const inserted = page.evaluate(
      `document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.pwned = 1'>")`,
    );
    await expect(inserted).rejects.toThrow("TrustedHTML");
    await page.evaluate(
      `document.body.appendChild(document.createElement("img")).setAttribute("src", "https://elsewhere.example/x.png")`,
    );
    await page.evaluate(`document.body.setAttribute("style", "display: none")`);

    expect(await page.evaluate("getComputedStyle(document.body).display")).toBe("block");
    expect(complaints.join("\n")).toMatch(/elsewhere\.example.*violates.*img-src 'self'/s);
    expect(await page.evaluate("window.pwned")).toBeUndefined();
  });
});
