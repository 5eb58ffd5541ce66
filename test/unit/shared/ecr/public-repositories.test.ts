import { GetRepositoryCatalogDataCommand, ListTagsForResourceCommand } from "@aws-sdk/client-ecr-public";
import { describe, expect, it } from "vitest";
import { createPublicRepository, listPublicRepositories } from "#shared/ecr/public-repositories.ts";
import {
  listPublicRepositoryTags,
  tagPublicRepository,
  untagPublicRepository,
} from "#shared/ecr/public-repository-tags.ts";
import { startWithRepositories } from "./stored-images.ts";

describe("a public repository", () => {
  it("is created with its description and its tags", async () => {
    const { ecrPublic } = await startWithRepositories();

    const created = await createPublicRepository(ecrPublic, "team/new", {
      description: "What it is",
      tags: { owner: "team-a" },
    });

    expect(created).toMatchObject({ name: "team/new", uri: "public.localhost:5000/alias/team/new" });
    const about = await ecrPublic.send(new GetRepositoryCatalogDataCommand({ repositoryName: "team/new" }));
    expect(about.catalogData).toMatchObject({ description: "What it is" });
    const { tags } = await ecrPublic.send(new ListTagsForResourceCommand({ resourceArn: created?.arn }));
    expect(tags).toEqual([{ Key: "owner", Value: "team-a" }]);
  });

  it("is created with nothing, and left as it is when it is there", async () => {
    const { ecrPublic } = await startWithRepositories();

    expect(await createPublicRepository(ecrPublic, "team/new")).toMatchObject({ name: "team/new" });
    expect(await createPublicRepository(ecrPublic, "team/new", { description: "Too late" })).toBeUndefined();

    const about = await ecrPublic.send(new GetRepositoryCatalogDataCommand({ repositoryName: "team/new" }));
    expect(about.catalogData?.description).toBeUndefined();
  });
});

describe("the list of public repositories", () => {
  it("comes page by page", async () => {
    const { ecrPublic } = await startWithRepositories();
    await createPublicRepository(ecrPublic, "team/new");

    const first = await listPublicRepositories(ecrPublic, { size: 1 });
    const second = await listPublicRepositories(ecrPublic, { size: 1, from: first.next });

    expect(first.repositories.map(({ name }) => name)).toEqual(["team/app"]);
    expect(second).toMatchObject({ repositories: [{ name: "team/new" }], next: undefined });
  });

  it("is refused with a token that nobody gave", async () => {
    const { ecrPublic } = await startWithRepositories();

    await expect(listPublicRepositories(ecrPublic, { size: 1, from: "nobody's" })).rejects.toMatchObject({
      code: "ecr-invalid",
      permanent: true,
    });
  });
});

describe("the tags of a public repository", () => {
  it("are added to what is there, and taken away by their keys", async () => {
    const { ecrPublic } = await startWithRepositories();
    const repository = await createPublicRepository(ecrPublic, "team/new", { tags: { owner: "a", team: "b" } });
    if (repository === undefined) throw new Error("it is new");

    expect(await tagPublicRepository(ecrPublic, repository, { owner: "c", mark: "x:y" })).toBe(true);
    expect(await untagPublicRepository(ecrPublic, repository, ["team", "nobody's"])).toBe(true);

    expect(await listPublicRepositoryTags(ecrPublic, repository)).toEqual({ owner: "c", mark: "x:y" });
  });

  it("are refused beyond fifty", async () => {
    const { ecrPublic } = await startWithRepositories();
    const repository = await createPublicRepository(ecrPublic, "team/new", { tags: { owner: "a" } });
    if (repository === undefined) throw new Error("it is new");
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key-${index}`, ""]));

    await expect(tagPublicRepository(ecrPublic, repository, many)).rejects.toMatchObject({
      code: "ecr-invalid",
      permanent: true,
    });
  });
});
