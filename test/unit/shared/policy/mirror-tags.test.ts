import { describe, expect, it } from "vitest";
import { tagRefusals } from "#shared/policy/mirror-tags.ts";
import { compiledRange } from "./support.ts";

const companion = `sha256-${"0a".repeat(32)}.sig`;

describe("tagRefusals", () => {
  it.each([
    [
      "one of the includes",
      { include: ["v*", "latest"], exclude: [] },
      ["v1", "latest"],
      { dev: "it matches none of v*, latest" },
    ],
    [
      "the whole of the pattern",
      { include: [], pattern: "v[0-9]+|w", exclude: [] },
      ["v1", "w"],
      { "v1.2": "it does not match v[0-9]+|w as a whole", xw: "it does not match v[0-9]+|w as a whole" },
    ],
    [
      "the range",
      { include: [], semver: compiledRange(">=1.2.0 <3"), exclude: [] },
      ["1.2.0", "v2.0.0"],
      {
        "v3.0.0": "it is not in the range >=1.2.0 <3",
        "2.0.0-rc.1": "it is not in the range >=1.2.0 <3",
        v2: "it is no version",
        latest: "it is no version",
      },
    ],
    [
      "all that is given, and no exclude",
      { include: ["v*"], pattern: ".*0", semver: compiledRange("1.x"), exclude: ["*.6.*"] },
      ["v1.5.0"],
      {
        "1.5.0": "it matches none of v*",
        "v1.5.1": "it does not match .*0 as a whole",
        "v2.0.0": "it is not in the range 1.x",
        "v1.6.0": "*.6.* excludes it",
      },
    ],
    [
      "no signature of another image",
      { include: ["*"], exclude: [] },
      ["sha256-x"],
      { [companion]: "it belongs to another image, which decides" },
    ],
  ])("wants %s", (_, tags, selected, refused) => {
    const refusalOf = tagRefusals(tags);

    expect(selected.map(refusalOf)).toEqual(selected.map(() => undefined));
    expect(Object.fromEntries(Object.keys(refused).map((tag) => [tag, refusalOf(tag)]))).toEqual(refused);
  });
});
