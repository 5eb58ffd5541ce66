/** Input members of ECR, from its API model (2015-09-21). */
import { boolean, list, type Shape, string, structure } from "../aws/constraints.ts";

/** As the service prints it when it refuses a name (seen in public reports); the model escapes the slash. */
export const repositoryNamePattern = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*";

export const repositoryName: Shape = string({ min: 2, max: 256, pattern: repositoryNamePattern, wording: "own" });
/** A bad name in the list is blamed on `repositoryName` (seen in a public report). */
export const repositoryNames: Shape = list(repositoryName, { min: 1, max: 100, memberField: "repositoryName" });

/** In the order in which the service lists them in its refusals. */
export const mutabilityModes = ["IMMUTABLE", "MUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION"] as const;
export const imageTagMutability: Shape = string({ values: mutabilityModes });
export const exclusionFilters: Shape = list(
  structure(
    {
      filterType: string({ values: ["WILDCARD"] }),
      filter: string({ min: 1, max: 128, pattern: "^[0-9a-zA-Z._*-]{1,128}$" }),
    },
    ["filterType", "filter"],
  ),
  { min: 1, max: 5 },
);

export const imageScanningConfiguration: Shape = structure({ scanOnPush: boolean() });

const encryptionType = string({ values: ["AES256", "KMS", "KMS_DSSE"] });
export const encryptionConfiguration: Shape = structure({ encryptionType, kmsKey: string({ min: 1, max: 2048 }) }, [
  "encryptionType",
]);
/** A template takes no alias and no bare key id: empty, or the ARN of a key. */
export const templateEncryptionConfiguration: Shape = structure(
  {
    encryptionType,
    kmsKey: string({ min: 0, max: 2048, pattern: "^$|arn:aws[a-z0-9-]*:kms:[a-z0-9-]+:[0-9]{12}:key\\/[a-z0-9-]+" }),
  },
  ["encryptionType"],
);

/** Lengths of keys and values are checked by the tag rules: the model has none. */
export const tags: Shape = list(structure({ Key: string(), Value: string() }, ["Key", "Value"]));
export const tagKeys: Shape = list(string());
export const resourceArn: Shape = string();

export const lifecyclePolicyText: Shape = string({ min: 100, max: 30_720 });

export const templatePrefix: Shape = string({
  min: 1,
  max: 256,
  pattern: "^([a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*\\/?|ROOT)$",
});
