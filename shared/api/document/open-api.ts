import * as z from "zod";
import { PROBLEM_TYPE, PROBLEMS, type ProblemCode } from "../problem.ts";
import { BODIES, MOST_PER_PAGE, QUERIES, repositoryName } from "../requests.ts";
import { ANSWERS, problem } from "./answers.ts";
import { type ApiOperation, OPERATIONS } from "./operations.ts";

type Json = Readonly<Record<string, unknown>>;

/** What a body of several forms needs, which its schema in requests.ts leaves to the use case. */
const FORMS: Readonly<Record<string, Json>> = {
  mirror: {
    oneOf: [{ required: ["repository", "tag"] }, { required: ["repository", "digest"] }, { required: ["everything"] }],
  },
};

const TEXTS: Readonly<Record<string, string>> = {
  filter: "drifted: differs from its standard; misnamed: its name breaks a rule; mirrored: a mirror rule names it.",
  limit: `1 to ${MOST_PER_PAGE}, which is also the default.`,
  next: "What an earlier answer gave as next.",
  repository: "A private repository.",
  tag: "Not beside digest.",
  digest: "Not beside tag.",
};

/** Problems that any request may meet. */
const COMMON = ["route-unknown", "method-not-allowed", "request-invalid", "internal-error", "unavailable"] as const;
const WITH_BODY = ["body-malformed", "body-too-large", "content-type-unsupported"] as const;

/**
 * The OpenAPI 3.1 document of the REST API, made of the schemas that check its requests. https://spec.openapis.org/oas/v3.1.1.html
 * Used when the functions are bundled; nothing of it is part of a bundle.
 */
export function openApiDocument(): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: described(operation) };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "ecr-autopilot",
      version: "1",
      description:
        "Private; every request is signed with AWS Signature Version 4 for the service execute-api. What API Gateway itself refuses (403, 429, 504) has its own form.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    // Beside this document, whatever the API's address is.
    servers: [{ url: "./" }],
    security: [{ iam: [] }],
    paths,
    components: {
      schemas: { ...mapped(ANSWERS, schemaOf), problem: schemaOf(problem) },
      responses: mapped(PROBLEMS, ({ title }, code) => ({
        description: `${code}: ${title}.`,
        content: { [PROBLEM_TYPE]: { schema: { $ref: "#/components/schemas/problem" } } },
      })),
      securitySchemes: {
        iam: {
          type: "apiKey",
          in: "header",
          name: "Authorization",
          description: "AWS Signature Version 4",
          "x-amazon-apigateway-authtype": "awsSigv4",
        },
      },
    },
  };
}

function described({ id, summary, path, query, body, answers, problems = [] }: ApiOperation): Json {
  const codes = [...problems, ...COMMON, ...(body === undefined ? [] : WITH_BODY)];
  return {
    operationId: id,
    summary,
    parameters: [...inPath(path), ...(id === "ensureRepository" ? [IF_NONE_MATCH] : []), ...inQuery(query)],
    ...(body !== undefined && {
      requestBody: {
        required: body !== "nothing",
        content: { "application/json": { schema: { ...schemaOf(BODIES[body]), ...FORMS[body] } } },
      },
    }),
    responses: {
      ...mapped(answers, (answer) => ({
        description: summary,
        content: { "application/json": { schema: { $ref: `#/components/schemas/${answer}` } } },
      })),
      ...problemResponses(codes),
    },
  };
}

/** One response for each status; where several codes share it, all of them are named. */
function problemResponses(codes: readonly ProblemCode[]): Record<string, Json> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const responses = [...byStatus].map(([status, [first, ...others]]) => {
    if (others.length === 0) return [status, { $ref: `#/components/responses/${first}` }] as const;
    const description = [first, ...others].map((code) => `${code}: ${PROBLEMS[code as ProblemCode].title}.`).join(" ");
    const content = { [PROBLEM_TYPE]: { schema: { $ref: "#/components/schemas/problem" } } };
    return [status, { description, content }] as const;
  });
  return Object.fromEntries(responses);
}

const IF_NONE_MATCH: Json = {
  name: "If-None-Match",
  in: "header",
  description: "To create only: a repository that is there already is answered with 412.",
  schema: { type: "string", enum: ["*"] },
};

function inPath(path: string): Json[] {
  if (path.includes("{id}")) {
    return [{ name: "id", in: "path", required: true, schema: { type: "string", minLength: 1, maxLength: 100 } }];
  }
  if (!path.includes("{name}")) return [];
  const description = "A repository's name; its slashes may stand as they are, or as %2F.";
  return [{ name: "name", in: "path", required: true, description, schema: schemaOf(repositoryName) }];
}

function inQuery(query: keyof typeof QUERIES | undefined): Json[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(QUERIES[query]) as { properties?: Json; required?: string[] };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...(TEXTS[name] !== undefined && { description: TEXTS[name] }),
    schema,
  }));
}

function schemaOf(schema: z.core.$ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: "input" });
  return json;
}

function mapped<Value>(values: Readonly<Record<string, Value>>, make: (value: Value, key: string) => unknown): Json {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, make(value, key)]));
}
