import { describe, expect, it } from "vitest";
import { repositoryAddress, webAddress } from "#shared/catalog/web-address.ts";

describe("an address", () => {
  it.each([
    ["https://example.com/docs?a=1#b", "https://example.com/docs?a=1#b"],
    ["HTTP://EXAMPLE.com", "http://example.com/"],
    ["https://example.com/a b<c>\"d'`", "https://example.com/a%20b%3Cc%3E%22d'%60"],
  ])("%j is %j", (text, url) => {
    expect(webAddress(text)).toEqual({ url, broken: [] });
  });

  it.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "mailto:a@example.com",
    "//example.com",
    "docs/x.md",
    "",
    "https://",
  ])("%j is none", (text) => {
    expect(webAddress(text)).toEqual({ url: undefined, broken: ["address"] });
  });

  it("loses its user and password", () => {
    const address = webAddress("https://robot:secret@example.com/docs");

    expect(address).toEqual({ url: "https://example.com/docs", broken: ["credentials"] });
  });

  it("may have 2,048 characters", () => {
    const longest = `https://example.com/${"a".repeat(2_028)}`;

    expect(webAddress(longest).url).toBe(longest);
    expect(webAddress(`${longest}a`).url).toBeUndefined();
  });
});

describe("a source", () => {
  it.each([
    "https://github.com/example/api",
    "https://github.com/example/api/",
    "https://github.com/example/api.git",
    "https://github.com/example/api.git#main:src",
    "https://github.com/example/api.git?ref=v1",
    "git+https://github.com/example/api.git",
    "git+ssh://git@github.com/example/api.git",
    "ssh://git@github.com:22/example/api.git",
    "git://github.com/example/api.git",
    "git@github.com:example/api.git",
    "git@github.com:/example/api.git",
  ])("given as %j is where people find it", (text) => {
    expect(repositoryAddress(text)).toEqual({ url: "https://github.com/example/api", broken: [] });
  });

  it("keeps the port of a web address, and a path that goes on", () => {
    const text = "http://git.example.com:8080/group/sub/api/tree/main";

    expect(repositoryAddress(text)).toEqual({ url: text, broken: [] });
  });

  it.each(["javascript:alert(1)", "git+javascript:alert(1)", "file:///etc/passwd", "git@", "example/api", "a b@c:d"])(
    "%j is none",
    (text) => {
      expect(repositoryAddress(text)).toEqual({ url: undefined, broken: ["address"] });
    },
  );

  it("loses its user and password", () => {
    const address = repositoryAddress("git+https://robot:secret@example.com/x.git");

    expect(address).toEqual({ url: "https://example.com/x", broken: ["credentials"] });
  });
});
