import type { Browser, BrowserContextOptions, Page } from "playwright-core";

export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  /** Requests to another host than `url`, whatever became of them. */
  readonly elsewhere: string[];
  /** Errors and warnings on the console (those of the content security policy too), uncaught errors, dialogs. */
  readonly complaints: string[];
}

/** A page in a context of its own, at the address, loaded; what must not happen in it is written down. */
export async function watchPage(
  browser: Browser,
  { url, path = "/", ...options }: BrowserContextOptions & { url: string; path?: string },
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const elsewhere: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(`${url}/`)) elsewhere.push(request.url());
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => void complaints.push(String(error)));
  page.on("dialog", async (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  await page.goto(url + path, { waitUntil: "load" });
  return { page, elsewhere, complaints, [Symbol.asyncDispose]: () => context.close() };
}
