import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newRecord as newPublicRecord } from "../../local/ecr-public/settings.ts";
import { hasChromium, startChromium } from "./browser.ts";
import { fillAccount } from "./example-account.ts";
import { startGallery, type TestGallery } from "./start-gallery.ts";
import { syncedPage } from "./synced-page.ts";
import { watchPage } from "./watched-page.ts";

const paths = [
  "/",
  "/private/team-a/web",
  "/private/team-b/batch/nightly-export-of-everything",
  "/public/team-a-web",
  "/public/team-a-web?tab=usage",
  "/public/team-a-web?tab=tags",
  "/public/team-a-api",
  "/public/synced",
  "/public/synced?tab=usage",
  "/timeline",
];

/** Texts that stand out too little from their ground: below 4.5 to 1 (WCAG 2.2, 1.4.3). Runs in the page. */
const faintTexts = `(() => {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.body.querySelectorAll("*")) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "");
    if (!hasText || !element.checkVisibility()) continue;
    const [a, b] = [luminance(parse(getComputedStyle(element).color)), luminance(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.push(element.className + ": " + element.textContent.slice(0, 30) + " " + ratio.toFixed(2));
  }
  return faint;
})()`;

/** Elements that reach beyond the right edge, apart from what scrolls within itself. Runs in the page. */
const tooWide = `(() => {
  const scrolls = (element) => element.closest("pre, .prose table") !== null;
  const wide = [...document.body.querySelectorAll("*")].filter((element) =>
    !scrolls(element) && element.getBoundingClientRect().right > document.documentElement.clientWidth + 1);
  const page = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  return [...wide.map((element) => element.tagName + "." + element.className), ...(page > 0 ? ["page: " + page] : [])];
})()`;

describe.runIf(hasChromium())("a page in Chromium", () => {
  let browser: Browser;
  let test: TestGallery;

  beforeAll(async () => {
    test = await startGallery();
    await fillAccount(test);
    const { logo: _, ...catalogData } = syncedPage();
    await test.store.public.createRepository(
      newPublicRecord("synced", test.account.clock(), { tags: [], catalogData }),
    );
    browser = await startChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await test?.[Symbol.asyncDispose]();
  });

  it.each([
    ["a small phone", { width: 320, height: 700 }],
    ["a phone", { width: 390, height: 844 }],
    ["a wide screen", { width: 1280, height: 900 }],
  ])("needs no scrolling to the side on %s, and complains of nothing", async (_, viewport) => {
    await using watched = await watchPage(browser, { url: test.url, viewport });
    const { page, complaints, elsewhere } = watched;
    const wide: Record<string, unknown> = {};

    for (const path of paths) {
      await page.goto(test.url + path);
      wide[path] = await page.evaluate(tooWide);
    }

    expect(wide).toEqual(Object.fromEntries(paths.map((path) => [path, []])));
    expect({ complaints, elsewhere }).toEqual({ complaints: [], elsewhere: [] });
  });

  it.each([
    ["light", "rgb(247, 247, 245)"],
    ["dark", "rgb(20, 24, 23)"],
  ] as const)("can be read in %s colours", async (colorScheme, ground) => {
    await using watched = await watchPage(browser, { url: test.url, colorScheme });
    const { page } = watched;
    const faint: Record<string, unknown> = {};

    for (const path of paths) {
      await page.goto(test.url + path);
      faint[path] = await page.evaluate(faintTexts);
    }

    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe(ground);
    expect(faint).toEqual(Object.fromEntries(paths.map((path) => [path, []])));
  });

  it("shows the logo as a picture", async () => {
    await using watched = await watchPage(browser, { url: test.url, path: "/public/team-a-web" });

    expect(await watched.page.evaluate(`document.querySelector("img.logo").naturalWidth`)).toBe(240);
  });

  it("has one main heading, a title and names for its parts", async () => {
    await using watched = await watchPage(browser, { url: test.url });
    const { page } = watched;
    for (const path of paths) {
      await page.goto(test.url + path);

      expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
      expect(await page.title()).toMatch(/^.+ · ecr-autopilot$/);
      expect(await page.getByRole("main").count()).toBe(1);
      expect(await page.getByRole("navigation", { name: "Pages" }).getByRole("link").count()).toBe(3);
    }
  });

  it("goes by keyboard: past the head, through the tabs, with a visible focus", async () => {
    await using watched = await watchPage(browser, { url: test.url, path: "/public/team-a-web" });
    const { page } = watched;
    const focused = () => page.evaluate("document.activeElement.textContent.trim()");

    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Usage");
    expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
    await page.keyboard.press("Enter");

    await page.getByRole("heading", { name: "Run it" }).waitFor();
    expect(await page.locator('.tabs [aria-current="page"]').textContent()).toBe("Usage");
  });

  it("leads from the start page to a repository, and from there to its timeline", async () => {
    await using watched = await watchPage(browser, { url: test.url });
    const { page } = watched;

    await page.getByRole("article").getByRole("link", { name: "team-a/web", exact: true }).click();
    await page.getByRole("link", { name: "its timeline" }).click();

    await page.getByRole("heading", { level: 1, name: "Timeline" }).waitFor();
    expect(await page.getByLabel("Repository").inputValue()).toBe("team-a/web");
    expect(await page.locator(".entry .repository").allTextContents()).not.toContain("team-a/api");
    expect(await page.locator(".entry").count()).toBe(10);
  });

  it("works without scripts: the form loads the filtered timeline", async () => {
    await using watched = await watchPage(browser, { url: test.url, path: "/timeline", javaScriptEnabled: false });
    const { page } = watched;

    await page.getByLabel("Show").selectOption("Refusals, findings, failures");
    await page.getByRole("button", { name: "Filter" }).click();

    await page.waitForURL("**/timeline?repository=&kind=trouble");
    expect(await page.locator(".entry .label").allTextContents()).toEqual(["failed", "finding", "refused", "refused"]);
    expect(await page.getByRole("button", { name: "Pause" }).count()).toBe(0);
  });
});
