import type { Cut } from "./lean-sdk.ts";

/**
 * In the order of what they save, from 35 KB compressed down to 0.3. test/unit/infra/sdk-cuts.test.ts holds that the clients do their work
 * without them; what saves less than 0.15 KB is not worth a line here.
 */
export const CUTS: readonly Cut[] = [
  {
    module: "@aws-sdk/credential-provider-node/dist-es/defaultProvider.js",
    why: "A function has its credentials in its environment: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    instead: `export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";`,
  },
  {
    module: "@smithy/core/dist-es/submodules/event-streams/index.js",
    why: "No operation of ECR, ECR Public, EventBridge or SQS has an event stream (API models).",
  },
  {
    module: "@aws-sdk/client-*/dist-es/schemas/schemas_0.js",
    why: "Without its own class an error is the service's base exception, with the same name, message and members.",
    edit: (source) =>
      source
        .replaceAll(/^n0_registry\.registerError\(.*\);$/gm, "")
        .replaceAll(/^export var \w+\$ = \[-3, n0, [\s\S]*?^\];$/gm, ""),
  },
  {
    module: "@aws-sdk/client-*/package.json",
    why: "A client reads nothing of it but its version, for the user agent.",
    edit: (source) => JSON.stringify({ version: JSON.parse(source).version }),
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
    module: "@smithy/core/dist-es/submodules/protocols/HttpBindingNormalizedSchema.js",
    why: "AWS JSON binds nothing to path, query or headers, and no operation of these services has a host prefix or any other trait.",
    instead:
      "export function getHttpOperationBindings({ traits }) { return traits ? never('a trait of an operation') : []; }",
  },
  {
    module: "@smithy/core/dist-es/submodules/config/node-config-provider/fromSharedConfigFiles.js",
    why: "A function has no ~/.aws/config: the next source of a setting is asked, as when the file is missing, without looking for it.",
    instead: `import { CredentialsProviderError } from "../property-provider/CredentialsProviderError";
    export function fromSharedConfigFiles() { return () => Promise.reject(new CredentialsProviderError("no configuration files")); }`,
  },
  {
    module: "@aws-sdk/signature-v4-multi-region/dist-es/SignatureV4MultiRegion.js",
    why: "For EventBridge's global endpoints, which take an EndpointId; we send to the bus of our own Region.",
    instead: `import { SignatureV4 } from "@smithy/signature-v4";
    export class SignatureV4MultiRegion extends SignatureV4 { static sigv4aDependency() { return "none"; } }`,
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
    module: "@smithy/core/dist-es/submodules/checksum/md5/Md5Node.js",
    why: "shared/messaging/clients.ts makes SQS's client without MD5.",
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
    module: "@smithy/core/dist-es/submodules/protocols/json/codec-v2/JsonBytesStringAdapter.js",
    why: "Lets middleware take the request's bytes for a string, with a warning. We have no such middleware.",
    instead: "export const JsonBytesStringAdapter = Buffer;",
  },
  {
    module: "@smithy/core/dist-es/submodules/endpoints/util-endpoints/lib/parseURL.js",
    why: "A function for the endpoint rules of other services.",
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
    module: "@aws-lambda-powertools/logger/lib/esm/logBuffer.js",
    why: "Keeps log lines back until an error comes; our lines are written at once.",
  },
];

interface PartitionsInfo {
  readonly partitions: readonly {
    readonly regionRegex: string;
    readonly regions: Readonly<Record<string, object>>;
  }[];
}

/** `export const partitionsInfo = {…};`, which is JSON but for its frame, without the Regions that their partition's pattern finds. */
function withoutDescriptions(source: string): string {
  const [, frame, json] = /^(export const partitionsInfo = )(\{.*\});\s*$/s.exec(source) ?? [];
  if (frame === undefined || json === undefined) return source;
  const { partitions, ...rest } = JSON.parse(json) as PartitionsInfo;
  const lean = partitions.map((partition) => {
    const odd = Object.keys(partition.regions).filter((region) => !new RegExp(partition.regionRegex).test(region));
    return { ...partition, regions: Object.fromEntries(odd.map((region) => [region, {}])) };
  });
  return `${frame}${JSON.stringify({ partitions: lean, ...rest })};`;
}
