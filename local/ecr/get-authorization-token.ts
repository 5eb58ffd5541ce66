/** GetAuthorizationToken. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html */
import { list, structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { registryId } from "../aws/shapes.ts";

type Input = {
  /** Deprecated: one token is good for every registry that the identity may use. */
  readonly registryIds?: readonly string[];
};

export const getAuthorizationToken: Operation<Input> = {
  name: "GetAuthorizationToken",
  readOnly: true,
  input: structure({ registryIds: list(registryId, { min: 1, max: 10 }) }),
  resources: () => ["*"],
  async run(input, { account, identity }) {
    const { token, expiresAt } = account.issueToken("private", identity);
    const one = { authorizationToken: token, expiresAt, proxyEndpoint: account.privateUrl() };
    return { authorizationData: (input.registryIds ?? [account.accountId]).map(() => one) };
  },
};
