import type { LocalFunction } from "../template/local-template.ts";

export interface SandboxCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface EnvironmentOptions {
  readonly credentials: SandboxCredentials;
  /** `host:port`. */
  readonly runtimeApi: string;
  readonly logStreamName: string;
  /** What makes the function find the local account: AWS_ENDPOINT_URL_… Wins over the template. */
  readonly overrides: Readonly<Record<string, string>>;
}

/**
 * Environment of a sandbox's process: what Lambda defines, then the template's variables, then `overrides`; nothing of ours.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 *
 * HOME is the code folder: with none, the SDK would read the configuration files of whoever runs the account.
 */
export function sandboxEnvironment(fn: LocalFunction, options: EnvironmentOptions): Record<string, string> {
  const region = fn.arn.split(":")[3] ?? "";
  const { accessKeyId, secretAccessKey, sessionToken } = options.credentials;
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    HOME: fn.codeDir,
    _HANDLER: fn.handler,
    LAMBDA_TASK_ROOT: fn.codeDir,
    AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: fn.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: options.logStreamName,
    AWS_LAMBDA_RUNTIME_API: options.runtimeApi,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    ...fn.environment,
    ...options.overrides,
  };
}

/**
 * Node.js options of a sandbox's process: the old generation may have nine tenths of the memory, as the managed runtime sets it, unless
 * the template's NODE_OPTIONS say otherwise. (With only a new generation size there, the managed runtime leaves the rest to
 * V8, which goes by the memory of its machine: that is the same bound there, and none here.)
 */
export function sandboxArguments({ memoryMb, environment }: LocalFunction): string[] {
  if (/--max[-_]old[-_]space[-_]size/.test(environment.NODE_OPTIONS ?? "")) return [];
  return [`--max-old-space-size=${memoryMb - Math.floor(memoryMb / 10)}`];
}
