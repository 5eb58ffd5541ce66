import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A resource as it stands in the template, intrinsics and all. */
export interface Resource<Properties> {
  readonly id: string;
  readonly Type: string;
  readonly Properties: Properties;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
}

export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Principal?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface PolicyDocument {
  readonly Statement: readonly Statement[];
}

/** All resources of the stack. */
export function allResources(assemblyDir: string): Resource<unknown>[] {
  const file = readFileSync(join(assemblyDir, "EcrAutopilot.template.json"), "utf8");
  const { Resources }: { Resources: Record<string, Omit<Resource<unknown>, "id">> } = JSON.parse(file);
  return Object.entries(Resources).map(([id, resource]) => ({ id, ...resource }));
}

/** Those of one type; the caller knows the shape of its properties. */
export function resourcesOf<Properties>(assemblyDir: string, type: string): Resource<Properties>[] {
  return allResources(assemblyDir).filter(({ Type }) => Type === type) as Resource<Properties>[];
}

/** One or several, as a list. */
export function asList<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}

/** The logical id that an intrinsic leads to. */
export function referenceOf(value: unknown): string | undefined {
  const { Ref, "Fn::GetAtt": [target] = [] } = (value ?? {}) as { Ref?: string; "Fn::GetAtt"?: string[] };
  return Ref ?? target;
}
