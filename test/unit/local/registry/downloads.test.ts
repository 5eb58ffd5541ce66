import { describe, expect, it } from "vitest";
import { newRepository, pushBlob, refusal, startRegistry } from "./start-registry.ts";

const text = "0123456789";

async function withAddress() {
  const hosts = await startRegistry();
  await hosts.store.private.createRepository(newRepository("web"));
  const digest = await pushBlob(hosts, "private", "web", Buffer.from(text));
  const url = `${hosts.urls.private}${hosts.account.downloadUrls.sign("private", "web", digest)}`;
  return { ...hosts, digest, url };
}

describe("a signed address", () => {
  it("gives the whole blob, and its size by HEAD", async () => {
    const { url } = await withAddress();

    const [whole, head] = [await fetch(url), await fetch(url, { method: "HEAD" })];

    expect([whole.status, await whole.text()]).toEqual([200, text]);
    expect(whole.headers.get("accept-ranges")).toBe("bytes");
    expect([head.status, head.headers.get("content-length")]).toEqual([200, "10"]);
  });

  it.each([
    ["bytes=0-0", 206, "0", "bytes 0-0/10"],
    ["bytes=3-5", 206, "345", "bytes 3-5/10"],
    ["bytes=8-", 206, "89", "bytes 8-9/10"],
    ["bytes=8-99", 206, "89", "bytes 8-9/10"],
    ["bytes=-3", 206, "789", "bytes 7-9/10"],
    ["bytes=-99", 206, text, "bytes 0-9/10"],
    ["bytes=10-", 416, "", "bytes */10"],
    ["bytes=-0", 416, "", "bytes */10"],
    ["bytes=5-3", 200, text, null],
    ["bytes=0-1,3-4", 200, text, null],
    ["lines=0-1", 200, text, null],
  ])("answers Range '%s' with %i", async (range, status, body, contentRange) => {
    const { url } = await withAddress();

    const response = await fetch(url, { headers: { range } });

    expect([response.status, await response.text(), response.headers.get("content-range")]).toEqual([
      status,
      body,
      contentRange,
    ]);
  });

  it("gives a blob of no bytes", async () => {
    const hosts = await withAddress();
    const digest = await pushBlob(hosts, "private", "web", Buffer.alloc(0));

    const response = await fetch(`${hosts.urls.private}${hosts.account.downloadUrls.sign("private", "web", digest)}`);

    expect([response.status, await response.text()]).toEqual([200, ""]);
  });

  it("is worth nothing changed, late, at the other host or once the blob is gone", async () => {
    const { url, urls, digest, store, pass } = await withAddress();
    const denied = { status: 403, code: "DENIED" };

    expect(await refusal(await fetch(url.replace("/web/", "/other/")))).toMatchObject(denied);
    expect(await refusal(await fetch(url.replace(urls.private, urls.public)))).toMatchObject(denied);
    expect(await refusal(await fetch(url, { method: "DELETE" }))).toMatchObject({ status: 405 });
    await store.private.deleteBlob("web", digest);
    expect(await refusal(await fetch(url))).toMatchObject({ status: 404, code: "BLOB_UNKNOWN" });
    await store.private.deleteRepository("web", { force: true });
    expect(await refusal(await fetch(url))).toMatchObject({ status: 404, code: "BLOB_UNKNOWN" });
    pass(3600 * 1000);
    expect(await refusal(await fetch(url))).toMatchObject(denied);
  });
});
