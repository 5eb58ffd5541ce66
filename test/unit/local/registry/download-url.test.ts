import { describe, expect, it } from "vitest";
import { createDownloadUrls } from "../../../../local/registry/download-url.ts";

const digest = `sha256:${"ab".repeat(32)}`;
const start = Date.parse("2026-03-01T10:00:00Z");

function prepare(secret = "one account's") {
  const time = { now: new Date(start) };
  return { time, urls: createDownloadUrls({ secret, clock: () => time.now }) };
}

describe("download addresses", () => {
  it("are a path with the blob, an end and a signature", () => {
    const { urls } = prepare();
    const url = urls.sign("private", "team/api", digest);
    expect(url).toMatch(
      new RegExp(`^/local-blobs/team/api/${digest}\\?expires=${start / 1000 + 3600}&signature=[0-9a-f]{64}$`),
    );
  });

  it.each(["private", "public"] as const)("tell the blob of the %s registry that they were made for", (side) => {
    const { urls } = prepare();
    const url = urls.sign(side, "team/api", digest);
    expect(urls.verify(url)).toEqual({ side, repository: "team/api", digest });
    expect(urls.verify(`http://127.0.0.1:5000${url}`)).toEqual({ side, repository: "team/api", digest });
  });

  it("are over after an hour", () => {
    const { time, urls } = prepare();
    const url = urls.sign("private", "team/api", digest);
    time.now = new Date(start + 3599_000);
    expect(urls.verify(url)).toBeDefined();
    time.now = new Date(start + 3600_000);
    expect(urls.verify(url)).toBeUndefined();
  });

  it("are refused when repository, digest, end or signature were changed", () => {
    const { urls } = prepare();
    const url = urls.sign("private", "team/api", digest);
    const changed = [
      url.replace("team/api", "team/other"),
      url.replace("ab", "cd"),
      url.replace(/expires=\d+/, "expires=9999999999"),
      url.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
      url.replace(/signature=.*/, "signature="),
      url.replace("/local-blobs/", "/other/"),
      "/local-blobs/",
      "http://[",
    ];
    expect(changed.map((each) => urls.verify(each))).toEqual(changed.map(() => undefined));
  });

  it("of another account are refused", () => {
    const { urls } = prepare();
    const other = prepare("another account's").urls;
    expect(other.verify(urls.sign("private", "team/api", digest))).toBeUndefined();
  });
});
