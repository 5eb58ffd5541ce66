/** Who is asking. */
import type { IncomingMessage } from "node:http";
import type { AccountContext, Identity } from "../aws/call.ts";
import type { Side } from "../store/store.ts";
import { isAnonymousToken } from "./anonymous-token.ts";
import type { Caller } from "./exchange.ts";
import { expiredToken, invalidToken, notAuthorized } from "./refusals.ts";

interface Host {
  readonly account: AccountContext;
  readonly side: Side;
}

/**
 * The caller of a /v2/ request. Private: Basic with the token of GetAuthorizationToken. Public: Bearer, with an anonymous token, with
 * what /token/ gives for the authorization token, or with that itself (AWS documents it, and a client reports the exchange: both work).
 * Errors: ECR's refusals.
 */
export function callerOf(host: Host, request: IncomingMessage): Caller {
  const given = readAuthorization(request);
  if (given === undefined) throw notAuthorized(host);
  if (host.side === "private") {
    if (given.scheme !== "basic") throw notAuthorized(host);
    return holderOf(host, given.token, "basic");
  }
  if (given.scheme === "basic") throw invalidToken(host, "basic");
  const anonymous = isAnonymousToken(given.token, host.account.clock());
  if (anonymous === "expired") throw expiredToken(host);
  return anonymous ? "anonymous" : holderOf(host, given.token, "bearer");
}

/** Errors: ECR's refusals of a token that is over or that it never gave. */
export function holderOf(host: Host, token: string, scheme: "basic" | "bearer"): Identity {
  const holder = host.account.tokenHolder(host.side, token);
  if (holder === undefined) throw invalidToken(host, scheme);
  if (holder === "expired") throw expiredToken(host);
  return holder;
}

/** Undefined without the header; a header of any other form is a bearer that nobody holds. */
export function readAuthorization(request: IncomingMessage): { scheme: "basic" | "bearer"; token: string } | undefined {
  const header = request.headers.authorization;
  if (header === undefined) return undefined;
  const [, scheme = "", token = ""] = /^(\S+)\s+(\S+)$/.exec(header.trim()) ?? [];
  return { scheme: scheme.toLowerCase() === "basic" ? "basic" : "bearer", token };
}
