import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { ANSWERS } from "#shared/api/document/answers.ts";
import { openApiDocument } from "#shared/api/document/open-api.ts";
import { OPERATIONS } from "#shared/api/document/operations.ts";
import { PROBLEMS } from "#shared/api/problem.ts";
import type { RepositoryApiDeps } from "../../../../functions/repository-api/deps.ts";
import { apiRoutes } from "../../../../functions/repository-api/routes.ts";

const document = JSON.parse(JSON.stringify(openApiDocument()));

describe("the OpenAPI document", () => {
  it("keeps the rules of OpenAPI 3.1", async () => {
    const validator = new Validator();

    const { valid, errors } = await validator.validate(structuredClone(document));

    expect(errors ?? []).toEqual([]);
    expect([valid, validator.version]).toEqual([true, "3.1"]);
  });

  it("leads every reference somewhere", async () => {
    const validator = new Validator();
    await validator.validate(structuredClone(document));

    expect(() => validator.resolveRefs()).not.toThrow();
    expect(JSON.stringify(validator.resolveRefs())).not.toContain('"$ref"');
  });

  it("describes the routes that there are, and no others", () => {
    const described = OPERATIONS.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    const routes = apiRoutes({} as RepositoryApiDeps).map(
      ({ method, path }) => `${method} ${path.replace("{proxy+}", "{name}")}`,
    );

    expect(described.sort()).toEqual(routes.sort());
  });

  it("names every operation once, and every problem and answer at some operation", () => {
    const text = JSON.stringify(document.paths);
    const ids = OPERATIONS.map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
    for (const code of Object.keys(PROBLEMS)) expect(text, code).toMatch(new RegExp(`/${code}"|${code}:`));
    for (const answer of Object.keys(ANSWERS)) expect(text, answer).toContain(`#/components/schemas/${answer}"`);
  });

  it("refuses unknown fields in every body", () => {
    const bodies = OPERATIONS.filter(({ body }) => body !== undefined).map(
      ({ method, path }) => document.paths[path][method].requestBody.content["application/json"].schema,
    );

    expect(bodies.map(({ additionalProperties }) => additionalProperties)).toEqual(bodies.map(() => false));
  });
});

describe("docs/api.md", () => {
  const page = readFileSync("docs/api.md", "utf8");

  it("has a row for every route", () => {
    const rows = OPERATIONS.map(({ method, path }) => `| \`${method.toUpperCase()} ${path}\` |`);

    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  });

  it("has a row for every problem, with its status", () => {
    const rows = Object.entries(PROBLEMS).map(([code, { status }]) => `| \`${code}\` | ${status} |`);

    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  });
});
