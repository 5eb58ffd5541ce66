/** The files of a synthesized cloud assembly. https://github.com/aws/aws-cdk-cli/tree/main/packages/@aws-cdk/cloud-assembly-schema */
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { asObject, asText, type Properties } from "./values.ts";

export interface Assembly {
  readonly directory: string;
  readonly stackName: string;
  readonly template: Properties;
  /** Absolute path of the asset that is uploaded under this object key; undefined when there is none. */
  readonly asset: (objectKey: string) => string | undefined;
}

/**
 * Reads `manifest.json`, the stack's template and its asset manifests out of `assemblyDir`. `stackName` may be the artifact's or the
 * stack's name; without it the assembly must hold exactly one stack.
 * Errors: no such folder or file, no such stack, or several stacks and no name; each says what to do.
 */
export function readAssembly(assemblyDir: string, stackName?: string): Assembly {
  const manifest = readJson(assemblyDir, "manifest.json");
  const artifacts = asObject(manifest.artifacts ?? {}, "manifest.json: artifacts");
  const stacks = Object.entries(artifacts).flatMap(([id, value]) => {
    const artifact = asObject(value, `manifest.json: artifacts.${id}`);
    if (artifact.type !== "aws:cloudformation:stack") return [];
    const properties = asObject(artifact.properties ?? {}, `manifest.json: artifacts.${id}.properties`);
    return [{ id, artifact, properties, name: asText(properties.stackName ?? id, `artifacts.${id}.stackName`) }];
  });
  const names = stacks.map(({ name }) => `'${name}'`).join(", ") || "none";
  const found = stackName === undefined ? stacks : stacks.filter(({ id, name }) => [id, name].includes(stackName));
  const [stack] = found;
  if (stack === undefined) {
    throw new Error(
      `${assemblyDir} has no stack ${stackName === undefined ? "at all" : `'${stackName}'`}; it holds: ${names}`,
    );
  }
  if (found.length > 1) throw new Error(`${assemblyDir} holds several stacks, name one of them: ${names}`);

  const paths = new Map<string, string>();
  for (const dependency of asList(stack.artifact.dependencies)) {
    const artifact = asObject(artifacts[String(dependency)] ?? {}, `manifest.json: artifacts.${dependency}`);
    if (artifact.type !== "cdk:asset-manifest") continue;
    const { file } = asObject(artifact.properties, `manifest.json: artifacts.${dependency}.properties`);
    for (const [key, path] of assetPaths(assemblyDir, asText(file, `artifacts.${dependency}.file`)))
      paths.set(key, path);
  }
  return {
    directory: resolve(assemblyDir),
    stackName: stack.name,
    template: readJson(assemblyDir, asText(stack.properties.templateFile, `artifacts.${stack.id}.templateFile`)),
    asset: (objectKey) => paths.get(objectKey),
  };
}

/** Object key to absolute path, of all file assets of one asset manifest. */
function* assetPaths(assemblyDir: string, file: string): Generator<[string, string]> {
  const { files } = readJson(assemblyDir, file);
  for (const [id, value] of Object.entries(asObject(files ?? {}, `${file}: files`))) {
    const { source, destinations } = asObject(value, `${file}: files.${id}`);
    const { path } = asObject(source, `${file}: files.${id}.source`);
    if (typeof path !== "string") continue;
    for (const destination of Object.values(asObject(destinations, `${file}: files.${id}.destinations`))) {
      const { objectKey } = asObject(destination, `${file}: files.${id}.destinations`);
      yield [asText(objectKey, `${file}: files.${id}.objectKey`), resolve(assemblyDir, path)];
    }
  }
}

function readJson(assemblyDir: string, name: string): Properties {
  const file = resolve(assemblyDir, name);
  if (statSync(file, { throwIfNoEntry: false }) === undefined) {
    throw new Error(`${file} is not there; synthesize the stack first`);
  }
  try {
    return asObject(JSON.parse(readFileSync(file, "utf8")), name);
  } catch (error) {
    throw new Error(`${file} cannot be read as JSON: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
