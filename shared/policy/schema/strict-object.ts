import * as z from "zod";
import { nearest } from "../nearest.ts";

/** Says what a rule found wrong; `path` leads from the object or list to the member at fault. */
export type Report = (path: (string | number)[], message: string) => void;

/**
 * An object that refuses unknown keys and names the nearest known one; the message has one line for each unknown key, in zod's order.
 * `advice`: for keys that people write with a reason, what to do instead.
 */
export function strictObject<Shape extends z.ZodRawShape>(shape: Shape, advice: Readonly<Record<string, string>> = {}) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key: string) => advice[key] ?? unknownKey(key, known)).join("\n")
        : undefined,
  });
}

/**
 * A rule over several members of an object. It runs even when other rules have failed, so that all errors are told at once; so members may
 * be missing or of a wrong type, which zod tells, and the rule must bear it.
 */
export function objectRule(check: (value: Readonly<Record<string, unknown>>, report: Report) => void) {
  return ruleWhen(
    (value): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value),
    check,
  );
}

/** As `objectRule`, for the elements of a list. */
export function listRule(check: (elements: readonly unknown[], report: Report) => void) {
  return ruleWhen((value): value is unknown[] => Array.isArray(value), check);
}

/** Whether an unknown key of the object was told: it may well be the one that a rule misses. */
export function hasUnknownKey({ issues }: z.core.$RefinementCtx): boolean {
  return issues.some(({ code }) => code === "unrecognized_keys");
}

function ruleWhen<T>(applies: (value: unknown) => value is T, check: (value: T, report: Report) => void) {
  return z.superRefine<unknown>(
    (value, context) => {
      if (!applies(value)) return;
      check(value, (path, message) => context.addIssue({ code: "custom", path, message }));
    },
    { when: () => true },
  );
}

function unknownKey(key: string, known: readonly string[]): string {
  const advice = nearest(key, known) ?? (known.length === 1 ? known.join() : `one of ${known.join(", ")}`);
  return `unknown key ${JSON.stringify(key)}; write ${advice} instead`;
}
