/** REST APIs as they are read out of a template. */
import type { Unsupported } from "../template/local-template.ts";

export interface RestMethod {
  /** A method without signature is open to everybody. */
  readonly authorization: "AWS_IAM" | "NONE";
  readonly functionArn: string;
  readonly timeoutMs: number;
}

export interface RestResource {
  readonly id: string;
  /** `/repositories/{name+}`; `/` for the root. */
  readonly path: string;
  /** By HTTP method in capitals; `ANY` for all others. */
  readonly methods: Readonly<Record<string, RestMethod>>;
}

export interface RestStage {
  readonly name: string;
  readonly deploymentId: string;
  readonly variables: Readonly<Record<string, string>>;
}

export interface RestApi {
  readonly logicalId: string;
  readonly id: string;
  readonly name: string;
  readonly partition: string;
  readonly accountId: string;
  readonly region: string;
  /** `PRIVATE`, `REGIONAL` or `EDGE`; here all are reached in the same way. */
  readonly endpointTypes: readonly string[];
  readonly binaryMediaTypes: readonly string[];
  /** Statements of the resource policy. They are listed and not evaluated: there is no VPC endpoint here for them to speak of. */
  readonly policy: readonly unknown[];
  readonly stages: readonly RestStage[];
  readonly resources: readonly RestResource[];
  /** What AWS would do of these APIs and the local account does not. */
  readonly unsupported: readonly Unsupported[];
}
