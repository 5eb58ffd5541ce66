import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newRecord as newPublicRecord } from "../../../../local/ecr-public/settings.ts";
import { createGallery } from "../../../../local/gallery/gallery.ts";
import { picture } from "../../../gallery/picture.ts";
import { startGallery, type TestGallery } from "../../../gallery/start-gallery.ts";

const browser = { accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };

describe("the gallery", () => {
  let test: TestGallery;

  beforeAll(async () => {
    test = await startGallery();
    const catalogData = { logo: picture(60, [0, 0, 0]).toString("base64") };
    const record = newPublicRecord("web", new Date(), { tags: [], catalogData });
    await test.store.public.createRepository(record);
    test.tell({ kind: "call", who: "x", what: "first", repository: "team-a/web", facts: { imageTag: "v1" } });
    test.tell({ kind: "event", who: "aws.ecr", what: "second" });
  });

  afterAll(() => test[Symbol.asyncDispose]());

  const get = (path: string, init: RequestInit = {}) => fetch(test.url + path, init);

  it.each(["/", "/timeline", "/public/web", "/nothing", "/assets/gallery.css", "/timeline/stream"])(
    "allows on %s nothing inline, nothing from elsewhere, no frame and no guess at the type",
    async (path) => {
      const response = await get(path, { headers: browser });
      await response.body?.cancel();

      expect(response.headers.get("content-security-policy")).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
          "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
      );
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    },
  );

  it("gives the timeline as JSON to programs, and only what came after an entry when asked", async () => {
    const all = await get("/timeline");
    const later = await get("/timeline?after=1");
    const nonsense = await get("/timeline?after=nonsense");

    expect(all.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(all.headers.get("vary")).toBe("accept");
    expect(await all.text()).toBe(JSON.stringify(test.timeline.after(0)));
    expect(await later.json()).toMatchObject([{ sequence: 2, kind: "event", what: "second" }]);
    expect(await nonsense.json()).toHaveLength(2);
  });

  it("gives the timeline as a page to a browser", async () => {
    const response = await get("/timeline", { headers: browser });

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("vary")).toBe("accept");
    expect(await response.text()).toContain("<h1>Timeline</h1>");
  });

  it.each(["/", "/timeline", "/public/web", "/nothing", "/assets/timeline.js"])(
    "answers HEAD of %s as GET, without a body",
    async (path) => {
      const [whole, head] = [await get(path), await get(path, { method: "HEAD" })];
      await whole.body?.cancel();

      expect(head.status).toBe(whole.status);
      expect(head.headers.get("content-length")).toBe(whole.headers.get("content-length"));
      expect(Number(head.headers.get("content-length"))).toBeGreaterThan(100);
      expect(await head.text()).toBe("");
    },
  );

  it.each(["POST", "PUT", "DELETE", "OPTIONS"])("leaves %s to the API", async (method) => {
    expect((await get("/", { method })).status).toBe(501);
  });

  it("leaves signed requests to the API", async () => {
    const authorization = "AWS4-HMAC-SHA256 Credential=x";

    expect((await get("/", { headers: { authorization } })).status).toBe(501);
    expect((await get("/", { headers: { "x-amz-target": "a.b" } })).status).toBe(501);
    expect((await get("/?X-Amz-Algorithm=x&X-Amz-Signature=x")).status).toBe(501);
  });

  it.each([
    "/nothing",
    "/private/",
    "/private/%zz",
    "/public",
    "/assets/",
    "/assets/..%2fgallery.ts",
    "/logo/web/x.png",
    "//",
    "/%00",
  ])("answers %s with a page that says that nothing is there", async (path) => {
    const response = await get(path);

    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await response.text()).toContain("<h1>Nothing is here</h1>");
  });

  it("shows a hostile address as text", async () => {
    const page = await (await get("/private/%3Cscript%3Ealert(1)%3C%2Fscript%3E")).text();

    expect(page).toContain("<code>&lt;script&gt;alert(1)&lt;/script&gt;</code>");
    expect(page).not.toContain("<script>");
  });

  it("says which repository there is not, and leads to what the timeline tells of it", async () => {
    const response = await get("/private/scratch/try");
    const page = await response.text();

    expect(response.status).toBe(404);
    expect(page).toContain("The private registry has no repository named <code>scratch/try</code>.");
    expect(page).toContain('href="/timeline?repository=scratch%2Ftry"');
  });

  it("serves style sheet, script and icon, once for a browser that has them", async () => {
    for (const [name, type] of [
      ["gallery.css", "text/css; charset=utf-8"],
      ["timeline.js", "text/javascript; charset=utf-8"],
      ["icon.svg", "image/svg+xml"],
    ]) {
      const first = await get(`/assets/${name}`);
      const etag = first.headers.get("etag") ?? "";
      const again = await get(`/assets/${name}`, { headers: { "if-none-match": etag } });

      expect([first.status, first.headers.get("content-type")]).toEqual([200, type]);
      expect([again.status, await again.text()]).toEqual([304, ""]);
    }
  });

  it("serves the logo of a published repository at the address that its page uses", async () => {
    const page = await (await get("/public/web")).text();
    const source = /<img class="logo" src="([^"]+)"/.exec(page)?.[1] ?? "";

    const response = await get(source);

    expect(source).toMatch(/^\/logo\/web\/[0-9a-f]{32}\.png$/);
    expect(response.headers.get("content-type")).toBe("image/png");
    expect(Buffer.from(await response.arrayBuffer())).toEqual(picture(60, [0, 0, 0]));
  });

  it("loads nothing from elsewhere and has nothing inline, on any page", async () => {
    for (const path of ["/", "/timeline", "/public/web", "/public/web?tab=tags", "/nothing"]) {
      const page = await (await get(path, { headers: browser })).text();
      const sources = [...page.matchAll(/<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"]*)"/g)].map(
        ([, source]) => source,
      );

      expect(sources.length).toBeGreaterThan(2);
      expect(sources.filter((source) => !/^\/[^/]/.test(source ?? ""))).toEqual([]);
      expect(page).not.toMatch(/ style=| on\w+=|<style|<script(?![^>]* src=)/);
    }
  });

  it("answers a defect of its own with a page that says so, and tells it", async () => {
    const wrong = new Error("broken on purpose");
    const defects: unknown[] = [];
    const store = new Proxy(test.store, {
      get: () => {
        throw wrong;
      },
    });
    const gallery = createGallery({
      account: { ...test.account, store },
      timeline: test.timeline,
      onDefect: (error) => void defects.push(error),
    });
    const { createServer } = await import("node:http");
    const server = createServer((request, response) => void gallery.handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };

    const response = await fetch(`http://127.0.0.1:${port}/`);

    expect(response.status).toBe(500);
    expect(await response.text()).toContain("<h1>This page is broken</h1>");
    expect(defects).toEqual([wrong]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it("does not start without its assets", () => {
    const { account, timeline } = test;

    expect(() => createGallery({ account, timeline, assets: "/nowhere" })).toThrow("ENOENT");
  });
});
