/** Runs a call the way AWS would: permission, work, trail. Both front doors go through it. */
import { toAwsError } from "../ecr/errors.ts";
import { kmsDenied } from "../ecr/kms-keys.ts";
import { AwsError, type Call, type CallOutcome, type Identity, type Perform } from "./call.ts";
import { evaluate, type PolicyStatement, type RequestContext } from "./iam.ts";
import { type NeededPermission, neededPermissions } from "./needed-permissions.ts";
import { createUsageRecord, type PermissionUse, principalArn } from "./usage.ts";

export interface PerformOptions {
  /** Statements of all policies of the identity; "all" stands for an administrator. */
  readonly policiesOf: (identity: Identity) => readonly PolicyStatement[] | "all";
  /** Called once per call, after the work was committed. */
  readonly record: (outcome: CallOutcome) => void;
  readonly clock: () => Date;
  /** Awaited before the permission check; what it throws becomes the call's error. The place for rates and faults. */
  readonly observe?: (call: Call) => void | Promise<void>;
  /** Tags of the resource with this ARN, for aws:ResourceTag and ecr:ResourceTag. */
  readonly tagsOf?: (resource: string) => Readonly<Record<string, string>>;
}

/** `usage()`: which action each principal needed so far, and whether it was allowed. */
export function createPerform(options: PerformOptions): { perform: Perform; usage: () => PermissionUse[] } {
  const usage = createUsageRecord();

  const perform: Perform = async <T extends Record<string, unknown> | undefined>(call: Call, run: () => Promise<T>) => {
    const finish = (response: Record<string, unknown> | null, error: CallOutcome["error"]) =>
      options.record({ call, time: options.clock(), response, error });
    let response: T;
    try {
      await options.observe?.(call);
      authorize(call);
      response = await run();
    } catch (error) {
      const told = toAwsError(error, aboutCall(call));
      finish(null, trailError(told));
      throw told;
    }
    finish(response ?? null, undefined);
    return response;
  };

  function authorize(call: Call): void {
    // A service acting on its own behalf was authorized when it was set up.
    if (call.identity.type === "service") return;
    const statements = options.policiesOf(call.identity);
    for (const needed of neededPermissions(call)) {
      const refusal = refusalOf(call, needed, statements);
      usage.note(call.identity, needed.action, refusal === undefined);
      if (refusal === undefined) continue;
      const { action, resource } = needed;
      const message = `User: ${call.identity.arn} is not authorized to perform: ${action} on resource: ${resource} ${refusal}`;
      // ECR calls KMS in the caller's name, and tells what KMS has refused as its own exception.
      throw action.startsWith("kms:") ? kmsDenied(message) : new AwsError("AccessDeniedException", message);
    }
  }

  /** Why it is refused, in the words that follow the resource; undefined when it is allowed. All three are seen in public reports. */
  function refusalOf(call: Call, needed: NeededPermission, statements: readonly PolicyStatement[] | "all") {
    const owner = needed.resource.split(":")[4] ?? "";
    // Across accounts the other side must allow it too, and the local account knows no other side.
    if (/^\d{12}$/.test(owner) && owner !== call.identity.accountId) {
      return `because no resource-based policy allows the ${needed.action} action`;
    }
    if (statements === "all") return undefined;
    const conditions = {
      ...requestContext(call, options.clock()),
      ...resourceTags(needed.resource),
      ...needed.conditions,
    };
    const decision = evaluate(statements, { action: needed.action, resource: needed.resource, conditions });
    if (decision === "allowed") return undefined;
    if (decision === "explicit-deny") return "with an explicit deny in an identity-based policy";
    return `because no identity-based policy allows the ${needed.action} action`;
  }

  function resourceTags(resource: string): RequestContext {
    const tags = Object.entries(options.tagsOf?.(resource) ?? {});
    return Object.fromEntries(
      tags.flatMap(([key, value]) => [
        [`aws:ResourceTag/${key}`, value],
        [`ecr:ResourceTag/${key}`, value],
      ]),
    );
  }

  return { perform, usage: usage.all };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html; transport stands as on AWS. */
function requestContext(call: Call, now: Date): RequestContext {
  const { identity } = call;
  return {
    "aws:PrincipalArn": principalArn(identity),
    "aws:PrincipalAccount": identity.accountId,
    "aws:PrincipalType": identity.type === "role" ? "AssumedRole" : "User",
    ...(identity.type === "user" ? { "aws:username": identity.userName } : {}),
    "aws:RequestedRegion": call.region,
    "aws:SourceIp": call.sourceIp,
    "aws:UserAgent": call.userAgent,
    "aws:SecureTransport": "true",
    "aws:CurrentTime": now.toISOString(),
    "aws:EpochTime": String(Math.floor(now.getTime() / 1000)),
    ...call.conditions,
  };
}

function aboutCall(call: Call) {
  const text = (name: string): string | undefined => {
    const value = call.parameters[name];
    return typeof value === "string" ? value : undefined;
  };
  const digests = call.parameters.layerDigests;
  const layerDigest = Array.isArray(digests) && typeof digests[0] === "string" ? digests[0] : text("layerDigest");
  return {
    service: call.service === "ecr-public" ? call.service : ("ecr" as const),
    operation: call.operation,
    registryId: text("registryId") ?? call.identity.accountId,
    repositoryName: text("repositoryName") ?? "",
    tag: text("imageTag") ?? "",
    digest: text("imageDigest") ?? layerDigest ?? "",
    uploadId: text("uploadId") ?? "",
  };
}

/** CloudTrail writes AccessDenied for the API's AccessDeniedException (seen in public reports). */
function trailError(error: unknown): { code: string; message: string } {
  if (!(error instanceof AwsError)) return { code: "ServerException", message: "" };
  return { code: error.code === "AccessDeniedException" ? "AccessDenied" : error.code, message: error.message };
}
