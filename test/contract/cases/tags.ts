import type { Tag } from "@aws-sdk/client-ecr";
import { expect } from "vitest";
import { type ContractCase, onBoth } from "../../support/contract-case.ts";
import { expectRefusal } from "../../support/contract-refusals.ts";

const tag = (Key: string, Value = ""): Tag => ({ Key, Value });
const byKey = (tags: readonly Partial<Tag>[] | undefined) =>
  Object.fromEntries((tags ?? []).map(({ Key = "", Value }) => [Key, Value]));

/** Resource tags of repositories. */
export const cases: readonly ContractCase[] = [
  ...onBoth("adds tags, overwrites them, and takes them away", async (context, side) => {
    const { arn: resourceArn, api } = await context.repository(side);
    const list = async () => byKey((await api.listTagsForResource({ resourceArn })).tags);
    expect(await list()).toEqual({});
    await api.tagResource({ resourceArn, tags: [tag("owner", "a"), tag("stage", "dev")] });
    await api.tagResource({ resourceArn, tags: [tag("stage", "prod"), tag("empty")] });
    expect(await list()).toEqual({ owner: "a", stage: "prod", empty: "" });
    await api.untagResource({ resourceArn, tagKeys: ["owner", "never set"] });
    expect(await list()).toEqual({ stage: "prod", empty: "" });
  }),
  ...onBoth("takes fifty tags and no more", async (context, side) => {
    const { arn: resourceArn, api } = await context.repository(side);
    await api.tagResource({ resourceArn, tags: Array.from({ length: 50 }, (_, index) => tag(`key-${index}`)) });
    await api.tagResource({ resourceArn, tags: [tag("key-1", "new")] });
    await expectRefusal(api.tagResource({ resourceArn, tags: [tag("one more")] }), "TooManyTagsException");
    expect((await api.listTagsForResource({ resourceArn })).tags).toHaveLength(50);
  }),
  ...onBoth("refuses tags that are reserved or too long", async (context, side) => {
    const { arn: resourceArn, api } = await context.repository(side);
    for (const one of [tag("aws:owner", "a"), tag("k".repeat(129)), tag("k", "v".repeat(257))]) {
      // ECR's model has no lengths, ECR Public's has: the refusal is the tags' or the parameter's.
      await expect(api.tagResource({ resourceArn, tags: [one] })).rejects.toMatchObject({
        name: expect.stringMatching(/^(InvalidTagParameterException|InvalidParameterException)$/),
      });
    }
    expect((await api.listTagsForResource({ resourceArn })).tags).toEqual([]);
  }),
  ...onBoth("refuses reserved tags at creation, and makes no repository", async (context, side) => {
    const repositoryName = context.newName(side);
    const tags = [tag("aws:owner", "a")];
    await expectRefusal(context.api(side).createRepository({ repositoryName, tags }), "InvalidTagParameterException");
    await expectRefusal(context.api(side).deleteRepository({ repositoryName }), "RepositoryNotFoundException");
  }),
  ...onBoth("has no tags for a repository that is not there", async (context, side) => {
    const { arn, name, api } = await context.repository(side);
    const resourceArn = arn.replace(name, context.newName(side));
    await expectRefusal(api.listTagsForResource({ resourceArn }), "RepositoryNotFoundException");
    await expectRefusal(api.tagResource({ resourceArn, tags: [tag("a")] }), "RepositoryNotFoundException");
    await expectRefusal(api.untagResource({ resourceArn, tagKeys: ["a"] }), "RepositoryNotFoundException");
  }),
  ...onBoth("refuses what is no ARN", async (context, side) => {
    const resourceArn = context.newName(side);
    await expectRefusal(context.api(side).listTagsForResource({ resourceArn }), "InvalidParameterException");
  }),
];
