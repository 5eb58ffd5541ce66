/**
 * Runs with every test file that shares its process with others (vitest.config.ts). What one of them changes in the process and does not put
 * back, the next would run with, and could pass or fail for it: so it fails the file itself. A file that cannot do without belongs among those
 * with a process of their own.
 */
import { afterAll, expect, vi } from "vitest";

/** What packages define when they are imported, be the process shared or not: the SDK, the CDK, zod; Powertools tells the SDK its name. */
const DEFINED_ON_IMPORT = ["awslambda", "__cdkTokenMap", "__zod_globalConfig", "__zod_globalRegistry"];
const SET_ON_IMPORT = ["AWS_SDK_UA_APP_ID"];

function globals(): Map<string, unknown> {
  const properties = Object.entries(Object.getOwnPropertyDescriptors(globalThis));
  const ours = properties.filter(([name]) => !DEFINED_ON_IMPORT.includes(name) && !name.startsWith("__vitest"));
  return new Map(ours.map(([name, { value, get }]) => [name, value ?? get]));
}

function environment(): Map<string, unknown> {
  const variables = Object.entries(process.env);
  return new Map(variables.filter(([name]) => !SET_ON_IMPORT.includes(name) && !name.startsWith("VITEST")));
}

function state() {
  const { stdout, stderr, exitCode } = process;
  const rest = { folder: process.cwd(), exitCode, stdout: stdout.write, stderr: stderr.write };
  return { globals: globals(), environment: environment(), rest: new Map<string, unknown>(Object.entries(rest)) };
}

function changed(before: Map<string, unknown>, after: Map<string, unknown>): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => !Object.is(before.get(name), after.get(name)));
}

const before = state();

// The first hook that was set is the last that runs, after the file's own.
afterAll(() => {
  const after = state();
  const left = {
    globals: changed(before.globals, after.globals),
    environment: changed(before.environment, after.environment),
    process: changed(before.rest, after.rest),
    timers: vi.isFakeTimers() ? ["fake"] : [],
  };
  const told = Object.entries(left).flatMap(([kind, names]) => names.map((name) => `${kind}: ${name}`));
  expect(told, "left behind for the next file").toEqual([]);
});
