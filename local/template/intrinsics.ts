/**
 * Resolves intrinsic functions to plain values.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
import { isObject, type Properties } from "./values.ts";

/** What `Ref`, `Fn::GetAtt`, `Fn::If` and `Fn::FindInMap` look into. Each gives undefined for what it does not know. */
export interface Scope {
  /** Parameter, pseudo parameter or resource. */
  reference(name: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  condition(name: string): unknown;
  mapped(map: string, top: string, second: string): unknown;
  readonly region: string;
}

/** Value of AWS::NoValue: the property or list item that has it is left out. */
export const NO_VALUE = Symbol("AWS::NoValue");

export type Resolve = (value: unknown, path: string) => unknown;

/**
 * Gives the function that resolves any template value; `path` (`Resources.Queue.Properties.QueueName`) is where the value stands.
 * Error: an intrinsic that is unknown, malformed, or refers to something that is not there, with its path.
 */
export function createResolve(scope: Scope): Resolve {
  const resolve: Resolve = (value, path) => {
    if (typeof value === "string") return withoutDynamicReference(value, path);
    if (Array.isArray(value)) {
      return value.map((item, index) => resolve(item, `${path}[${index}]`)).filter((item) => item !== NO_VALUE);
    }
    if (!isObject(value)) return value;
    const intrinsic = intrinsicOf(value, path);
    if (intrinsic !== undefined) return call(intrinsic.name, intrinsic.argument, path);
    const members = Object.entries(value).map(([key, member]) => [key, resolve(member, `${path}.${key}`)] as const);
    return Object.fromEntries(members.filter(([, member]) => member !== NO_VALUE));
  };

  function call(name: string, argument: unknown, path: string): unknown {
    const run = functions[name];
    if (run === undefined) throw unresolvable(path, `${name} has no local form`);
    return run(argument, { scope, resolve, path, fail: (why) => unresolvable(path, `${name}: ${why}`) });
  }

  return resolve;
}

/** The intrinsic that this object is: exactly one member, `Ref` or `Fn::…`. */
function intrinsicOf(value: Properties, path: string): { name: string; argument: unknown } | undefined {
  const [[name, argument] = [], ...others] = Object.entries(value);
  const isFunction = Object.keys(value).some((key) => key.startsWith("Fn::"));
  if (name === undefined || !(isFunction || name === "Ref") || (name === "Ref" && others.length > 0)) return undefined;
  if (others.length > 0) throw unresolvable(path, "an intrinsic function beside other members");
  return { name, argument };
}

function unresolvable(path: string, why: string): Error {
  return new Error(`${path} cannot be resolved: ${why}`);
}

function withoutDynamicReference(text: string, path: string): string {
  const reference = /\{\{resolve:(\w[\w-]*):/.exec(text);
  if (reference) throw unresolvable(path, `a dynamic reference to ${reference[1]} is known only to AWS`);
  return text;
}

interface Call {
  readonly scope: Scope;
  readonly resolve: Resolve;
  readonly path: string;
  readonly fail: (why: string) => Error;
}

type IntrinsicFunction = (argument: unknown, call: Call) => unknown;

const functions: Readonly<Record<string, IntrinsicFunction>> = {
  Ref: (argument, { scope, fail }) => {
    const name = String(argument);
    const value = scope.reference(name);
    if (value === undefined) throw fail(`there is no parameter or resource '${name}'`);
    return value;
  },
  "Fn::GetAtt": (argument, call) => {
    const [logicalId, ...names] = typeof argument === "string" ? argument.split(".") : texts(argument, call, 2, 2);
    return attribute(String(logicalId), names.join("."), call);
  },
  "Fn::Join": (argument, call) => {
    const [separator, list] = items(argument, call, 2, 2);
    if (typeof separator !== "string") throw call.fail("the delimiter must be a text");
    return texts(list, call).join(separator);
  },
  "Fn::Split": (argument, call) => {
    const [separator, text] = texts(argument, call, 2, 2);
    return String(text).split(String(separator));
  },
  "Fn::Select": (argument, call) => {
    const [index, list] = items(argument, call, 2, 2);
    const at = Number(call.resolve(index, call.path));
    const choices = items(list, call);
    if (!Number.isInteger(at) || at < 0 || at >= choices.length) {
      throw call.fail(`index ${String(at)} is not in a list of ${choices.length}`);
    }
    return call.resolve(choices[at], call.path);
  },
  "Fn::Sub": (argument, call) => {
    const [text, own = {}] = typeof argument === "string" ? [argument] : items(argument, call, 1, 2);
    if (typeof text !== "string" || !isObject(own)) throw call.fail("needs a text, or a text and an object");
    return text.replaceAll(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (Object.hasOwn(own, name)) return scalar(call.resolve(own[name], `${call.path}.${name}`), call);
      const [logicalId, ...attributes] = name.split(".");
      if (attributes.length > 0) return scalar(attribute(String(logicalId), attributes.join("."), call), call);
      const value = call.scope.reference(name.trim());
      if (value === undefined) throw call.fail(`there is no parameter or resource '${name}'`);
      return scalar(value, call);
    });
  },
  "Fn::If": (argument, call) => {
    const [condition, yes, no] = items(argument, call, 3, 3);
    const holds = call.scope.condition(String(condition));
    if (typeof holds !== "boolean") throw call.fail(`there is no condition '${String(condition)}'`);
    return call.resolve(holds ? yes : no, call.path);
  },
  "Fn::FindInMap": (argument, call) => {
    const [map, top, second, fallback] = items(argument, call, 3, 4);
    const [mapName, topKey, secondKey] = texts([map, top, second], call);
    const found = call.scope.mapped(String(mapName), String(topKey), String(secondKey));
    if (found !== undefined) return found;
    if (isObject(fallback) && "DefaultValue" in fallback) return call.resolve(fallback.DefaultValue, call.path);
    throw call.fail(`mapping '${mapName}' has no '${topKey}' with '${secondKey}'`);
  },
  "Fn::Base64": (argument, call) =>
    Buffer.from(scalar(call.resolve(argument, call.path), call), "utf8").toString("base64"),
  "Fn::GetAZs": (argument, call) => {
    const region = scalar(call.resolve(argument, call.path), call) || call.scope.region;
    return ["a", "b", "c"].map((zone) => `${region}${zone}`);
  },
  "Fn::ImportValue": (argument, call) => {
    throw call.fail(`'${scalar(call.resolve(argument, call.path), call)}' is exported by another stack`);
  },
};

function attribute(logicalId: string, name: string, call: Call): unknown {
  const value = call.scope.attribute(logicalId, name);
  if (value === undefined) throw call.fail(`there is no attribute '${name}' of a resource '${logicalId}'`);
  return value;
}

/** A list argument, itself not resolved: its items may be. */
function items(argument: unknown, call: Call, least = 0, most = Number.POSITIVE_INFINITY): readonly unknown[] {
  const list = Array.isArray(argument) ? argument : call.resolve(argument, call.path);
  if (!Array.isArray(list) || list.length < least || list.length > most) {
    throw call.fail(
      least === 0 ? "needs a list" : `needs a list of ${least === most ? least : `${least} to ${most}`} items`,
    );
  }
  return list;
}

function texts(argument: unknown, call: Call, least = 0, most = Number.POSITIVE_INFINITY): string[] {
  return items(argument, call, least, most)
    .map((item) => call.resolve(item, call.path))
    .filter((item) => item !== NO_VALUE)
    .map((item) => scalar(item, call));
}

function scalar(value: unknown, call: Call): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  throw call.fail(`needs a text where it has ${value === NO_VALUE ? "AWS::NoValue" : JSON.stringify(value)}`);
}
