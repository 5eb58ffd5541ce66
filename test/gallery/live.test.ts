import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { hasChromium, startChromium } from "./browser.ts";
import { startGallery, type TestGallery } from "./start-gallery.ts";
import { watchPage } from "./watched-page.ts";

const entry = (what: string, repository = "team-a/web") =>
  ({ kind: "event", who: "aws.ecr", what, repository }) as const;

describe.runIf(hasChromium())("the timeline in Chromium", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await startChromium();
  });

  afterAll(() => browser?.close());

  async function open(test: TestGallery, path = "/timeline") {
    const watched = await watchPage(browser, { url: test.url, path });
    await status(watched.page, "Live");
    // Gone with the page, so it tells a reload.
    await watched.page.evaluate("window.stillHere = true");
    return watched;
  }
  const status = (page: Page, words: string) => page.getByRole("status").getByText(words).waitFor();
  const whats = (page: Page) => page.locator(".entry .what").allTextContents();
  const shown = (page: Page, expected: string[]) =>
    vi.waitFor(async () => expect(await whats(page)).toEqual(expected), { timeout: 10_000 });
  const stillHere = (page: Page) => page.evaluate("window.stillHere");

  it("puts new entries on top, as the server writes them, without reload", async () => {
    await using test = await startGallery();
    const refusal = {
      kind: "call",
      who: "arn:aws:iam::123456789012:user/bob",
      what: "ecr:PutImage",
      repository: "team-a/web",
      text: "no",
      facts: { error: "AccessDenied" },
    } as const;
    test.tell(refusal);
    await using watched = await open(test);
    const { page } = watched;

    test.tell(refusal);
    test.tell({ kind: "decision", who: "mirror-image", what: "image-mirrored" });

    await shown(page, ["image-mirrored", "ecr:PutImage", "ecr:PutImage"]);
    const rows = await page.evaluate(`[...document.querySelectorAll(".entry")].map((row) => row.outerHTML)`);
    const [, live, first] = rows as string[];
    expect(live).toBe(first);
    expect(live).toContain('<a class="repository" href="/private/team-a/web">team-a/web</a>');
    expect(await page.locator(".entry").first().locator(".repository").getAttribute("href")).toBeNull();
    expect(await stillHere(page)).toBe(true);
    expect(watched.complaints).toEqual([]);
  });

  it("is live on the start page too, without routine, and says that the rest of it may be old", async () => {
    await using test = await startGallery();
    await using watched = await open(test, "/");
    const stale = watched.page.getByText("Something has happened since this page was made");
    expect(await watched.page.getByText("Nothing yet.").isVisible()).toBe(true);
    expect(await stale.isVisible()).toBe(false);

    test.tell({ kind: "decision", who: "create-repository", what: "repository-conforms" });
    test.tell({ kind: "decision", who: "create-repository", what: "repository-refused" });

    await shown(watched.page, ["repository-refused"]);
    expect(await watched.page.getByText("Nothing yet.").isVisible()).toBe(false);
    expect(await stale.isVisible()).toBe(true);
  });

  it("filters by repository and kind without reload, what is there and what comes", async () => {
    await using test = await startGallery();
    test.tell(entry("a1"));
    test.tell(entry("b1", "team-b/x"));
    test.tell({ ...entry("a2"), kind: "decision" });
    await using watched = await open(test);
    const { page } = watched;

    await page.getByLabel("Repository").fill("team-a");
    await shown(page, ["a2", "a1"]);
    await page.getByLabel("Show").selectOption("Decisions");
    await shown(page, ["a2"]);
    test.tell({ ...entry("b2", "team-b/x"), kind: "decision" });
    test.tell(entry("a3"));
    test.tell({ ...entry("a4"), kind: "decision" });
    await shown(page, ["a4", "a2"]);
    expect(page.url()).toBe(`${test.url}/timeline?repository=team-a&kind=decision`);
    await page.getByLabel("Repository").fill("");
    await shown(page, ["a4", "b2", "a2"]);

    expect(await stillHere(page)).toBe(true);
    expect(watched.complaints).toEqual([]);
  });

  it("keeps at most 300 rows", async () => {
    await using test = await startGallery();
    for (let number = 1; number <= 350; number++) test.tell(entry(`n${number}`));
    await using watched = await open(test);
    expect(await watched.page.locator(".entry").count()).toBe(300);

    for (let number = 351; number <= 400; number++) test.tell(entry(`n${number}`));
    await watched.page.getByText("n400", { exact: true }).waitFor();
    const rows = await whats(watched.page);

    expect([rows.length, rows[0], rows.at(-1)]).toEqual([300, "n400", "n101"]);
  });

  it("stands still when paused, and then shows what it missed", async () => {
    await using test = await startGallery();
    test.tell(entry("n1"));
    await using watched = await open(test);
    const { page } = watched;

    await page.getByRole("button", { name: "Pause" }).click();
    await status(page, "Paused");
    test.tell(entry("n2"));
    test.tell(entry("n3"));
    expect(await whats(page)).toEqual(["n1"]);
    await page.getByRole("button", { name: "Go on" }).click();

    await status(page, "Live");
    await shown(page, ["n3", "n2", "n1"]);
  });

  it("comes back by itself after a broken connection, and shows each entry once", async () => {
    await using test = await startGallery();
    test.tell(entry("n1"));
    await using watched = await open(test);
    const { page } = watched;
    test.tell(entry("n2"));
    await shown(page, ["n2", "n1"]);

    test.gallery.close();
    await status(page, "The account does not answer; trying again");
    test.tell(entry("n3"));

    await status(page, "Live");
    await shown(page, ["n3", "n2", "n1"]);
  });
});
