import { createPrivateClient } from "#shared/ecr/clients.ts";
import { UsageError } from "../usage-error.ts";

export interface AwsOptions {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
}

/**
 * Has all SDK clients that are made later use this profile and Region: they read the environment, as the AWS command line does. A profile that was named
 * wins over keys in the environment, which would win over it otherwise. What is set to nothing is not set, which the SDK sees otherwise.
 */
export function useAws({ profile, region }: AwsOptions, env: NodeJS.ProcessEnv = process.env): void {
  if (profile !== undefined) {
    env.AWS_PROFILE = profile;
    for (const name of KEYS) delete env[name];
  }
  if (region !== undefined) env.AWS_REGION = region;
  for (const name of ["AWS_PROFILE", "AWS_REGION", ...KEYS]) if (env[name] === "") delete env[name];
}

const KEYS = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/** What the SDK's own chain gives: environment, profile, SSO, web identity, container or instance. */
export function awsChain() {
  const { config } = createPrivateClient();
  return {
    credentials: config.credentials,
    sha256: config.sha256,
    /** Errors: UsageError. */
    async region(): Promise<string> {
      try {
        return await config.region();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new UsageError(`no AWS Region is known (${reason}); give --region NAME, or set AWS_REGION`);
      }
    },
  };
}
