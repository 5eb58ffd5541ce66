/** GetDownloadUrlForLayer. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetDownloadUrlForLayer.html */
import { AwsError } from "../aws/call.ts";
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { layerDigest, registryId } from "../aws/shapes.ts";
import { StoreError } from "../store/store.ts";
import { type RepositoryInput, repositoryResource } from "./repositories.ts";
import { repositoryName } from "./shapes.ts";
import { privateTarget } from "./target.ts";

type Input = RepositoryInput & {
  readonly layerDigest: string;
};

/** Only for layers that an image refers to. Errors: LayersNotFoundException, LayerInaccessibleException (API model). */
export const getDownloadUrlForLayer: Operation<Input> = {
  name: "GetDownloadUrlForLayer",
  readOnly: true,
  input: structure({ registryId, repositoryName, layerDigest }, ["repositoryName", "layerDigest"]),
  resources: repositoryResource,
  async run(input, { account }) {
    const { registry } = privateTarget(account, input);
    const { repositoryName, layerDigest } = input;
    if (registry.blob(repositoryName, layerDigest) === undefined) {
      throw new StoreError("blob-unknown", `no blob ${layerDigest}`, { digest: layerDigest });
    }
    if (!registry.isBlobReferenced(repositoryName, layerDigest)) {
      throw new AwsError(
        "LayerInaccessibleException",
        `The layer with digest ${layerDigest} is not associated with an image in the repository with name '${repositoryName}' in the registry with id '${account.accountId}'`,
      );
    }
    const path = account.downloadUrls.sign("private", repositoryName, layerDigest);
    return { downloadUrl: `${account.privateUrl()}${path}`, layerDigest };
  },
};
