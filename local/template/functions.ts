import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LocalFunction } from "./local-template.ts";
import { arnOf, type Reading, type ReadResource, resourcesOf } from "./reading.ts";
import { asInteger, asObject, asText, optionalText } from "./values.ts";

const TYPE = "AWS::Lambda::Function";

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime, "Reserved environment variables". */
const RESERVED = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_DEFAULT_REGION",
  "AWS_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_LAMBDA_RUNTIME_API",
  "LAMBDA_TASK_ROOT",
  "LAMBDA_RUNTIME_DIR",
]);

/**
 * AWS::Lambda::Function with inline code or an asset of the assembly, and a Node.js runtime; others are noted as unsupported and left out.
 * Defaults: 3 seconds, 128 MB (CloudFormation template reference).
 * Errors: a missing or wrong property, a reserved environment variable, an asset that is not there.
 */
export function readFunctions(reading: Reading): LocalFunction[] {
  return resourcesOf(reading, TYPE).flatMap((resource) => {
    const { logicalId, name, properties, path } = resource;
    const runtime = optionalText(properties.Runtime, `${path}.Runtime`) ?? "none";
    const codeDir = codeOf(reading, resource);
    if (!runtime.startsWith("nodejs") || codeDir === undefined) {
      const reason = runtime.startsWith("nodejs") ? "its code is not a folder of the assembly" : `runtime ${runtime}`;
      reading.unsupported({ logicalId, type: TYPE, reason });
      return [];
    }
    resource.without("Layers", "layers are not mounted");
    resource.without("VpcConfig", "the function runs without a VPC");
    resource.without("FileSystemConfigs", "file systems are not mounted");
    const reserved = properties.ReservedConcurrentExecutions;
    const recursiveLoop = optionalText(properties.RecursiveLoop, `${path}.RecursiveLoop`);
    return [
      {
        logicalId,
        name,
        arn: arnOf(reading, resource),
        runtime,
        handler: asText(properties.Handler, `${path}.Handler`),
        codeDir,
        environment: environmentOf(resource),
        timeoutSeconds: asInteger(properties.Timeout, `${path}.Timeout`, { fallback: 3, range: [1, 900] }),
        memoryMb: asInteger(properties.MemorySize, `${path}.MemorySize`, { fallback: 128, range: [128, 10_240] }),
        roleArn: asText(properties.Role, `${path}.Role`),
        logGroupName: logGroupOf(resource),
        ...(recursiveLoop === "Allow" && { allowsLoops: true }),
        ...(reserved === undefined
          ? {}
          : {
              reservedConcurrency: asInteger(reserved, `${path}.ReservedConcurrentExecutions`, { range: [0, 100_000] }),
            }),
      },
    ];
  });
}

function codeOf(reading: Reading, { logicalId, properties, path }: ReadResource): string | undefined {
  const { S3Key, ZipFile } = asObject(properties.Code, `${path}.Code`);
  if (ZipFile !== undefined) return inlineCode(reading, logicalId, asText(ZipFile, `${path}.Code.ZipFile`));
  if (S3Key === undefined) return undefined;
  const folder = reading.assembly.asset(asText(S3Key, `${path}.Code.S3Key`));
  if (folder === undefined) return undefined;
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined)
    throw new Error(`${path}.Code: the asset folder ${folder} is not there; synthesize the stack again`);
  return found.isDirectory() ? folder : undefined;
}

/** Inline source becomes index.js, https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html. */
function inlineCode({ assembly }: Reading, logicalId: string, source: string): string {
  const folder = join(assembly.directory, "inline-code", logicalId);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "index.js"), source);
  return folder;
}

function environmentOf({ properties, path }: ReadResource): Record<string, string> {
  const { Variables = {} } = asObject(properties.Environment ?? {}, `${path}.Environment`);
  const variables = Object.entries(asObject(Variables, `${path}.Environment.Variables`));
  const taken = variables.map(([key]) => key).filter((key) => RESERVED.has(key));
  if (taken.length > 0) {
    throw new Error(`${path}.Environment sets ${taken.join(", ")}, which Lambda keeps for itself`);
  }
  return Object.fromEntries(
    variables.map(([key, value]) => [key, asText(value, `${path}.Environment.Variables.${key}`)]),
  );
}

function logGroupOf({ name, properties, path }: ReadResource): string {
  const { LogGroup } = asObject(properties.LoggingConfig ?? {}, `${path}.LoggingConfig`);
  return optionalText(LogGroup, `${path}.LoggingConfig.LogGroup`) ?? `/aws/lambda/${name}`;
}
