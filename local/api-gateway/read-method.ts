/** AWS::ApiGateway::Method with its integration. */
import { asInteger, asObject, asText, optionalText, type Properties } from "../template/values.ts";
import type { RestMethod } from "./rest-api.ts";

/** Milliseconds; quotas of REST APIs: from 50 to 29,000, which is also the default. */
const LONGEST_MS = 29_000;

/** `note` is told why a method is left out, in which case there is none. Errors: a missing or wrong property. */
export function readMethod(
  properties: Properties,
  path: string,
  note: (reason: string) => void,
): RestMethod | undefined {
  const authorization = optionalText(properties.AuthorizationType, `${path}.AuthorizationType`) ?? "NONE";
  const integration = asObject(properties.Integration ?? {}, `${path}.Integration`);
  const at = `${path}.Integration`;
  const type = optionalText(integration.Type, `${at}.Type`) ?? "none";
  if (authorization !== "AWS_IAM" && authorization !== "NONE") {
    note(`authorization ${authorization} has no local form: the method is left out`);
    return undefined;
  }
  if (properties.ApiKeyRequired === true) {
    note("ApiKeyRequired: API keys have no local form: the method is left out");
    return undefined;
  }
  if (type !== "AWS_PROXY") {
    note(`integration ${type} has no local form: the method is left out`);
    return undefined;
  }
  for (const name of ["RequestValidatorId", "RequestModels", "RequestParameters"]) {
    if (properties[name] !== undefined) note(`${name}: requests are not validated here`);
  }
  const uri = asText(integration.Uri, `${at}.Uri`);
  const [, functionArn] = /:lambda:path\/+2015-03-31\/functions\/(arn:[^/]+)\/invocations$/.exec(uri) ?? [];
  if (functionArn === undefined) throw new Error(`${at}.Uri must name a Lambda function to invoke, but is '${uri}'`);
  if (integration.IntegrationHttpMethod !== "POST") {
    // Recorded: API Gateway answers "Internal server error" for any other.
    throw new Error(`${at}.IntegrationHttpMethod must be POST for a Lambda function`);
  }
  return {
    authorization,
    functionArn,
    timeoutMs: asInteger(integration.TimeoutInMillis, `${at}.TimeoutInMillis`, {
      fallback: LONGEST_MS,
      range: [50, LONGEST_MS],
    }),
  };
}
