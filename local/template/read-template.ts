/** A synthesized stack as the local account runs it: every rule, queue, mapping, function and role is read here and written nowhere else. */
import { readAssembly } from "./assembly.ts";
import { readEventSourceMappings } from "./event-source-mappings.ts";
import { readFunctions } from "./functions.ts";
import type { LocalTemplate, Unsupported } from "./local-template.ts";
import { type Place, uuidOf } from "./names.ts";
import { readQueues } from "./queues.ts";
import type { Reading } from "./reading.ts";
import { readRoles } from "./roles.ts";
import { readRules } from "./rules.ts";
import { createScope } from "./scope.ts";

export interface ReadTemplateOptions {
  /** The folder that the synthesis wrote (`cdk.out`). */
  readonly assemblyDir: string;
  /** Needed only when the assembly holds several stacks. */
  readonly stackName?: string;
  readonly accountId: string;
  readonly region: string;
  readonly stackId?: string;
  /** Values for the template's parameters; the others take their defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Base of queue URLs; default `https://sqs.REGION.amazonaws.com`. */
  readonly queueUrlBase?: string;
}

/** Types that the readers above turn into something, and those of API Gateway, which local/api-gateway reads for itself. */
const READ = new Set([
  "AWS::ApiGateway::Deployment",
  "AWS::ApiGateway::Method",
  "AWS::ApiGateway::Resource",
  "AWS::ApiGateway::RestApi",
  "AWS::ApiGateway::Stage",
  "AWS::Events::Rule",
  "AWS::IAM::ManagedPolicy",
  "AWS::IAM::Policy",
  "AWS::IAM::Role",
  "AWS::Lambda::EventSourceMapping",
  "AWS::Lambda::Function",
  "AWS::SQS::Queue",
  "AWS::SQS::QueuePolicy",
]);

/**
 * Types that change nothing in what runs: who watches and is told, what is kept, who may call what AWS itself calls, and the parameter that keeps
 * a second stack out of the account.
 */
const INERT = new Set([
  "AWS::ApiGateway::Account",
  "AWS::CDK::Metadata",
  "AWS::CloudWatch::Alarm",
  "AWS::CloudWatch::CompositeAlarm",
  "AWS::CloudWatch::Dashboard",
  "AWS::KMS::Key",
  "AWS::Lambda::Permission",
  "AWS::Logs::LogGroup",
  "AWS::Logs::MetricFilter",
  "AWS::SNS::Topic",
  "AWS::SNS::TopicPolicy",
  "AWS::SSM::Parameter",
]);

/**
 * Reads one stack of a cloud assembly and resolves it to plain values with local names, ARNs and URLs. The names are the same at every start.
 *
 * What AWS would do and the local account does not is listed in `unsupported`, never passed over in silence.
 * Errors: a file that is missing or no JSON, an intrinsic that cannot be resolved, a property that AWS would refuse; each names
 * the resource and the path.
 */
export function readTemplate(options: ReadTemplateOptions): LocalTemplate {
  const { assemblyDir, accountId, region } = options;
  const assembly = readAssembly(assemblyDir, options.stackName);
  const { stackName } = assembly;
  const place = placeOf(options);
  const stackId =
    options.stackId ??
    `arn:${place.partition}:cloudformation:${region}:${accountId}:stack/${stackName}/${uuidOf(stackName)}`;
  const { parameters = {} } = options;
  const scope = createScope({ template: assembly.template, place, stackName, stackId, parameters });

  const unsupported: Unsupported[] = [];
  for (const [logicalId, { Type: type }] of Object.entries(scope.resources)) {
    if (!READ.has(type) && !INERT.has(type))
      unsupported.push({ logicalId, type, reason: "this type has no local form" });
  }
  const reading: Reading = { scope, assembly, unsupported: (found) => unsupported.push(found) };
  const functions = readFunctions(reading);
  const queues = readQueues(reading);
  return {
    stackName,
    stackId,
    accountId,
    region,
    functions,
    queues,
    roles: readRoles(reading),
    rules: readRules(reading),
    eventSourceMappings: readEventSourceMappings(reading, { functions, queues }),
    unsupported,
    resources: scope.resources,
    resolve: scope.resolve,
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html */
function placeOf({ accountId, region, queueUrlBase }: ReadTemplateOptions): Place {
  if (!/^\d{12}$/.test(accountId)) throw new Error(`an account id has 12 digits, but is '${accountId}'`);
  const isChina = region.startsWith("cn-");
  const urlSuffix = isChina ? "amazonaws.com.cn" : "amazonaws.com";
  const partition = isChina ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  return {
    accountId,
    region,
    partition,
    urlSuffix,
    queueUrlBase: queueUrlBase ?? `https://sqs.${region}.${urlSuffix}`,
  };
}
