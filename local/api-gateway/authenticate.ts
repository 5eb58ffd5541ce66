/** Who calls a method with AWS_IAM authorization, and whether they may. */
import { createHash } from "node:crypto";
import { AwsError, type Identity } from "../aws/call.ts";
import type { CredentialStore } from "../aws/credentials.ts";
import type { Decision } from "../aws/iam.ts";
import { type SignedRequest, verifySignature } from "../aws/sigv4.ts";
import { canonicalRequest } from "../aws/sigv4-canonical.ts";
import { GatewayRefusal, missingToken } from "./refusal.ts";
import type { RestApi } from "./rest-api.ts";

/**
 * The identity behind the signature. Errors (GatewayRefusal, 403): none, of an unknown key or a wrong one, for another service or
 * Region, too old. A signature in the query is not read: it counts as none.
 * https://repost.aws/knowledge-center/api-gateway-iam-sigv4-mismatch
 */
export function authenticate(
  request: SignedRequest,
  { region }: RestApi,
  { credentials, now }: { readonly credentials: Pick<CredentialStore, "find">; readonly now?: () => Date },
): Identity {
  if (request.headers.authorization === undefined) throw missingToken();
  try {
    const expected = { service: "execute-api", regions: [region], ...(now === undefined ? {} : { now }) };
    const { accessKeyId } = verifySignature(request, (key) => credentials.find(key), expected);
    const found = credentials.find(accessKeyId);
    if (found === undefined) throw new Error("credentials vanished between signature and use");
    return found.identity;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new GatewayRefusal(403, error.code, `${error.message}${explanation(error, request)}`);
  }
}

/** Unlike other services, API Gateway shows what it would have signed (recorded). */
function explanation({ message }: AwsError, request: SignedRequest): string {
  if (!message.startsWith("The request signature we calculated does not match")) return "";
  const header = String(request.headers.authorization);
  const [, scope = ""] = /Credential=[^/]+\/([^,\s]+)/.exec(header) ?? [];
  const [, signedHeaders = ""] = /SignedHeaders=([^,\s]+)/.exec(header) ?? [];
  const canonical = canonicalRequest(request, signedHeaders.split(";"));
  const hash = createHash("sha256").update(canonical).digest("hex");
  const toSign = ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, hash].join("\n");
  return `\n\nThe Canonical String for this request should have been\n'${canonical}'\n\nThe String-to-Sign should have been\n'${toSign}'\n`;
}

export const INVOKE = "execute-api:Invoke";

/** `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/path`. */
export function methodArn(api: RestApi, stage: string, method: string, path: string): string {
  const { partition, region, accountId, id } = api;
  return `arn:${partition}:execute-api:${region}:${accountId}:${id}/${stage}/${method}/${path.replace(/^\/|\/+$/g, "")}`;
}

/** Error: GatewayRefusal, 403, in the recorded words; all but the last digits of the account are hidden in them. */
export function requireAllowed(decision: Decision, identity: Identity, resource: string): void {
  if (decision === "allowed") return;
  const shown = resource.replace(/:\d{8}(\d{4}):/, ":********$1:");
  const why =
    decision === "explicit-deny"
      ? "with an explicit deny in an identity-based policy"
      : `because no identity-based policy allows the ${INVOKE} action`;
  const text = `User: ${identity.arn} is not authorized to perform: ${INVOKE} on resource: ${shown} ${why}`;
  throw new GatewayRefusal(403, "AccessDeniedException", text, "Message");
}
