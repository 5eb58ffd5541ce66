/** GetAuthorizationToken. https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_GetAuthorizationToken.html */
import { structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";

/** One object, not a list, and no endpoint in it: there is one public host. */
export const getAuthorizationToken: Operation = {
  name: "GetAuthorizationToken",
  readOnly: true,
  input: structure({}),
  resources: () => ["*"],
  async run(_input, { account, identity }) {
    const { token, expiresAt } = account.issueToken("public", identity);
    return { authorizationData: { authorizationToken: token, expiresAt } };
  },
};
