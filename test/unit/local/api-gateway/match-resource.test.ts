import { describe, expect, it } from "vitest";
import { matchResource } from "../../../../local/api-gateway/match-resource.ts";

const resources = ["/", "/a", "/a/{id}", "/a/b", "/a/{id}/c", "/a/{rest+}", "/{proxy+}"].map((path) => ({
  id: path,
  path,
  methods: {},
}));

describe("the resource for a path", () => {
  it.each([
    ["/", "/", {}],
    ["", "/", {}],
    ["/a", "/a", {}],
    ["/a/", "/a", {}],
    ["/a/b", "/a/b", {}],
    ["/a/x", "/a/{id}", { id: "x" }],
    ["/a/x/c", "/a/{id}/c", { id: "x" }],
    ["/a/b/c", "/a/{id}/c", { id: "b" }],
    ["/a/b/d", "/a/{rest+}", { rest: "b/d" }],
    ["/x/y%2Fz/", "/{proxy+}", { proxy: "x/y%2Fz" }],
    ["/a//c", "/a/{rest+}", undefined],
  ])("%s is %s", (path, resource, parameters) => {
    const match = matchResource(resources, path);

    // A segment of nothing is none.
    expect(match?.resource.path).toBe(parameters === undefined ? "/{proxy+}" : resource);
    if (parameters !== undefined) expect(match?.pathParameters).toEqual(parameters);
  });

  it("is none where no pattern fits", () => {
    expect(matchResource(resources.slice(0, 4), "/a/b/c/d")).toBeUndefined();
  });
});
