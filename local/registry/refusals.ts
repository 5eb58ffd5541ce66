/** ECR's refusals before a request is looked at. All texts and statuses are recorded, unless said otherwise. */
import type { AccountContext } from "../aws/call.ts";
import type { Side } from "../store/store.ts";
import { OciError } from "./oci-error.ts";

interface Host {
  readonly account: AccountContext;
  readonly side: Side;
}

/** How to come with credentials. Public: the 401 recorded in fluxcd/flux #3492; private: registry documentation of go-containerregistry. */
export function challenge({ account, side }: Host): string {
  if (side === "private") return `Basic realm="https://${account.privateHost()}/",service="ecr.amazonaws.com"`;
  // The realm is fetched, so it is this host's own; ECR's are https.
  return `Bearer realm="${account.publicUrl()}/token/",service="${account.publicHost()}",scope="aws"`;
}

/** 401. The private host says it in plain text (enix/kube-image-keeper #172), which `respond` knows by this very error. */
export class NotAuthorized extends OciError {
  constructor(host: Host) {
    super(401, "DENIED", "Not Authorized", { "www-authenticate": challenge(host) });
  }
}

export function notAuthorized(host: Host): NotAuthorized {
  return new NotAuthorized(host);
}

/** Private: 401 as without a token (backend.ai #2549). Public: 400 for a bearer (same place), 403 for Basic (ECR Public's own text). */
export function invalidToken(host: Host, scheme: "basic" | "bearer"): OciError {
  if (host.side === "private") return notAuthorized(host);
  return new OciError(scheme === "basic" ? 403 : 400, "DENIED", "Your Authorization Token is invalid.");
}

/** Private: 403. Public: 400 without a challenge (containers-roadmap #2835). */
export function expiredToken({ side }: Host): OciError {
  const message = "Your authorization token has expired. Reauthenticate and try again.";
  return new OciError(side === "private" ? 403 : 400, "DENIED", message);
}
