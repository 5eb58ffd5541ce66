/** What the readers of the single resource types share. */
import type { Assembly } from "./assembly.ts";
import type { LocalQueue, Unsupported } from "./local-template.ts";
import type { Named } from "./names.ts";
import type { TemplateScope } from "./scope.ts";
import { asObject, type Properties } from "./values.ts";

export interface Reading {
  readonly scope: TemplateScope;
  readonly assembly: Assembly;
  /** Notes something that AWS would do and the local account does not. */
  readonly unsupported: (found: Unsupported) => void;
}

export interface ReadResource extends Named {
  readonly type: string;
  /** Resolved. */
  readonly properties: Properties;
  /** `Resources.Queue.Properties`. */
  readonly path: string;
  /** Notes a property of this resource as unsupported, when it is there. */
  readonly without: (property: string, reason: string) => void;
}

/** All resources of a type, resolved, in the order of the template. Errors: an intrinsic that cannot be resolved. */
export function resourcesOf(reading: Reading, type: string): ReadResource[] {
  const { scope } = reading;
  return Object.entries(scope.resources).flatMap(([logicalId, resource]) => {
    if (resource.Type !== type) return [];
    const path = `Resources.${logicalId}.Properties`;
    const properties = asObject(scope.resolve(resource.Properties ?? {}, path), path);
    const without = (property: string, reason: string): void => {
      if (properties[property] !== undefined)
        reading.unsupported({ logicalId, type, reason: `${property}: ${reason}` });
    };
    return [{ ...scope.named(logicalId), type, properties, path, without }];
  });
}

/** The ARN of one of `resources`, as Fn::GetAtt gives it. */
export function arnOf(reading: Reading, { logicalId, path }: ReadResource): string {
  return String(reading.scope.resolve({ "Fn::GetAtt": [logicalId, "Arn"] }, path));
}

export function queueByArn(queues: readonly LocalQueue[], arn: string): LocalQueue | undefined {
  return queues.find((queue) => queue.arn === arn);
}
