import { describe, expect, it } from "vitest";
import { checkTags, mergeTags, tagConditions } from "../../../../local/ecr/tags.ts";

const tag = (Key: string, Value = "x") => ({ Key, Value });
const many = (count: number) => Array.from({ length: count }, (_, index) => tag(`key-${index}`));

describe("resource tags", () => {
  it("are put over the present ones, in the order of their keys", () => {
    expect(mergeTags([tag("b", "1"), tag("c", "1")], [tag("c", "2"), tag("a", "2")])).toEqual([
      tag("a", "2"),
      tag("b", "1"),
      tag("c", "2"),
    ]);
  });

  it.each([
    ["an empty key", [tag("")], "Tag parameters are invalid"],
    ["a long key", [tag("k".repeat(129))], "Tag parameters are invalid: a tag key has at most 128 characters"],
    [
      "a long value",
      [tag("k", "v".repeat(257))],
      "Tag parameters are invalid: the value of tag 'k' has more than 256 characters",
    ],
    ["a reserved key", [tag("AWS:x")], "Tag parameters are invalid: the prefix 'aws:' of 'AWS:x' is reserved"],
    ["a key given twice", [tag("k"), tag("k")], "Tag parameters are invalid: the key 'k' is given twice"],
  ])("are refused for %s", (_, tags, message) => {
    expect(() => checkTags(tags)).toThrow(expect.objectContaining({ code: "InvalidTagParameterException", message }));
  });

  it("number fifty at most, the present ones counted", () => {
    expect(checkTags(many(50))).toHaveLength(50);
    expect(mergeTags(many(50), [tag("key-1", "new")])).toHaveLength(50);
    expect(() => mergeTags(many(50), [tag("another")])).toThrow(
      expect.objectContaining({
        code: "TooManyTagsException",
        message: "A repository can have at most 50 tags; this would make 51",
      }),
    );
  });

  it("bring condition keys", () => {
    expect(tagConditions([tag("a", "1"), tag("b", "2")])).toEqual({
      "aws:RequestTag/a": "1",
      "aws:RequestTag/b": "2",
      "aws:TagKeys": ["a", "b"],
    });
    expect(tagConditions([])).toEqual({});
  });
});
