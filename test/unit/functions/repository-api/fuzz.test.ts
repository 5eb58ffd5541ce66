/** Requests made at random out of the OpenAPI document, good ones and broken ones, against the whole handler. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApiDocument } from "#shared/api/document/open-api.ts";
import { PROBLEMS } from "#shared/api/problem.ts";
import { bare } from "../../shared/standards/fake-ecr.ts";
import { type ApiRequest, startApi } from "./start-api.ts";

const RUNS = 3_000;

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Operation {
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly "application/json": { readonly schema: Schema } } };
  readonly responses: Readonly<Record<string, unknown>>;
}

const document = JSON.parse(JSON.stringify(openApiDocument()));
const operations = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);

/** What nobody should send: other types, other letters, what walks in folders, what is code elsewhere. */
const NASTY = [
  "",
  "..",
  "../../etc/passwd",
  "%2e%2e%2f",
  "%252e%252e%252f",
  "team-a/%00",
  "%ff",
  "%",
  "__proto__",
  "constructor",
  "toString",
  "team-a/web\n",
  "team-a/web\u0000",
  "'; drop table",
  "{{7*7}}",
  "a".repeat(257),
  "😀",
  "\ud800",
  "null",
  "[]",
  "1e999",
];
const nasty = fc.constantFrom(...NASTY);
const anyText = fc.oneof(nasty, fc.string({ maxLength: 40 }), fc.string({ unit: "binary", maxLength: 20 }));
const anyValue = fc.oneof(anyText, fc.jsonValue({ maxDepth: 2 }));
/** Names that mean something to the registry of the test. */
const names = fc.constantFrom("team-a/web", "team-a/new", "team-a/tmp-x", "team-b/web", "team-a/a__b.c-d", "no/where");

function valid(
  name: string,
  { type, enum: values, const: only, pattern, properties, required = [] }: Schema,
): fc.Arbitrary<unknown> {
  if (only !== undefined) return fc.constant(only);
  if (values !== undefined) return fc.constantFrom(...values);
  if (properties !== undefined) {
    const fields = Object.entries(properties).map(([field, schema]) => [field, valid(field, schema)] as const);
    return fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
  }
  if (name === "name" || name === "repository") return names;
  if (name === "tag") return fc.constantFrom("v1", "v2", "dev-1");
  if (name === "next") return fc.constantFrom("e30", "eyJmcm9tIjoieCJ9", "team-a/web", "stale");
  if (name === "id") return fc.constantFrom("m1", "m2", "replay");
  if (type === "string" && pattern !== undefined) return fc.stringMatching(new RegExp(pattern, "u"));
  throw new Error(`no value for ${name}`);
}

/** Mostly as described, so that requests get far; sometimes not at all. */
const rarely = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: odd });

/** A path that fits into a request line: what a client could send. */
const inLine = (text: string) => encodeURI(text.toWellFormed()).replaceAll("%25", "%");

const requests: fc.Arbitrary<ApiRequest> = fc.constantFrom(...operations).chain(({ path, method, operation }) => {
  const given = (where: Parameter["in"]) => operation.parameters.filter((parameter) => parameter.in === where);
  const fields = Object.fromEntries(
    given("query").map(({ name, schema }) => [name, rarely(valid(name, schema).map(String), anyText)]),
  );
  const needed = given("query")
    .filter(({ required }) => required)
    .map(({ name }) => name);
  const query = rarely(
    fc.record(fields, { requiredKeys: needed }) as fc.Arbitrary<Record<string, string>>,
    fc.dictionary(anyText, anyText, { maxKeys: 3 }),
  );
  const schema = operation.requestBody?.content["application/json"].schema;
  const body = rarely(
    schema === undefined ? fc.constant<unknown>(undefined) : valid("body", schema),
    fc.oneof(anyValue, fc.dictionary(anyText, anyValue, { maxKeys: 4 })),
  );
  const [parameter] = given("path");
  const place =
    parameter === undefined
      ? fc.constant(path)
      : rarely(valid(parameter.name, parameter.schema).map(String), anyText).map((value) =>
          inLine(path.replace(`{${parameter.name}}`, () => value)),
        );
  const headers = rarely(
    fc.constant<Record<string, string>>({}),
    fc.dictionary(
      fc.constantFrom("if-none-match", "if-match", "content-type", "accept"),
      fc.constantFrom("*", '"x"', "text/plain", "application/json"),
    ),
  );
  return fc.record({
    method: rarely(fc.constant(method), fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD")),
    path: place.map((one) => (one.startsWith("/") ? one : `/${one}`)),
    query,
    body,
    headers,
  });
});

const unhandled: unknown[] = [];
const keep = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => void process.on("unhandledRejection", keep));
afterAll(() => void process.off("unhandledRejection", keep));

describe("whatever is sent", () => {
  it("is never a failure of ours, is answered as the document says, and changes nothing when it is refused", async () => {
    const statuses = new Map<string, number>();

    await fc.assert(
      fc.asyncProperty(requests, async (made) => {
        const { request, changes, failures } = startApi({
          repositories: { "team-a/web": bare(), "team-b/web": bare() },
          images: ["team-a/web:v1"],
          answer: () => ({ mode: "plan", exists: true, states: [], mirrors: [] }),
          dead: [
            {
              id: "m1",
              function: "mirror-image",
              kind: undefined,
              repository: undefined,
              sentAt: undefined,
              receives: 5,
            },
          ],
        });

        const { status, headers, body } = await request(made);

        expect(status, JSON.stringify(body)).toBeLessThan(500);
        expect(failures).toEqual([]);
        const key = `${made.method} ${status}`;
        statuses.set(key, (statuses.get(key) ?? 0) + 1);
        if (status < 400) {
          const found = operations.find(
            ({ method, operation }) => method === made.method && status in operation.responses,
          );
          expect(found, key).toBeDefined();
          return;
        }
        expect(changes()).toEqual([]);
        expect(headers?.["Content-Type"]).toBe("application/problem+json");
        expect(body).toMatchObject({ status, requestId: "req-1", detail: expect.stringMatching(/\S/) });
        expect(PROBLEMS).toHaveProperty(body.code);
      }),
      { numRuns: RUNS },
    );

    expect(unhandled).toEqual([]);
    // The property would hold for an API that refuses everything, too.
    for (const key of ["GET 200", "PUT 200", "PUT 201", "POST 200", "POST 202", "POST 422", "PUT 422", "GET 404"]) {
      expect(statuses.get(key), key).toBeGreaterThan(0);
    }
  });
});
