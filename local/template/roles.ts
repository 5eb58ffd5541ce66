import type { PolicyStatement } from "../aws/iam.ts";
import type { LocalRole } from "./local-template.ts";
import { managedPolicyStatements } from "./managed-policies.ts";
import { arnOf, type Reading, resourcesOf } from "./reading.ts";
import { asArray, asObject, asText } from "./values.ts";

const TYPE = "AWS::IAM::Role";

/**
 * AWS::IAM::Role with the statements of everything that is attached to it: `Policies`, AWS::IAM::Policy and
 * AWS::IAM::ManagedPolicy that name the role, and `ManagedPolicyArns`. A managed policy whose statements are not known here is noted as
 * unsupported: what it allows is denied locally.
 * Errors: a missing or wrong property.
 */
export function readRoles(reading: Reading): LocalRole[] {
  const roles = resourcesOf(reading, TYPE);
  const byName = new Map<string, PolicyStatement[]>(roles.map(({ name }) => [name, []]));

  const own = new Map<string, PolicyStatement[]>();
  for (const type of ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"]) {
    for (const policy of resourcesOf(reading, type)) {
      const statements = statementsOf(policy.properties.PolicyDocument, `${policy.path}.PolicyDocument`);
      if (type === "AWS::IAM::ManagedPolicy") {
        own.set(String(reading.scope.resolve({ Ref: policy.logicalId }, policy.path)), statements);
      }
      for (const role of asArray(policy.properties.Roles, `${policy.path}.Roles`)) {
        byName.get(asText(role, `${policy.path}.Roles`))?.push(...statements);
      }
    }
  }

  return roles.map((role) => {
    const { logicalId, name, properties, path } = role;
    const statements = byName.get(name) ?? [];
    asArray(properties.Policies, `${path}.Policies`).forEach((policy, index) => {
      const at = `${path}.Policies[${index}]`;
      statements.push(...statementsOf(asObject(policy, at).PolicyDocument, `${at}.PolicyDocument`));
    });
    for (const value of asArray(properties.ManagedPolicyArns, `${path}.ManagedPolicyArns`)) {
      const arn = asText(value, `${path}.ManagedPolicyArns`);
      const granted = own.get(arn) ?? managedPolicyStatements(arn);
      if (granted === undefined) {
        reading.unsupported({
          logicalId,
          type: TYPE,
          reason: `the statements of ${arn} are not known here, so they allow nothing`,
        });
      } else statements.push(...granted);
    }
    role.without("Path", "the ARN here has no path");
    role.without("PermissionsBoundary", "it is not evaluated, so more is allowed here than on AWS");
    return {
      logicalId,
      roleName: name,
      roleArn: arnOf(reading, role),
      statements,
      assumeRolePolicy: properties.AssumeRolePolicyDocument,
    };
  });
}

/** Statements of a policy document. Error: one without Effect. */
function statementsOf(document: unknown, path: string): PolicyStatement[] {
  const { Statement } = asObject(document, path);
  const list = Array.isArray(Statement) ? Statement : [Statement];
  return list.map((value, index) => {
    const statement = asObject(value, `${path}.Statement[${index}]`);
    if (statement.Effect !== "Allow" && statement.Effect !== "Deny") {
      throw new Error(`${path}.Statement[${index}].Effect must be Allow or Deny`);
    }
    return { ...statement, Effect: statement.Effect };
  });
}
