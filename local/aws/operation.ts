/** One operation of an emulated AWS service: what its input must look like, what it touches, what it does. One file each. */

import type { AccountContext, AwsError, Identity } from "./call.ts";
import type { Shape } from "./constraints.ts";

export interface OperationCall {
  readonly account: AccountContext;
  readonly identity: Identity;
  readonly requestId: string;
  readonly region: string;
  /** Aborted when the caller is gone, for operations that wait. */
  readonly signal?: AbortSignal;
}

export interface Operation<Input extends object = Record<string, unknown>> {
  readonly name: string;
  /** As CloudTrail's readOnly tells it. */
  readonly readOnly: boolean;
  readonly input: Shape;
  /** IAM action when it is not `<service>:<name>`: ListImageReferrers is allowed by ecr:BatchGetImage. */
  readonly action?: string;
  /** Resource ARNs for permission and trail, out of the validated input. */
  resources(input: Input, account: AccountContext): string[];
  /** Condition keys that this call brings, for example request tags. */
  conditions?(input: Input): Record<string, string | string[]>;
  /** Errors: AwsError or StoreError. */
  run(input: Input, call: OperationCall): Promise<Record<string, unknown>>;
}

export interface Service {
  readonly name: "cloudtrail" | "ecr" | "ecr-public" | "sqs" | "events";
  /** The part of X-Amz-Target before the dot. */
  readonly targetPrefix: string;
  readonly operations: ReadonlyMap<string, Operation>;
  /** An error as this service spells it on the wire, and the headers that go with it; without it, as it stands. */
  readonly tell?: (error: AwsError) => { readonly error: AwsError; readonly headers: Readonly<Record<string, string>> };
}
