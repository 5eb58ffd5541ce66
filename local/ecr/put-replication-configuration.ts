/**
 * PutReplicationConfiguration. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutReplicationConfiguration.html
 * Kept and shown; nothing is replicated, there being one registry only.
 */
import { list, string, structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryId } from "../aws/shapes.ts";

/** Key of the registry's document. */
export const replicationDocument = "ecr-replication-configuration";

type Input = {
  readonly replicationConfiguration: { readonly rules: readonly Record<string, unknown>[] };
};

const destination = structure({ region: string({ min: 2, max: 25, pattern: "[0-9a-z-]{2,25}" }), registryId }, [
  "region",
  "registryId",
]);
const repositoryFilter = structure(
  {
    filter: string({
      min: 2,
      max: 256,
      pattern: "^(?:[a-z0-9]+(?:[._-][a-z0-9]*)*/)*[a-z0-9]*(?:[._-][a-z0-9]*)*$",
    }),
    filterType: string({ values: ["PREFIX_MATCH"] }),
  },
  ["filter", "filterType"],
);
const rule = structure(
  {
    destinations: list(destination, { min: 0, max: 100 }),
    repositoryFilters: list(repositoryFilter, { min: 1, max: 100 }),
  },
  ["destinations"],
);

export const putReplicationConfiguration: Operation<Input> = {
  name: "PutReplicationConfiguration",
  readOnly: false,
  input: structure({ replicationConfiguration: structure({ rules: list(rule, { min: 0, max: 25 }) }, ["rules"]) }, [
    "replicationConfiguration",
  ]),
  resources: () => ["*"],
  async run({ replicationConfiguration }, { account }) {
    await account.store.private.putDocument(replicationDocument, { ...replicationConfiguration });
    return { replicationConfiguration };
  },
};
