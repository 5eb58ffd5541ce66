import { describe, expect, it } from "vitest";
import { problemsOf, withoutPlace } from "../support.ts";

const problemsOfRegion = (region: string) => problemsOf(`version: 1\npublicRegion: ${region}`).map(withoutPlace);

describe("the Region that looks after the public side", () => {
  it.each(["eu-west-1", "us-gov-west-1", "eusc-de-east-1", "cn-northwest-1", "eu-west-4"])("may be %s", (region) => {
    expect(problemsOfRegion(region)).toEqual([]);
  });

  it.each([
    ["eu-wset-1", 'publicRegion: is "eu-wset-1", which is no Region; write eu-west-1 instead'],
    ["eu-west1", 'publicRegion: is "eu-west1", which is no Region; write eu-west-1 instead'],
    ["EU-WEST-1", 'publicRegion: is "EU-WEST-1", which is no Region; write eu-west-1 instead'],
    ["eu-west-1a", 'publicRegion: is "eu-west-1a", which is no Region; write eu-west-1 instead'],
    ["Ireland", 'publicRegion: is "Ireland", which is no Region; write a name such as eu-west-1 instead'],
    ["", "publicRegion: is empty; write for example `publicRegion: eu-west-1`, or remove the line"],
    ["[eu-west-1]", "publicRegion: is a list, not text; write for example `publicRegion: eu-west-1` instead"],
  ])("is refused as %j", (region, problem) => {
    expect(problemsOfRegion(region)).toEqual([problem]);
  });

  it("is one word away from a key that is none", () => {
    expect(problemsOf("version: 1\npublicregion: eu-west-1").map(withoutPlace)).toEqual([
      'policy: unknown key "publicregion"; write publicRegion instead',
    ]);
  });
});
