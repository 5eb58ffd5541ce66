import type { Identity } from "../aws/call.ts";
import { trailIdentity } from "./trail-identity.ts";

/** The unique id of a caller, the same as in the trail: `AIDA…` for a user, `AROA…:SESSION` for the session of a role; the name of a service. */
export function principalIdOf(identity: Identity): string {
  if (identity.type === "service") return identity.service;
  return String(trailIdentity({ identity, via: "api" }, new Date(0)).principalId);
}
