import { Stack, Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/**
 * Tells cdk-nag why this resource, or what is under it, differs from its rules; test/unit/infra/template-rules.test.ts fails for whatever is
 * not acknowledged. `rules` are ids as cdk-nag names them, each with a reason that a reviewer can check.
 */
export function acknowledge(scope: IConstruct, rules: Readonly<Record<string, string>>): void {
  Validations.of(scope).acknowledge(...Object.entries(rules).map(([id, reason]) => ({ id, reason })));
}

/** Tells it why policies under `scope` may name these resources, of which each has a wildcard. */
export function acknowledgeWildcards(scope: IConstruct, resources: readonly string[], reason: string): void {
  const ids = resources
    .filter((resource) => resource.includes("*"))
    .map((resource) => `AwsSolutions-IAM5[Resource::${nagName(Stack.of(scope).resolve(resource))}]`);
  acknowledge(scope, Object.fromEntries(ids.map((id) => [id, reason])));
}

/** A resolved ARN as cdk-nag writes it: `arn:<AWS::Partition>:ecr:<AWS::Region>:…`. */
function nagName(resolved: string | { readonly "Fn::Join": readonly [string, readonly unknown[]] }): string {
  if (typeof resolved === "string") return resolved;
  const [separator, parts] = resolved["Fn::Join"];
  return parts.map((part) => (isReference(part) ? `<${part.Ref}>` : String(part))).join(separator);
}

function isReference(part: unknown): part is { readonly Ref: string } {
  return typeof part === "object" && part !== null && "Ref" in part;
}
