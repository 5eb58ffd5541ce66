import { replaced, withoutDescriptions, withoutErrors, withPlainKeys } from "./cut-text.ts";
import { INVOKE_ONLY } from "./invoke-only.ts";
import type { Cut } from "./lean-sdk.ts";

/**
 * In the order of what they save, from 35 KB compressed down to 0.15; less is not worth a line here. Of two that find a module the first
 * has it. test/unit/infra/sdk-cuts.test.ts holds that the clients do their work without them, sdk-wire.test.ts that they send what the
 * whole SDK sends, sdk-left-out.test.ts that what is reached after all says so.
 */
export const CUTS: readonly Cut[] = [
  {
    module: "@aws-sdk/credential-provider-node/dist-es/defaultProvider.js",
    why: "A function has its credentials in its environment: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    instead: `export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";`,
  },
  {
    module: "@smithy/core/dist-es/submodules/event-streams/index.js",
    why: "No operation of ECR, ECR Public, EventBridge or SQS has an event stream, nor has Lambda's Invoke (API models).",
    instead: "export function resolveEventStreamSerdeConfig(config) { return config; }",
  },
  {
    module: "@aws-sdk/client-ecr/dist-es/schemas/schemas_0.js",
    why: "As for the other clients, and: shared/ecr/scan-findings.ts reads nothing of what lies deeper in a finding. It stays as it comes, its times as numbers.",
    edit: (source) =>
      replaced(
        withoutErrors(source),
        "0",
        "() => Remediation$",
        "() => ResourceList",
        "() => ScoreDetails$",
        "() => CvssScoreList",
        "() => VulnerablePackagesList",
        "() => AttributeList",
      ),
  },
  {
    module: "@aws-sdk/core/dist-es/submodules/protocols/json/AwsRestJsonProtocol.js",
    why: "Lambda's Invoke is the one call of a REST service, and needs little of what REST services need.",
    instead: INVOKE_ONLY,
  },
  {
    module: "@aws-sdk/client-lambda/dist-es/schemas/schemas_0.js",
    why: "As for the other clients; and of all the operations that Lambda has, one is called.",
    edit: (source) => withPlainKeys(withoutErrors(source)),
  },
  {
    module: "@aws-sdk/client-*/dist-es/schemas/schemas_0.js",
    why: "Without its own class an error is the service's base exception, with the same name, message and members; and XML names, which AWS JSON has no use for, keep every schema of SQS.",
    edit: withoutErrors,
  },
  {
    module: "@smithy/core/dist-es/submodules/serde/date-utils.js",
    why: "AWS JSON has times as numbers: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html",
    instead: `export function parseEpochTimestamp(value) {
      return typeof value === "number" ? new Date(Math.round(value * 1000)) : never("a time that is not a number");
    }`,
  },
  {
    module: "@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js.js",
    why: "For runtimes without node:crypto.",
  },
  {
    module: "@aws-sdk/client-*/package.json",
    why: "A client reads nothing of it but its version, for the user agent.",
    edit: (source) => JSON.stringify({ version: JSON.parse(source).version }),
  },
  {
    module: "@aws-sdk/signature-v4-multi-region/dist-es/SignatureV4MultiRegion.js",
    why: "For EventBridge's global endpoints, which take an EndpointId; we send to the bus of our own Region.",
    instead: `import { SignatureV4 } from "@smithy/signature-v4";
    export class SignatureV4MultiRegion extends SignatureV4 { static sigv4aDependency() { return "none"; } }`,
  },
  {
    module: "@smithy/core/dist-es/submodules/protocols/HttpBindingNormalizedSchema.js",
    why: "AWS JSON binds nothing to path, query or headers, and no operation of these services has a host prefix or any other trait but CloudTrail's 2, idempotent, which nothing asks for; Lambda's calls go past it (invoke-only.ts).",
    instead:
      "export function getHttpOperationBindings({ traits }) { return traits && traits !== 2 ? never('a trait of an operation') : []; }",
  },
  {
    module: "@smithy/core/dist-es/submodules/config/node-config-provider/fromSharedConfigFiles.js",
    why: "A function has no ~/.aws/config: the next source of a setting is asked, as when the file is missing, without looking for it.",
    instead: `import { CredentialsProviderError } from "../property-provider/CredentialsProviderError";
    export function fromSharedConfigFiles() { return () => Promise.reject(new CredentialsProviderError("no configuration files")); }`,
  },
  {
    module: "@smithy/signature-v4/dist-es/HeaderFormatter.js",
    why: "Signs the messages of event streams.",
    instead: "export class HeaderFormatter { format() { never('HeaderFormatter'); } }",
  },
  {
    module: "@smithy/core/dist-es/submodules/retry/util-retry/AdaptiveRetryStrategy.js",
    why: "Standard retries, the default, are what shared/ecr/clients.ts is written for.",
  },
  {
    module: "@smithy/core/dist-es/submodules/checksum/md5/Md5Node.js",
    why: "shared/messaging/clients.ts makes SQS's client without MD5.",
  },
  {
    module: "@aws-sdk/client-*/dist-es/runtimeExtensions.js",
    why: "Our clients are made without extensions, and then this gives the configuration back as it is.",
    instead: `export function resolveRuntimeExtensions(config, extensions) {
      return extensions.length > 0 ? never("extensions of a client") : config;
    }`,
  },
  {
    module: "@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js",
    why: "The list of Regions carries their descriptions. A Region's partition follows from the pattern of its name; the few names without one stay.",
    edit: withoutDescriptions,
  },
  {
    module: "@aws/lambda-invoke-store/dist-es/invoke-store.js",
    why: "Lambda's runtime brings its own as a global, which is asked; this one would be empty.",
  },
  {
    module: "@smithy/core/dist-es/submodules/config/config-resolver/regionConfig/getInstanceMetadataRegion.js",
    why: "Lambda sets AWS_REGION.",
  },
  {
    module: "@smithy/core/dist-es/submodules/protocols/json/jsonReviver.js",
    why: "Keeps numbers with more digits than JavaScript's. These services have none (API models), but every error is read with it.",
    instead: "export function jsonReviver(key, value) { return value; }",
  },
  {
    module: "@aws-sdk/client-eventbridge/dist-es/auth/httpAuthSchemeProvider.js",
    why: "Signatures for global endpoints (see SignatureV4MultiRegion). Without an EndpointId this is what is left, as in the other clients.",
    instead: `import { resolveAwsSdkSigV4Config } from "@aws-sdk/core/httpAuthSchemes";
    import { normalizeProvider } from "@smithy/core/client";
    export async function defaultEventBridgeHttpAuthSchemeParametersProvider(config) {
      return { region: await config.region() };
    }
    export function defaultEventBridgeHttpAuthSchemeProvider({ region }) {
      return [{
        schemeId: "aws.auth#sigv4",
        signingProperties: { name: "events", region },
        propertiesExtractor: (config, context) => ({ signingProperties: { config, context } }),
      }];
    }
    export function resolveHttpAuthSchemeConfig(config) {
      return Object.assign(resolveAwsSdkSigV4Config(config), {
        authSchemePreference: normalizeProvider(config.authSchemePreference ?? []),
      });
    }`,
  },
  {
    module: "@aws-lambda-powertools/logger/lib/esm/LogInvocationStore.js",
    why: "Tells invocations that run at the same time apart, and keeps log lines back until an error comes. Ours run one at a time (the stack's functions are on demand), and their lines are written at once.",
    instead: `export class LogInvocationStore {
      constructor(level) { this.level = level; }
      getLogLevel() { return this.level; }
      getBaseLogLevel() { return this.level; }
      setLogLevel(level) { this.level = level; }
      setBaseLogLevel(level) { this.level = level; }
      configureBuffer() { never("configureBuffer"); }
    }`,
  },
  {
    module: "@smithy/core/dist-es/submodules/endpoints/util-endpoints/lib/parseURL.js",
    why: "A function for the endpoint rules of other services.",
  },
  {
    module: "@smithy/core/dist-es/submodules/protocols/json/codec-v2/JsonBytesStringAdapter.js",
    why: "Lets middleware take the request's bytes for a string, with a warning. We have no such middleware.",
    instead: "export const JsonBytesStringAdapter = Buffer;",
  },
  {
    module: "@aws-lambda-powertools/logger/lib/esm/formatter/LogFormatter.js",
    why: "Writes a line's time with the offset of the zone in TZ. Lambda's is :UTC, and the stack sets no other.",
    edit: (source) =>
      replaced(source, "", /if \(configuredTimezone [\s\S]*?;/, / {4}#resolveTimezone = [\s\S]*(?=\n\}\nexport )/),
  },
  {
    module: "@aws-sdk/core/dist-es/submodules/client/emitWarningIfUnsupportedVersion.js",
    why: "Warns of a Node.js older than 22.",
    instead: "export function emitWarningIfUnsupportedVersion() {}",
  },
  {
    module: "@smithy/core/dist-es/submodules/endpoints/middleware-endpoint/service-customizations/s3.js",
    why: "Names of S3's buckets.",
  },
  {
    module: "@aws-sdk/core/dist-es/submodules/client/middleware-user-agent/check-features.js",
    why: "Finds out for the user agent what is settled here: standard retries (E), credentials from the environment (g).",
    instead: `import { setFeature } from "../setFeature";
    export function checkFeatures(context) {
      setFeature(context, "RETRY_MODE_STANDARD", "E");
      setFeature(context, "CREDENTIALS_ENV_VARS", "g");
    }`,
  },
  {
    module: "@smithy/core/dist-es/submodules/config/defaults-mode/resolveDefaultsModeConfig.js",
    why: "The stack sets no AWS_DEFAULTS_MODE, and without one it is the legacy mode, which changes no setting.",
    instead: `export function resolveDefaultsModeConfig() {
      return process.env.AWS_DEFAULTS_MODE ? never("AWS_DEFAULTS_MODE") : async () => "legacy";
    }`,
  },
  {
    module: "@aws-sdk/core/dist-es/submodules/client/util-endpoints/aws.js",
    why: "No endpoint rule of these services takes ARNs or buckets apart.",
    instead: `import { partition } from "./lib/aws/partition";
    export const awsEndpointFunctions = { partition };`,
  },
  {
    module: "@aws-sdk/middleware-sdk-sqs/dist-es/queue-url.js",
    why: "shared/messaging/clients.ts makes SQS's client with useQueueUrlAsEndpoint: false.",
    instead: `export function resolveQueueUrlConfig(config) {
      return config.useQueueUrlAsEndpoint === false ? config : never("useQueueUrlAsEndpoint");
    }
    export function getQueueUrlPlugin() { return { applyToStack() {} }; }`,
  },
  {
    module: "@aws-sdk/core/dist-es/submodules/client/middleware-logger/loggerMiddleware.js",
    why: "Our clients have no logger.",
    instead: "export function getLoggerPlugin() { return { applyToStack() {} }; }",
  },
  {
    module: "@aws-sdk/core/dist-es/submodules/client/middleware-recursion-detection/recursionDetectionMiddleware.js",
    why: "The same headers, without looking for a store that Lambda's runtime did not bring, or for headers that somebody else has set.",
    instead: `export const recursionDetectionMiddleware = () => (next) => (args) => {
      const { headers } = args.request;
      const store = globalThis.awslambda?.InvokeStore;
      const traceId = store?.getXRayTraceId() ?? process.env._X_AMZN_TRACE_ID;
      if (process.env.AWS_LAMBDA_FUNCTION_NAME && traceId) headers["X-Amzn-Trace-Id"] = traceId;
      const traceparent = store?.getTraceparent?.();
      const tracestate = traceparent && store.getTracestate?.();
      const baggage = traceparent && store.getBaggage?.();
      for (const [name, value] of Object.entries({ traceparent, tracestate, baggage })) if (value) headers[name] = value;
      return next(args);
    }`,
  },
  {
    module: "@aws-sdk/middleware-sdk-sqs/dist-es/send-message.js",
    why: "Checks the MD5 that shared/messaging/clients.ts leaves out.",
    instead: `export function getSendMessagePlugin({ md5 }) {
      return md5 === false ? { applyToStack() {} } : never("the MD5 of a message");
    }`,
  },
  {
    module: "@smithy/core/dist-es/submodules/client/smithy-client/schemaLogFilter.js",
    why: "For the logger that our clients do not have.",
  },
];
