import { describe, expect, it } from "vitest";
import { problemsOf, withoutPlace } from "../support.ts";

const problemsOfCatalog = (section: string) => problemsOf(`version: 1\ncatalog: ${section}`).map(withoutPlace);
const problemsOfPage = (page: string) => problemsOfCatalog(`{ repositories: [{ ${page} }] }`);

describe("the schema of the catalog", () => {
  it.each([
    "{}",
    "{ displayName: Team A }",
    "{ repositories: [{ repository: team-a/api }] }",
    '{ repositories: [{ repository: api, description: "", about: "", usage: "", logo: logos/api.png, source: "http://example.org" }] }',
  ])("accepts %s", (section) => {
    expect(problemsOfCatalog(section)).toEqual([]);
  });

  it.each([
    ["{ repository: [] }", 'catalog: unknown key "repository"; write repositories instead'],
    ["{ displayName: '' }", "catalog.displayName: is empty; write for example `displayName: Team A`"],
    [
      `{ displayName: ${"x".repeat(101)} }`,
      "catalog.displayName: is longer than 100 characters, which is all that ECR Public takes; write a shorter one",
    ],
    [
      "{ repositories: [{ repository: api }, { repository: api }] }",
      'catalog.repositories[1].repository: "api" stands here twice; write it once',
    ],
  ])("refuses %s", (section, problem) => {
    expect(problemsOfCatalog(section)).toEqual([problem]);
  });

  it.each([
    [
      "repository: Api",
      'repository: "Api" contains "A"; ECR Public allows the characters a-z, 0-9, ".", "_", "-" and "/"; write the name in ECR Public, without the alias',
    ],
    [
      `repository: api, description: ${"x".repeat(1_025)}`,
      "description: is longer than 1024 characters, which is all that ECR Public takes; write a shorter one",
    ],
    [
      "repository: api, source: git@github.com:o/r",
      'source: is "git@github.com:o/r", which is no http or https address; write for example https://github.com/example/api instead',
    ],
    ...["../logo.png", "/logo.png", "logos//a.png", "logo.svg", "a\\\\b.png"].map((path) => [
      `repository: api, logo: "${path}"`,
      `logo: is "${path}"; write the path of a .png file from the policy's folder, with "/" between its parts and without "..", for example logos/api.png`,
    ]),
  ])("refuses a page with %s", (page, problem) => {
    expect(problemsOfPage(page)).toEqual([`catalog.repositories[0].${problem}`]);
  });

  it("names the nearest key, and where the badges come from", () => {
    expect(problemsOfPage("repository: api, abuot: x, architectures: [ARM]")).toEqual([
      'catalog.repositories[0]: unknown key "abuot"; write about instead',
      'catalog.repositories[0]: unknown key "architectures"; remove it: the badges come from the platforms of the images that are public',
    ]);
  });
});
