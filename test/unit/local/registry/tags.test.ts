import { describe, expect, it } from "vitest";
import { imageOf } from "../ecr/image-content.ts";
import { alias, newRepository, pushImage, putManifest, refusal, startRegistry } from "./start-registry.ts";

const image = imageOf(["layer"]);

async function withTags(tags: readonly string[]) {
  const hosts = await startRegistry();
  await hosts.store.private.createRepository(newRepository("web"));
  await hosts.store.public.createRepository(newRepository("web"));
  for (const [side, name] of [
    ["private", "web"],
    ["public", `${alias}/web`],
  ] as const) {
    await pushImage(hosts, side, name, image, image.digest);
    for (const tag of tags) await putManifest(hosts, side, name, image, tag);
  }
  return hosts;
}

/** Tags and Link of one page. */
async function page(response: Response) {
  const { tags } = (await response.json()) as { tags: string[] };
  return { tags, link: response.headers.get("link") };
}

describe.each([
  ["private", "web", "text/plain; charset=utf-8"],
  ["public", `${alias}/web`, "application/json; charset=utf-8"],
] as const)("tags at the %s host", (side, name, contentType) => {
  it("are listed by name", async () => {
    const { call } = await withTags(["b", "a", "C"]);

    const response = await call(side, "GET", `/v2/${name}/tags/list`);

    expect(response.headers.get("content-type")).toBe(contentType);
    expect(await response.json()).toEqual({ name, tags: ["C", "a", "b"] });
    expect(response.headers.get("link")).toBeNull();
  });

  it("come in pages that lead to the next by Link, to the end", async () => {
    const { call } = await withTags(["a", "b", "c", "d"]);

    const first = await page(await call(side, "GET", `/v2/${name}/tags/list?n=2`));
    const second = await page(await call(side, "GET", first.link?.slice(1).split(">")[0] ?? ""));

    expect(first).toEqual({ tags: ["a", "b"], link: `</v2/${name}/tags/list?n=2&last=b>; rel="next"` });
    expect(second).toEqual({ tags: ["c", "d"], link: null });
  });

  it.each([
    ["n=0", []],
    ["last=b", ["c"]],
    ["n=1&last=bb", ["c"]],
    ["n=1&last=c", []],
    ["n=1000", ["a", "b", "c"]],
  ])("answer ?%s", async (query, tags) => {
    const { call } = await withTags(["a", "b", "c"]);

    expect((await page(await call(side, "GET", `/v2/${name}/tags/list?${query}`))).tags).toEqual(tags);
  });

  it.each(["n=1001", "n=-1", "n=x", "n=1.5", "n="])("refuse ?%s", async (query) => {
    const { call } = await withTags([]);

    expect(await refusal(await call(side, "GET", `/v2/${name}/tags/list?${query}`))).toEqual({
      status: 400,
      code: "PAGINATION_NUMBER_INVALID",
      message:
        "Invalid parameter at 'maxResults' failed to satisfy constraint: 'Member must be a number from 0 to 1000'",
    });
  });

  it("are not found where there is no repository", async () => {
    const { call } = await withTags([]);

    expect(await refusal(await call(side, "GET", `/v2/${name}-x/tags/list`))).toMatchObject({
      status: 404,
      code: "NAME_UNKNOWN",
    });
  });
});
