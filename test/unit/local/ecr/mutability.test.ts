import { describe, expect, it } from "vitest";
import { type MutabilityInput, mutabilityOf, tagRule } from "../../../../local/ecr/mutability.ts";

const filter = (text: string) => ({ filterType: "WILDCARD", filter: text }) as const;
const field = "Invalid parameter at 'imageTagMutabilityExclusionFilters' failed to satisfy constraint:";

describe("tag mutability", () => {
  it.each<[MutabilityInput, ReturnType<typeof tagRule>]>([
    [{}, { tags: "mutable", except: [] }],
    [{ imageTagMutability: "MUTABLE" }, { tags: "mutable", except: [] }],
    [{ imageTagMutability: "IMMUTABLE" }, { tags: "immutable", except: [] }],
    [
      {
        imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters: [filter("dev-*"), filter("latest")],
      },
      { tags: "immutable", except: ["dev-*", "latest"] },
    ],
    [
      { imageTagMutability: "MUTABLE_WITH_EXCLUSION", imageTagMutabilityExclusionFilters: [filter("v*")] },
      { tags: "mutable", except: ["v*"] },
    ],
  ])("of %j gives the store the rule %j", (input, rule) => {
    expect(tagRule(mutabilityOf(input))).toEqual(rule);
  });

  it.each<[MutabilityInput, string]>([
    [
      { imageTagMutability: "IMMUTABLE_WITH_EXCLUSION" },
      "'ImageTagMutabilityExclusionFilters can't be null when imageTagMutability is set as IMMUTABLE_WITH_EXCLUSION'",
    ],
    [
      { imageTagMutability: "MUTABLE_WITH_EXCLUSION" },
      "'ImageTagMutabilityExclusionFilters can't be null when imageTagMutability is set as MUTABLE_WITH_EXCLUSION'",
    ],
    [
      { imageTagMutability: "IMMUTABLE", imageTagMutabilityExclusionFilters: [filter("a")] },
      "'ImageTagMutabilityExclusionFilters must be null when imageTagMutability is set as IMMUTABLE'",
    ],
    [
      { imageTagMutabilityExclusionFilters: [filter("a")] },
      "'ImageTagMutabilityExclusionFilters must be null when imageTagMutability is set as MUTABLE'",
    ],
    [
      {
        imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters: [filter("*a*"), filter("*a*b*")],
      },
      "'Filter '*a*b*' must not contain more than 2 wildcards'",
    ],
  ])("refuses %j", (input, message) => {
    expect(() => mutabilityOf(input)).toThrow(`${field} ${message}`);
  });
});
