/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundles: a Lambda function always gets its credentials from its
 * environment, and the whole provider chain costs start-up time for providers that cannot apply.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN)
 */
export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";
