/** What the names in a template stand for: parameters, pseudo parameters, mappings, conditions, and resources by local name. */
import { createConditions } from "./conditions.ts";
import { createResolve, NO_VALUE, type Resolve } from "./intrinsics.ts";
import type { RawResource } from "./local-template.ts";
import { generatedName, kindOf, type Named, type Place } from "./names.ts";
import { asObject, asText, isObject, type Properties } from "./values.ts";

export interface ScopeOptions {
  readonly template: Properties;
  readonly place: Place;
  readonly stackName: string;
  readonly stackId: string;
  /** Values for parameters; the others take their defaults. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface TemplateScope {
  readonly resolve: Resolve;
  /** Resources whose condition holds, or that have none. */
  readonly resources: Readonly<Record<string, RawResource>>;
  /** Name and place of one of `resources`. */
  readonly named: (logicalId: string) => Named;
}

/** Errors: a condition that cannot be evaluated; a name that refers to itself. */
export function createScope({ template, place, stackName, stackId, parameters }: ScopeOptions): TemplateScope {
  const section = (name: string): Properties => asObject(template[name] ?? {}, name);
  const declared = section("Parameters");
  const mappings = section("Mappings");
  const pseudo: Readonly<Record<string, unknown>> = {
    "AWS::AccountId": place.accountId,
    "AWS::NotificationARNs": [],
    "AWS::NoValue": NO_VALUE,
    "AWS::Partition": place.partition,
    "AWS::Region": place.region,
    "AWS::StackId": stackId,
    "AWS::StackName": stackName,
    "AWS::URLSuffix": place.urlSuffix,
  };
  const resources: Record<string, RawResource> = {};
  const names = new Map<string, string>();
  const underWay = new Set<string>();

  const resolve = createResolve({
    region: place.region,
    reference(name) {
      if (Object.hasOwn(pseudo, name)) return pseudo[name];
      if (Object.hasOwn(declared, name)) return parameter(name);
      return Object.hasOwn(resources, name) ? kind(name).ref(named(name)) : undefined;
    },
    attribute: (logicalId, attribute) =>
      Object.hasOwn(resources, logicalId) ? kind(logicalId).attributes[attribute]?.(named(logicalId)) : undefined,
    condition: (name) => holds(name),
    mapped(map, top, second) {
      const entry = asObject(mappings[map] ?? {}, `Mappings.${map}`)[top];
      return isObject(entry) ? entry[second] : undefined;
    },
  });
  const holds = createConditions(section("Conditions"), resolve);

  function parameter(name: string): unknown {
    const { Type, Default } = asObject(declared[name], `Parameters.${name}`);
    const value = parameters[name] ?? Default;
    if (value === undefined) throw new Error(`Parameters.${name} has no default, and no value was given`);
    if (parameters[name] === undefined && String(Type).startsWith("AWS::SSM::")) {
      throw new Error(`Parameters.${name} is read from the Parameter Store, which only AWS knows; give it a value`);
    }
    const isList = String(Type).startsWith("List<") || Type === "CommaDelimitedList";
    return isList ? asText(value, `Parameters.${name}`).split(",") : value;
  }

  function kind(logicalId: string) {
    return kindOf(resources[logicalId]?.Type ?? "");
  }

  function named(logicalId: string): Named {
    const name = names.get(logicalId) ?? nameOf(logicalId);
    names.set(logicalId, name);
    return { logicalId, name, place };
  }

  function nameOf(logicalId: string): string {
    const { nameProperty, longestName } = kind(logicalId);
    const given = nameProperty === undefined ? undefined : resources[logicalId]?.Properties?.[nameProperty];
    const path = `Resources.${logicalId}.Properties.${nameProperty}`;
    if (underWay.has(logicalId)) throw new Error(`${path} refers to itself`);
    underWay.add(logicalId);
    const name = given === undefined ? NO_VALUE : resolve(given, path);
    underWay.delete(logicalId);
    return name === NO_VALUE ? generatedName(stackName, logicalId, longestName) : asText(name, path);
  }

  for (const [logicalId, value] of Object.entries(section("Resources"))) {
    const resource = asObject(value, `Resources.${logicalId}`);
    const path = `Resources.${logicalId}`;
    const condition = resource.Condition;
    if (condition !== undefined) {
      const present = holds(asText(condition, `${path}.Condition`));
      if (present === undefined) throw new Error(`${path}.Condition: there is no condition '${String(condition)}'`);
      if (!present) continue;
    }
    resources[logicalId] = {
      Type: asText(resource.Type, `${path}.Type`),
      Properties: asObject(resource.Properties ?? {}, `${path}.Properties`),
    };
  }
  return { resolve, resources, named };
}
