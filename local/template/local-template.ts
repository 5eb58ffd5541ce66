/** What the local account reads out of a synthesized stack: plain values, with local names, ARNs and URLs in place of intrinsics. */
import type { PolicyStatement } from "../aws/iam.ts";

export interface LocalFunction {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** `nodejs24.x`. */
  readonly runtime: string;
  /** `index.handler`. */
  readonly handler: string;
  /** Absolute path of the folder with the code. */
  readonly codeDir: string;
  /** The template's own variables, nothing that Lambda adds. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly roleArn: string;
  readonly logGroupName: string;
  readonly reservedConcurrency?: number;
  /** RecursiveLoop is Allow: Lambda does not end its loops. */
  readonly allowsLoops?: boolean;
}

export interface LocalRole {
  readonly logicalId: string;
  readonly roleName: string;
  readonly roleArn: string;
  /** Of all policies of the role: inline, AWS::IAM::Policy, AWS::IAM::ManagedPolicy, and the AWS managed ones that are known here. */
  readonly statements: readonly PolicyStatement[];
  readonly assumeRolePolicy: unknown;
}

export interface LocalQueue {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  readonly delaySeconds: number;
  readonly receiveWaitSeconds: number;
  /** Largest message in bytes. */
  readonly maximumMessageBytes: number;
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number };
  /** Statements of its AWS::SQS::QueuePolicy. */
  readonly policy: readonly unknown[];
}

export interface InputTransformer {
  /** Variable name to JSON path. */
  readonly paths: Readonly<Record<string, string>>;
  readonly template: string;
}

export interface LocalTarget {
  readonly arn: string;
  readonly id: string;
  /** Constant JSON text sent instead of the event. */
  readonly input?: string;
  readonly inputPath?: string;
  readonly inputTransformer?: InputTransformer;
  readonly deadLetterArn?: string;
}

export type RuleState = "ENABLED" | "DISABLED" | "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

export interface LocalRule {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly state: RuleState;
  /** Object form of the event pattern; not compiled. */
  readonly pattern?: Readonly<Record<string, unknown>>;
  readonly schedule?: string;
  readonly targets: readonly LocalTarget[];
}

export interface LocalEventSourceMapping {
  readonly logicalId: string;
  readonly functionArn: string;
  readonly queueArn: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly maximumBatchingWindowSeconds: number;
  readonly reportBatchItemFailures: boolean;
  readonly maximumConcurrency?: number;
}

/** A resource, or a property of one, that the local account does nothing with although AWS would. */
export interface Unsupported {
  readonly logicalId: string;
  readonly type: string;
  readonly reason: string;
}

export interface RawResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
}

export interface LocalTemplate {
  readonly stackName: string;
  readonly stackId: string;
  readonly accountId: string;
  readonly region: string;
  readonly functions: readonly LocalFunction[];
  readonly roles: readonly LocalRole[];
  readonly queues: readonly LocalQueue[];
  readonly rules: readonly LocalRule[];
  readonly eventSourceMappings: readonly LocalEventSourceMapping[];
  readonly unsupported: readonly Unsupported[];
  /** As they stand in the template, without those whose condition is false. */
  readonly resources: Readonly<Record<string, RawResource>>;
  /** Plain value of anything in `resources`; `path` is for the error. For rooms that read resources of their own. */
  readonly resolve: (value: unknown, path: string) => unknown;
}
