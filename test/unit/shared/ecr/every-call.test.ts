import { readdirSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { AutopilotError } from "#shared/errors.ts";
import { calls, sendsNothing } from "./every-call.ts";
import { type Answer, awsError, startScriptedEcr } from "./scripted-ecr.ts";
import type { TestedCall } from "./tested-call.ts";

interface Failure {
  readonly what: string;
  readonly answer: Answer;
  readonly code: string;
  readonly permanent: boolean;
  /** How often the SDK tries. */
  readonly attempts: number;
}

const failures: readonly Failure[] = [
  {
    what: "AccessDeniedException",
    answer: awsError("AccessDeniedException"),
    code: "ecr-denied",
    permanent: false,
    attempts: 1,
  },
  {
    what: "a denial with 403",
    answer: awsError("AccessDeniedException", 403),
    code: "ecr-denied",
    permanent: false,
    attempts: 1,
  },
  {
    what: "an expired token",
    answer: awsError("ExpiredTokenException"),
    code: "ecr-denied",
    permanent: false,
    attempts: 1,
  },
  { what: "throttling", answer: awsError("ThrottlingException"), code: "ecr-throttled", permanent: false, attempts: 3 },
  {
    what: "429",
    answer: awsError("TooManyRequestsException", 429),
    code: "ecr-throttled",
    permanent: false,
    attempts: 3,
  },
  { what: "500", answer: awsError("ServerException", 500), code: "ecr-unavailable", permanent: false, attempts: 3 },
  {
    what: "an unknown error with 500",
    answer: awsError("Surprise", 500),
    code: "ecr-unavailable",
    permanent: false,
    attempts: 3,
  },
  {
    what: "503 with a proxy's text",
    answer: { status: 503, text: "<html>Service Unavailable</html>" },
    code: "ecr-unavailable",
    permanent: false,
    attempts: 3,
  },
  { what: "a reset connection", answer: "reset", code: "ecr-unavailable", permanent: false, attempts: 3 },
  {
    what: "an unknown error",
    answer: awsError("SurpriseException"),
    code: "ecr-unknown",
    permanent: false,
    attempts: 1,
  },
  {
    what: "a refused parameter",
    answer: awsError("InvalidParameterException"),
    code: "ecr-invalid",
    permanent: true,
    attempts: 1,
  },
];

/** Errors of the API that some call takes for an outcome: each must be an error at all other calls. */
const absences: readonly [name: string, code: string][] = [
  ["RepositoryNotFoundException", "ecr-not-found"],
  ["TemplateNotFoundException", "ecr-not-found"],
  ["RepositoryAlreadyExistsException", "ecr-already-exists"],
  ["TemplateAlreadyExistsException", "ecr-already-exists"],
];
const kindOfAbsence = (name: string): string => (/NotFound/.test(name) ? "not-found" : "already-exists");

const title = ({ name, at }: TestedCall): string => (at === undefined ? name : `${name} (${at})`);

async function failureOf({ run, before = [], operation }: TestedCall, answer: Answer) {
  const [first = answer, ...rest] = [...before, answer];
  const scripted = await startScriptedEcr(first, ...rest);
  const error: unknown = await run(scripted).then(
    (given) => expect.fail(`it gave ${JSON.stringify(given)}`),
    (raised: unknown) => raised,
  );
  const { length } = scripted.operations;
  expect(scripted.operations).toEqual(Array.from({ length }, () => operation));
  return { error, attempts: length - before.length };
}

describe.each(calls.map((call) => [title(call), call] as const))("%s", (_, call) => {
  const raised = failures.filter(
    ({ answer }) => !call.normal.some((name) => isDeepStrictEqual(answer, awsError(name))),
  );
  it.each(raised.map((failure) => [failure.what, failure] as const))("raises %s", async (_what, failure) => {
    const { error, attempts } = await failureOf(call, failure.answer);

    expect(error).toBeInstanceOf(AutopilotError);
    expect(error).toMatchObject({ code: failure.code, permanent: failure.permanent });
    expect(attempts).toBe(failure.attempts);
  });

  const isNormal = new Set(call.normal.map(kindOfAbsence));
  it.each(absences.filter(([name]) => !isNormal.has(kindOfAbsence(name))))("raises %s", async (name, code) => {
    const { error, attempts } = await failureOf(call, awsError(name));

    expect(error).toBeInstanceOf(AutopilotError);
    expect(error).toMatchObject({ code, permanent: false });
    expect(attempts).toBe(1);
  });

  it.each(call.normal)("takes %s for an outcome", async (name) => {
    const [first = awsError(name), ...rest] = [...(call.before ?? []), awsError(name)];
    const scripted = await startScriptedEcr(first, ...rest);

    expect(await call.run(scripted)).toEqual(call.gives);
  });
});

describe("shared/ecr", () => {
  it("has no function that sends a command and is not tested here", async () => {
    const folder = new URL("../../../../shared/ecr/", import.meta.url);
    const files = readdirSync(folder).filter((file) => /(?<!\.d)\.ts$/.test(file));
    const modules: Record<string, unknown>[] = await Promise.all(
      files.map((file) => import(new URL(file, folder).href)),
    );
    const exported = modules.flatMap((module) =>
      Object.entries(module).flatMap(([name, value]) => (typeof value === "function" ? [name] : [])),
    );

    const known = new Set([...calls.map(({ name }) => name), ...Object.keys(sendsNothing)]);
    expect(exported.filter((name) => !known.has(name))).toEqual([]);
    expect([...known].filter((name) => !exported.includes(name))).toEqual([]);
  });
});
