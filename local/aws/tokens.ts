/** Registry authorization tokens: what GetAuthorizationToken hands out and the registry hosts take. */
import { randomBytes } from "node:crypto";
import type { AccountContext, Identity } from "./call.ts";

type TokenStore = Pick<AccountContext, "issueToken" | "tokenHolder">;

/** Both services document 12 hours. */
const lifetime = 12 * 3600 * 1000;
/** Enough to tell "expired" from "never issued" for a while without growing for ever. */
const kept = 10_000;

/** Tokens of the private and the public registry; one is never good for the other. `clock` decides when one expires. */
export function createTokenStore(clock: () => Date): TokenStore {
  const issued = new Map<string, { side: "private" | "public"; identity: Identity; expiresAt: Date }>();

  return {
    issueToken(side, identity) {
      const token = Buffer.from(`AWS:${randomBytes(96).toString("base64url")}`).toString("base64");
      const expiresAt = new Date(clock().getTime() + lifetime);
      issued.set(token, { side, identity, expiresAt });
      for (const oldest of issued.keys()) {
        if (issued.size <= kept) break;
        issued.delete(oldest);
      }
      return { token, expiresAt };
    },

    tokenHolder(side, token) {
      const found = issued.get(token);
      if (found === undefined || found.side !== side) return undefined;
      return clock().getTime() >= found.expiresAt.getTime() ? "expired" : found.identity;
    },
  };
}
