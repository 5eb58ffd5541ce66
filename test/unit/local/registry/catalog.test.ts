import { describe, expect, it } from "vitest";
import { newRepository, refusal, startRegistry } from "./start-registry.ts";

describe("the catalog", () => {
  it("lists the private repositories in pages", async () => {
    const { call, store } = await startRegistry();
    for (const name of ["b", "a/b", "c"]) await store.private.createRepository(newRepository(name));

    const first = await call("private", "GET", "/v2/_catalog?n=2");
    const second = await call("private", "GET", "/v2/_catalog?n=2&last=b");

    expect(first.headers.get("link")).toBe('</v2/_catalog?n=2&last=b>; rel="next"');
    expect(await first.json()).toEqual({ repositories: ["a/b", "b"] });
    expect([second.headers.get("link"), await second.json()]).toEqual([null, { repositories: ["c"] }]);
  });

  it("is not there at the public host, nor is any other path", async () => {
    const { call } = await startRegistry();

    for (const [side, path] of [
      ["public", "/v2/_catalog"],
      ["private", "/v2/web"],
      ["private", "/v1/x"],
      ["private", "/v2/%zz/tags/list"],
    ] as const) {
      const response = await call(side, "GET", path);
      expect([response.status, await response.text()]).toEqual([404, "404 page not found\n"]);
    }
  });

  it("has no other methods, nor have the other paths", async () => {
    const { call } = await startRegistry();

    const refused = await refusal(await call("private", "PATCH", "/v2/web/manifests/v1"));

    expect(refused).toEqual({ status: 405, code: "UNSUPPORTED", message: "The operation is unsupported." });
  });
});
