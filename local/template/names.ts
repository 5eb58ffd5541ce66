/** Local names, ARNs and attributes of resources: what CloudFormation would give for Ref and Fn::GetAtt. */
import { createHash } from "node:crypto";

/** One resource with the name it goes by. */
export interface Named {
  readonly logicalId: string;
  readonly name: string;
  readonly place: Place;
}

export interface Place {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly urlSuffix: string;
  /** Base of queue URLs: `https://sqs.REGION.amazonaws.com`, or an address of the local account. */
  readonly queueUrlBase: string;
}

export interface Kind {
  /** Property that sets the name; without it the name is generated. */
  readonly nameProperty?: string;
  readonly longestName: number;
  readonly ref: (resource: Named) => string;
  readonly attributes: Readonly<Record<string, (resource: Named) => string>>;
}

const arn = (service: string, resource: (name: string) => string) => (named: Named) => {
  const { partition, region, accountId } = named.place;
  return `arn:${partition}:${service}:${service === "iam" ? "" : region}:${accountId}:${resource(named.name)}`;
};
const name = (named: Named): string => named.name;

/** The URL of a queue. */
export const queueUrl = ({ name, place }: Named): string => `${place.queueUrlBase}/${place.accountId}/${name}`;

const apiId = ({ name }: Named): string => digest(name).slice(0, 10).toLowerCase();
const uuid = ({ name }: Named): string => uuidOf(name);

/**
 * Return values of the resource types that a stack like ours refers to. Source: "Return values" on each type's page of the
 * CloudFormation template reference.
 */
const kinds: Readonly<Record<string, Kind>> = {
  "AWS::Lambda::Function": {
    nameProperty: "FunctionName",
    longestName: 64,
    ref: name,
    attributes: { Arn: arn("lambda", (name) => `function:${name}`) },
  },
  "AWS::IAM::Role": {
    nameProperty: "RoleName",
    longestName: 64,
    ref: name,
    attributes: { Arn: arn("iam", (name) => `role/${name}`), RoleId: ({ name }) => `AROA${digest(name).slice(0, 16)}` },
  },
  "AWS::IAM::ManagedPolicy": {
    nameProperty: "ManagedPolicyName",
    longestName: 128,
    ref: arn("iam", (name) => `policy/${name}`),
    attributes: { PolicyArn: arn("iam", (name) => `policy/${name}`) },
  },
  "AWS::SQS::Queue": {
    nameProperty: "QueueName",
    longestName: 80,
    ref: queueUrl,
    attributes: { Arn: arn("sqs", (name) => name), QueueName: name, QueueUrl: queueUrl },
  },
  "AWS::Events::Rule": {
    nameProperty: "Name",
    longestName: 64,
    ref: name,
    attributes: { Arn: arn("events", (name) => `rule/${name}`) },
  },
  "AWS::Lambda::EventSourceMapping": {
    longestName: 128,
    ref: uuid,
    attributes: {
      Id: uuid,
      EventSourceMappingArn: (named) => arn("lambda", () => `event-source-mapping:${uuid(named)}`)(named),
    },
  },
  "AWS::Logs::LogGroup": {
    nameProperty: "LogGroupName",
    longestName: 512,
    ref: name,
    attributes: { Arn: arn("logs", (name) => `log-group:${name}:*`) },
  },
  "AWS::CloudWatch::Alarm": {
    nameProperty: "AlarmName",
    longestName: 255,
    ref: name,
    attributes: { Arn: arn("cloudwatch", (name) => `alarm:${name}`) },
  },
  "AWS::SNS::Topic": {
    nameProperty: "TopicName",
    longestName: 256,
    ref: arn("sns", (name) => name),
    attributes: { TopicArn: arn("sns", (name) => name), TopicName: name },
  },
  "AWS::ApiGateway::RestApi": {
    longestName: 128,
    ref: apiId,
    attributes: { RestApiId: apiId, RootResourceId: (named) => `${apiId(named)}root` },
  },
  "AWS::ApiGateway::Resource": { longestName: 128, ref: apiId, attributes: { ResourceId: apiId } },
  "AWS::ApiGateway::Deployment": { longestName: 128, ref: apiId, attributes: { DeploymentId: apiId } },
  "AWS::ApiGateway::Stage": { nameProperty: "StageName", longestName: 128, ref: name, attributes: {} },
};

const anyKind: Kind = { longestName: 128, ref: name, attributes: {} };

/** How resources of this type are named; a type that is not known has a generated name for Ref and no attributes. */
export function kindOf(type: string): Kind {
  return kinds[type] ?? anyKind;
}

/**
 * `STACK-LOGICALID-SUFFIX`, cut to `longest`, as CloudFormation makes names. The suffix comes from the two ids instead of chance, so that a
 * stack has the same names at every start.
 */
export function generatedName(stackName: string, logicalId: string, longest: number): string {
  const suffix = digest(`${stackName}/${logicalId}`).slice(0, 12);
  const head = `${stackName}-${logicalId}`.slice(0, longest - suffix.length - 1);
  return `${head}-${suffix}`;
}

/** A UUID made from the text. */
export function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-8$4-$5");
}

function digest(text: string): string {
  return [...createHash("sha256").update(text).digest()]
    .map((byte) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[byte % 32])
    .join("");
}
