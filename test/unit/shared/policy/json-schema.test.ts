import { describe, expect, it } from "vitest";
import { policyJsonSchema } from "#shared/policy/json-schema.ts";

type Schema = { [key: string]: unknown; properties?: Record<string, Schema>; items?: Schema; anyOf?: Schema[] };

const schema = policyJsonSchema() as Schema;

/** All properties of all objects in the schema, by path. */
function* properties(of: Schema, path = ""): Generator<[string, Schema]> {
  for (const inner of [of.items, ...(of.anyOf ?? [])]) if (inner) yield* properties(inner, path);
  for (const [key, property] of Object.entries(of.properties ?? {})) {
    yield [`${path}.${key}`, property];
    yield* properties(property, `${path}.${key}`);
  }
}

describe("policyJsonSchema", () => {
  it("is of the draft that editors know", () => {
    expect(schema.$schema).toBe("http://json-schema.org/draft-07/schema#");
    expect(schema.title).toBe("ecr-autopilot policy");
  });

  it("describes what a person writes: defaults may be left out, documents are maps, unknown keys are refused", () => {
    expect(schema.required).toEqual(["version"]);
    expect(schema.additionalProperties).toBe(false);
    expect(schema.properties?.naming?.default).toEqual({ allow: ["**"], deny: [] });
    expect(schema.properties?.naming?.required).toBeUndefined();
    const exception = schema.properties?.mutability?.properties?.exceptions?.items;
    expect(exception?.required).toEqual(["repository", "reason", "expires"]);
    expect(exception?.properties?.expires).toMatchObject({ type: "string", format: "date", examples: ["2026-12-31"] });
    const template = schema.properties?.templates?.items;
    expect(template?.required).toEqual(["prefix"]);
    expect(template?.properties?.lifecyclePolicy?.type).toBe("object");
    expect(template?.properties?.mutability?.properties?.mode?.enum).toEqual([
      "MUTABLE",
      "IMMUTABLE",
      "MUTABLE_WITH_EXCLUSION",
      "IMMUTABLE_WITH_EXCLUSION",
    ]);
    expect(template?.properties?.mutability?.properties?.signatureTags).toMatchObject({
      type: "boolean",
      default: false,
    });
    expect(template?.properties?.ownerTags?.additionalProperties).toEqual({ type: "string" });
    const rule = schema.properties?.mirror?.items;
    expect(rule?.required).toEqual(["source", "tags", "destination"]);
    expect(rule?.properties?.tags?.required).toBeUndefined();
    expect(rule?.properties?.tags?.properties?.semver).toMatchObject({ type: "string", examples: ["^1.2.0"] });
    expect(rule?.properties?.gates?.properties?.scan?.required).toEqual(["severity"]);
    expect(rule?.properties?.deletion?.required).toEqual(["graceHours", "atMost"]);
  });

  it("has a description for every key", () => {
    const all = [...properties(schema)];

    expect(all.length).toBeGreaterThan(75);
    expect(all.filter(([, property]) => typeof property.description !== "string").map(([path]) => path)).toEqual([]);
  });
});
