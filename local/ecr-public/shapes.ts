/** Input members of ECR Public, from its API model (2020-10-30). */
import { blob, list, type Shape, string, structure } from "../aws/constraints.ts";

export const repositoryName: Shape = string({
  min: 2,
  max: 205,
  pattern: "(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*",
});
export const repositoryNames: Shape = list(repositoryName, { min: 1, max: 100 });

const badge = string({ min: 1, max: 50 });
export const catalogData: Shape = structure({
  description: string({ max: 1024 }),
  architectures: list(badge, { max: 50 }),
  operatingSystems: list(badge, { max: 50 }),
  logoImageBlob: blob({ max: 512_000 }),
  aboutText: string({ max: 25_600 }),
  usageText: string({ max: 25_600 }),
});
export const displayName: Shape = string({ min: 0, max: 100 });

const tagKey = string({ min: 1, max: 128 });
/** The model requires neither key nor value. */
export const tags: Shape = list(structure({ Key: tagKey, Value: string({ min: 0, max: 256 }) }), { min: 0, max: 200 });
export const tagKeys: Shape = list(tagKey, { min: 0, max: 200 });
export const resourceArn: Shape = string({ min: 1, max: 2048 });
