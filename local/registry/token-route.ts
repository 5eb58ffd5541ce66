/** `/token/` of the public host: a bearer for anybody who pulls, and one for the holder of an authorization token. */
import type { IncomingMessage } from "node:http";
import type { AccountContext } from "../aws/call.ts";
import { anonymousToken } from "./anonymous-token.ts";
import { holderOf, readAuthorization } from "./authorization.ts";

/**
 * The token to answer with; query parameters (scope, service) change nothing, as recorded. The exchange gives the authorization token
 * back: it is a good bearer. Errors: ECR's refusals of a Basic token.
 */
export function bearerFor(account: AccountContext, request: IncomingMessage): { token: string } {
  const given = readAuthorization(request);
  if (given === undefined) return { token: anonymousToken(account.clock()) };
  holderOf({ account, side: "public" }, given.token, given.scheme);
  return { token: given.token };
}
