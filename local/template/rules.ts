import type { InputTransformer, LocalRule, LocalTarget, RuleState } from "./local-template.ts";
import { arnOf, type Reading, type ReadResource, resourcesOf } from "./reading.ts";
import { asArray, asObject, asObjectOrJson, asText, optionalText, type Properties } from "./values.ts";

const TYPE = "AWS::Events::Rule";
const STATES: readonly RuleState[] = ["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"];

/** Members of a target that the local bus acts on, or whose absence changes nothing here (retries do not wait). */
const TARGET_MEMBERS = [
  "Arn",
  "Id",
  "Input",
  "InputPath",
  "InputTransformer",
  "DeadLetterConfig",
  "RetryPolicy",
  "RoleArn",
];

/**
 * AWS::Events::Rule on the default bus; rules on another bus are noted as unsupported and left out. Patterns and schedules are
 * checked by the bus, not here. Errors: a missing or wrong property.
 */
export function readRules(reading: Reading): LocalRule[] {
  return resourcesOf(reading, TYPE).flatMap((resource) => {
    const { logicalId, name, properties, path } = resource;
    const bus = optionalText(properties.EventBusName, `${path}.EventBusName`) ?? "default";
    if (bus !== "default" && !bus.endsWith(":event-bus/default")) {
      reading.unsupported({ logicalId, type: TYPE, reason: `its bus '${bus}' is not the default bus` });
      return [];
    }
    const pattern = properties.EventPattern;
    const schedule = optionalText(properties.ScheduleExpression, `${path}.ScheduleExpression`);
    if (pattern === undefined && schedule === undefined) {
      throw new Error(`${path} has neither EventPattern nor ScheduleExpression`);
    }
    return [
      {
        logicalId,
        name,
        arn: arnOf(reading, resource),
        state: stateOf(resource),
        ...(pattern === undefined ? {} : { pattern: asObjectOrJson(pattern, `${path}.EventPattern`) }),
        ...(schedule === undefined ? {} : { schedule }),
        targets: asArray(properties.Targets, `${path}.Targets`).map((value, index) =>
          targetOf(reading, resource, value, `${path}.Targets[${index}]`),
        ),
      },
    ];
  });
}

function stateOf({ properties, path }: ReadResource): RuleState {
  const told = optionalText(properties.State, `${path}.State`) ?? "ENABLED";
  const state = STATES.find((known) => known === told);
  if (state === undefined) throw new Error(`${path}.State must be one of ${STATES.join(", ")}, but is '${told}'`);
  return state;
}

function targetOf(reading: Reading, { logicalId }: ReadResource, value: unknown, path: string): LocalTarget {
  const target = asObject(value, path);
  for (const member of Object.keys(target)) {
    if (TARGET_MEMBERS.includes(member)) continue;
    reading.unsupported({
      logicalId,
      type: TYPE,
      reason: `${member} of target '${String(target.Id)}' is not acted on`,
    });
  }
  const input = optionalText(target.Input, `${path}.Input`);
  const inputPath = optionalText(target.InputPath, `${path}.InputPath`);
  const { Arn: deadLetterArn } = asObject(target.DeadLetterConfig ?? {}, `${path}.DeadLetterConfig`);
  return {
    arn: asText(target.Arn, `${path}.Arn`),
    id: asText(target.Id, `${path}.Id`),
    ...(input === undefined ? {} : { input }),
    ...(inputPath === undefined ? {} : { inputPath }),
    ...(target.InputTransformer === undefined
      ? {}
      : { inputTransformer: transformerOf(asObject(target.InputTransformer, `${path}.InputTransformer`), path) }),
    ...(deadLetterArn === undefined ? {} : { deadLetterArn: asText(deadLetterArn, `${path}.DeadLetterConfig.Arn`) }),
  };
}

function transformerOf({ InputPathsMap, InputTemplate }: Properties, path: string): InputTransformer {
  const at = `${path}.InputTransformer`;
  const paths = Object.entries(asObject(InputPathsMap ?? {}, `${at}.InputPathsMap`));
  return {
    paths: Object.fromEntries(paths.map(([name, value]) => [name, asText(value, `${at}.InputPathsMap.${name}`)])),
    template: asText(InputTemplate, `${at}.InputTemplate`),
  };
}
