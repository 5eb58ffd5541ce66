/** Tokens that the public host gives to anybody, to pull with. They grant nothing that needs a secret, so they carry none. */

const prefix = "anonymous.";
/** As for authorization tokens; AWS documents none for these. */
const lifetime = 12 * 3600 * 1000;

export function anonymousToken(now: Date): string {
  return `${prefix}${(now.getTime() + lifetime).toString(36)}`;
}

/** False for any other token. */
export function isAnonymousToken(token: string, now: Date): boolean | "expired" {
  if (!token.startsWith(prefix)) return false;
  const end = Number.parseInt(token.slice(prefix.length), 36);
  return end > now.getTime() ? true : "expired";
}
