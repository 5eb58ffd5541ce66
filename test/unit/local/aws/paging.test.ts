import { describe, expect, it } from "vitest";
import { page } from "../../../../local/aws/paging.ts";

const names = ["a", "b", "c", "d", "e"];
const read = ({ after, limit }: { after?: string; limit: number }) =>
  names.filter((name) => after === undefined || name > after).slice(0, limit);

function get(nextToken?: string, maxResults?: number, list = "names") {
  return page({ list, nextToken, maxResults }, read, (name) => name);
}

describe("paging", () => {
  it("gives pages that follow one another and ends without a token", () => {
    const first = get(undefined, 2);
    const second = get(first.nextToken, 2);
    const last = get(second.nextToken, 2);

    expect([first.items, second.items, last.items]).toEqual([["a", "b"], ["c", "d"], ["e"]]);
    expect(last).toEqual({ items: ["e"] });
  });

  it("gives no token when the page ends with the list", () => {
    expect(get(undefined, 5)).toEqual({ items: names });
    expect(get()).toEqual({ items: names });
  });

  it("lets the page size change on the way", () => {
    expect(get(get(undefined, 1).nextToken, 100).items).toEqual(["b", "c", "d", "e"]);
  });

  it.each([
    ["an invented token", "b"],
    ["a token that was changed", Buffer.from(JSON.stringify(["c", "x"])).toString("base64url")],
    ["an empty token", ""],
    ["another list's token", get(undefined, 1, "others").nextToken],
  ])("refuses %s", (_, token) => {
    expect(() => get(token)).toThrow(
      "Invalid parameter at 'nextToken' failed to satisfy constraint: 'must be a token returned by a previous call of the same list'",
    );
  });
});
