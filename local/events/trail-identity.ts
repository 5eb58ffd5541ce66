/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
import { createHash } from "node:crypto";
import type { Call, Identity } from "../aws/call.ts";
import { rfc3339 } from "./envelope.ts";

/**
 * `userIdentity` of a CloudTrail record, as in AWS's samples of ECR records: an IAM user, the session of a role with its issuer, or the service
 * itself. A call that came through the registry endpoint carries `invokedBy`; a user then has a session context too, since ECR
 * calls in a session of the user's.
 * A session's age is not known here, so it starts with the call. Ids (AIDA…, AROA…) are made from the names.
 */
export function trailIdentity({ identity, via }: Pick<Call, "identity" | "via">, time: Date): Record<string, unknown> {
  const invokedBy = via === "registry" ? { invokedBy: "ecr.amazonaws.com" } : {};
  const attributes = { creationDate: rfc3339(time), mfaAuthenticated: "false" };
  const { accountId, accessKeyId } = identity;
  switch (identity.type) {
    case "user":
      return {
        type: "IAMUser",
        principalId: principalId("AIDA", identity),
        arn: identity.arn,
        accountId,
        accessKeyId,
        userName: identity.userName,
        ...(via === "registry" ? { sessionContext: { attributes } } : {}),
        ...invokedBy,
      };
    case "role":
      return {
        type: "AssumedRole",
        principalId: `${principalId("AROA", identity)}:${identity.sessionName}`,
        arn: identity.arn,
        accountId,
        accessKeyId,
        sessionContext: {
          sessionIssuer: {
            type: "Role",
            principalId: principalId("AROA", identity),
            arn: identity.roleArn,
            accountId,
            userName: identity.roleName,
          },
          attributes,
        },
        ...invokedBy,
      };
    case "service":
      return { type: "AWSService", invokedBy: identity.service };
  }
}

function principalId(prefix: "AIDA" | "AROA", identity: Exclude<Identity, { type: "service" }>): string {
  const name = identity.type === "role" ? identity.roleArn : identity.arn;
  return prefix + createHash("sha256").update(name).digest("hex").slice(0, 17).toUpperCase();
}
