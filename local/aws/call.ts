/** The vocabulary that the front doors, the permission check and the trail share. */
import type { DownloadUrls } from "../registry/download-url.ts";
import type { Store } from "../store/store.ts";

/** Who calls: a user of the local account or the role of a function. */
export type Identity =
  | {
      readonly type: "user";
      readonly accountId: string;
      readonly userName: string;
      readonly arn: string;
      readonly accessKeyId: string;
    }
  | {
      readonly type: "role";
      readonly accountId: string;
      readonly roleName: string;
      readonly roleArn: string;
      readonly sessionName: string;
      /** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`. */
      readonly arn: string;
      readonly accessKeyId: string;
    }
  /** The service itself acting on its own (creation on push, lifecycle). */
  | {
      readonly type: "service";
      readonly accountId: string;
      readonly service: string;
      readonly arn: string;
      readonly accessKeyId: "";
    };

export type ServiceName = "cloudtrail" | "ecr" | "ecr-public" | "sts" | "sqs" | "events" | "lambda";

/** One API call, however it came in. */
export interface Call {
  readonly service: ServiceName;
  readonly operation: string;
  /** IAM action when it is not `<service>:<operation>`. */
  readonly action?: string;
  /** As the caller sent them; what CloudTrail would show as requestParameters. */
  readonly parameters: Record<string, unknown>;
  /** ARNs the permission is checked on; `*` for calls without a resource. */
  readonly resources: readonly string[];
  readonly readOnly: boolean;
  readonly identity: Identity;
  readonly region: string;
  /** `registry`: on behalf of a client of the OCI endpoint. */
  readonly via: "api" | "registry";
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly requestId: string;
  /** Condition keys beyond the global ones, for example `aws:RequestTag/owner`. */
  readonly conditions?: Readonly<Record<string, string | string[]>>;
}

/** An error in the service's own words. `status` is 400 for modeled client errors, 500 for ServerException. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Further members of the modeled error, for example lastValidByteReceived. */
  readonly fields: Record<string, unknown>;
  constructor(code: string, message: string, options: { status?: number; fields?: Record<string, unknown> } = {}) {
    super(message);
    this.name = "AwsError";
    this.code = code;
    this.status = options.status ?? 400;
    this.fields = options.fields ?? {};
  }
}

/** How one call ended, for the trail. */
export interface CallOutcome {
  readonly call: Call;
  readonly time: Date;
  readonly response: Record<string, unknown> | null;
  readonly error: { code: string; message: string } | undefined;
}

/**
 * Runs one call the way AWS would: permission first (AccessDeniedException), then the work, then the record in the trail, failed or not.
 * Errors: AwsError; a StoreError raised by `run` becomes its AwsError.
 */
export type Perform = <T extends Record<string, unknown> | undefined>(call: Call, run: () => Promise<T>) => Promise<T>;

/** What the operations of an emulated service may use. */
export interface AccountContext {
  readonly accountId: string;
  /** Region of the account; ECR Public answers in us-east-1 and us-west-2 only. */
  readonly region: string;
  readonly store: Store;
  readonly clock: () => Date;
  /** Alias of the public registry: the first path segment at the public host. */
  readonly publicAlias: string;
  /** `host[:port]` of the registry endpoints, and their base URLs. */
  readonly privateHost: () => string;
  readonly publicHost: () => string;
  readonly privateUrl: () => string;
  readonly publicUrl: () => string;
  /** False stands for a Region without CREATE_ON_PUSH. */
  readonly createOnPush: boolean;
  /** Whether ECR's own creation on push shows in CloudTrail as CreateRepository: not documented, so both can be chosen. */
  readonly createOnPushInTrail: boolean;
  /** KMS keys of the account that there are, as ARNs or ids; without it every well-formed one (ecr/kms-keys.ts). */
  readonly kmsKeys?: readonly string[];
  /** Registers an authorization token for this identity and gives its text (`AWS:<password>` in base64). */
  readonly issueToken: (side: "private" | "public", identity: Identity) => { token: string; expiresAt: Date };
  /** Identity of a token's holder, "expired", or undefined for one never issued. */
  readonly tokenHolder: (side: "private" | "public", token: string) => Identity | "expired" | undefined;
  /** Signed addresses of blobs, good without credentials for a while. */
  readonly downloadUrls: DownloadUrls;
  readonly perform: Perform;
}
