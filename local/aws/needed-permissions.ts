/** What a call must be allowed to do: its own action, and what AWS asks besides. */
import { customerKey } from "../ecr/kms-keys.ts";
import type { Call } from "./call.ts";

export interface NeededPermission {
  readonly action: string;
  readonly resource: string;
  readonly conditions?: Readonly<Record<string, string>>;
}

/** In the order in which they are checked; the first that is missing is the one the refusal names. */
export function neededPermissions(call: Call): NeededPermission[] {
  // A call whose input was refused names no resource, and there is nothing to permit.
  if (call.resources.length === 0) return [];
  const action = call.action ?? `${call.service}:${call.operation}`;
  const own = call.resources.map((resource) => ({ action, resource }));
  return [...own, ...(besides[`${call.service}:${call.operation}`]?.(call) ?? [])];
}

const tagsOnCreate = (call: Call): NeededPermission[] => {
  const tags = call.parameters.tags;
  if (!Array.isArray(tags) || tags.length === 0) return [];
  return call.resources.map((resource) => ({ action: `${call.service}:TagResource`, resource }));
};

/** User guide, "Encryption at rest", required permissions. The key that AWS manages asks for none: its policy lets everybody in through ECR. */
const useOfKey = ({ parameters, region, identity: { accountId } }: Call): NeededPermission[] => {
  const { kmsKey = "" } = (parameters.encryptionConfiguration ?? {}) as { kmsKey?: string };
  const resource = customerKey({ region, accountId }, kmsKey);
  if (resource === undefined) return [];
  const conditions = { "kms:ViaService": `ecr.${region}.amazonaws.com`, "kms:GrantIsForAWSResource": "true" };
  return ["kms:DescribeKey", "kms:CreateGrant"].map((action) => ({ action, resource, conditions }));
};

/**
 * User guide, "IAM permissions for creating repository creation templates": CreateRepository, and per setting the action that
 * would set it. The page names no resource, so the narrowest that covers what the template can create is asked for.
 */
const templateSettings = (call: Call): NeededPermission[] => {
  const { prefix, lifecyclePolicy, repositoryPolicy } = call.parameters;
  const names = prefix === "ROOT" ? "*" : `${String(prefix).replace(/\/$/, "")}/*`;
  const resource = `arn:aws:ecr:${call.region}:${call.identity.accountId}:repository/${names}`;
  const actions = ["ecr:CreateRepository"];
  if (lifecyclePolicy) actions.push("ecr:PutLifecyclePolicy");
  if (repositoryPolicy) actions.push("ecr:SetRepositoryPolicy");
  return [...actions.map((action) => ({ action, resource })), ...passRole(call)];
};

const passRole = (call: Call): NeededPermission[] => {
  const role = call.parameters.customRoleArn;
  if (typeof role !== "string" || role === "") return [];
  return [{ action: "iam:PassRole", resource: role, conditions: { "iam:PassedToService": "ecr.amazonaws.com" } }];
};

const besides: Readonly<Record<string, (call: Call) => NeededPermission[]>> = {
  // Public user guide: both actions, both on `*`.
  "ecr-public:GetAuthorizationToken": () => [{ action: "sts:GetServiceBearerToken", resource: "*" }],
  // User guide, "Using tag-based access control": tags at creation need the tagging action too.
  "ecr:CreateRepository": (call) => [...tagsOnCreate(call), ...useOfKey(call)],
  "ecr-public:CreateRepository": tagsOnCreate,
  "ecr:CreateRepositoryCreationTemplate": templateSettings,
  "ecr:UpdateRepositoryCreationTemplate": templateSettings,
};
