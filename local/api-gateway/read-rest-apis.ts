/** AWS::ApiGateway::RestApi, Resource, Method, Deployment and Stage of a template. */
import type { LocalTemplate, Unsupported } from "../template/local-template.ts";
import { asArray, asObject, asText, isObject, optionalText, type Properties } from "../template/values.ts";
import { readMethod } from "./read-method.ts";
import type { RestApi, RestMethod, RestResource, RestStage } from "./rest-api.ts";

/** One resource of the template, resolved. */
interface Found {
  readonly logicalId: string;
  readonly properties: Properties;
  /** `Resources.Api.Properties`. */
  readonly path: string;
}

type Source = Pick<LocalTemplate, "resources" | "resolve" | "accountId" | "region">;

/**
 * The REST APIs with their routes. A method whose integration or authorization has no local form is left out and listed: it is not open here
 * when it is closed on AWS. Errors: a missing or wrong property, a resource whose parents lead nowhere; each names the path.
 */
export function readRestApis(template: Source): RestApi[] {
  const all = (type: string) => found(template, `AWS::ApiGateway::${type}`);
  const [resources, methods, stages] = [all("Resource"), all("Method"), all("Stage")];
  const partition = asText(template.resolve({ Ref: "AWS::Partition" }, "AWS::Partition"), "AWS::Partition");

  return all("RestApi").map(({ logicalId, properties, path }) => {
    const id = asText(template.resolve({ Ref: logicalId }, path), path);
    const root = asText(template.resolve({ "Fn::GetAtt": [logicalId, "RootResourceId"] }, path), path);
    const isOurs = ({ properties: { RestApiId } }: Found): boolean => RestApiId === id;
    const unsupported: Unsupported[] = [];
    const note = (type: string) => (at: string, reason: string) =>
      unsupported.push({ logicalId: at, type: `AWS::ApiGateway::${type}`, reason });

    for (const name of ["Body", "BodyS3Location"]) {
      if (properties[name] !== undefined)
        note("RestApi")(logicalId, `${name}: routes of an OpenAPI document are not read`);
    }
    const paths = pathsOf(root, resources.filter(isOurs), template);
    return {
      logicalId,
      id,
      name: optionalText(properties.Name, `${path}.Name`) ?? logicalId,
      partition,
      accountId: template.accountId,
      region: template.region,
      endpointTypes: texts(
        asObject(properties.EndpointConfiguration ?? {}, `${path}.EndpointConfiguration`).Types ?? ["EDGE"],
        `${path}.EndpointConfiguration.Types`,
      ),
      binaryMediaTypes: texts(properties.BinaryMediaTypes, `${path}.BinaryMediaTypes`),
      policy: statementsOf(properties.Policy, `${path}.Policy`),
      stages: stages.filter(isOurs).map((stage) => readStage(stage, note("Stage"))),
      resources: withMethods(paths, methods.filter(isOurs), note("Method")),
      unsupported,
    };
  });
}

function found({ resources, resolve }: Source, type: string): Found[] {
  return Object.entries(resources).flatMap(([logicalId, resource]) => {
    if (resource.Type !== type) return [];
    const path = `Resources.${logicalId}.Properties`;
    return [{ logicalId, path, properties: asObject(resolve(resource.Properties ?? {}, path), path) }];
  });
}

/** Resource id to path. */
function pathsOf(root: string, resources: readonly Found[], { resolve }: Source): Map<string, string> {
  const parts = new Map(
    resources.map(({ logicalId, properties, path }) => {
      const part = asText(properties.PathPart, `${path}.PathPart`);
      const parent = asText(properties.ParentId, `${path}.ParentId`);
      return [asText(resolve({ Ref: logicalId }, path), path), { part, parent, path }] as const;
    }),
  );
  const pathOf = (id: string, depth = 0): string => {
    if (id === root) return "";
    const here = parts.get(id);
    if (here === undefined || depth > parts.size) {
      throw new Error(`the parents of the API's resource '${id}' do not lead to the root of the API`);
    }
    return `${pathOf(here.parent, depth + 1)}/${here.part}`;
  };
  return new Map([[root, "/"], ...[...parts.keys()].map((id) => [id, pathOf(id)] as const)]);
}

function withMethods(
  paths: ReadonlyMap<string, string>,
  methods: readonly Found[],
  note: (logicalId: string, reason: string) => void,
): RestResource[] {
  const byResource = new Map<string, Record<string, RestMethod>>([...paths.keys()].map((id) => [id, {}]));
  for (const { logicalId, properties, path } of methods) {
    const resourceId = asText(properties.ResourceId, `${path}.ResourceId`);
    const known = byResource.get(resourceId);
    if (known === undefined) throw new Error(`${path}.ResourceId: the API has no resource '${resourceId}'`);
    const method = readMethod(properties, path, (reason) => note(logicalId, reason));
    if (method !== undefined) known[asText(properties.HttpMethod, `${path}.HttpMethod`)] = method;
  }
  return [...paths].map(([id, path]) => ({ id, path, methods: byResource.get(id) ?? {} }));
}

function readStage(
  { logicalId, properties, path }: Found,
  note: (logicalId: string, reason: string) => void,
): RestStage {
  for (const name of ["CanarySetting", "CacheClusterEnabled", "ClientCertificateId"]) {
    if (properties[name] !== undefined && properties[name] !== false)
      note(logicalId, `${name}: it changes nothing here`);
  }
  const variables = Object.entries(asObject(properties.Variables ?? {}, `${path}.Variables`));
  return {
    // A method's throttling (MethodSettings) is not applied either; it only refuses what comes too often.
    name: asText(properties.StageName, `${path}.StageName`),
    deploymentId: asText(properties.DeploymentId, `${path}.DeploymentId`),
    variables: Object.fromEntries(variables.map(([key, value]) => [key, asText(value, `${path}.Variables.${key}`)])),
  };
}

function statementsOf(policy: unknown, path: string): readonly unknown[] {
  if (policy === undefined) return [];
  const { Statement } = isObject(policy) ? policy : asObject(JSON.parse(asText(policy, path)), path);
  return Array.isArray(Statement) ? Statement : [Statement];
}

function texts(value: unknown, path: string): string[] {
  return asArray(value, path).map((one) => asText(one, path));
}
