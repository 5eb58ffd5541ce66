/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html */
import type { Resolve } from "./intrinsics.ts";
import { isObject, type Properties } from "./values.ts";

/**
 * Gives the function that evaluates a condition of the template by name; undefined for one that the template does not have.
 * Error: a condition that refers to itself, an unknown function or a malformed one, with its path.
 */
export function createConditions(conditions: Properties, resolve: Resolve): (name: string) => boolean | undefined {
  const known = new Map<string, boolean>();
  const underWay = new Set<string>();

  function byName(name: string): boolean | undefined {
    if (!Object.hasOwn(conditions, name)) return undefined;
    const before = known.get(name);
    if (before !== undefined) return before;
    if (underWay.has(name)) throw new Error(`Conditions.${name} refers to itself`);
    underWay.add(name);
    const value = evaluate(conditions[name], `Conditions.${name}`);
    underWay.delete(name);
    known.set(name, value);
    return value;
  }

  function evaluate(expression: unknown, path: string): boolean {
    const [[operator, argument] = [], ...others] = isObject(expression) ? Object.entries(expression) : [];
    if (operator === undefined || others.length > 0) throw new Error(`${path} must be one condition function`);
    const parts = (least: number, most: number): readonly unknown[] => {
      if (!Array.isArray(argument) || argument.length < least || argument.length > most) {
        throw new Error(`${path}: ${operator} needs ${least === most ? least : `${least} to ${most}`} items`);
      }
      return argument;
    };
    switch (operator) {
      case "Condition": {
        const value = byName(String(argument));
        if (value === undefined) throw new Error(`${path}: there is no condition '${String(argument)}'`);
        return value;
      }
      case "Fn::Equals": {
        const [left, right] = parts(2, 2).map((part) => resolve(part, path));
        return comparable(left) === comparable(right);
      }
      case "Fn::And":
        return parts(2, 10).every((part) => evaluate(part, path));
      case "Fn::Or":
        return parts(2, 10).some((part) => evaluate(part, path));
      case "Fn::Not":
        return !parts(1, 1).every((part) => evaluate(part, path));
      default:
        throw new Error(`${path}: ${operator} is not a condition function`);
    }
  }

  return byName;
}

/** Numbers and booleans equal their texts: template values are texts to CloudFormation. */
function comparable(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
