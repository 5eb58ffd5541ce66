/**
 * Source of a protocol for the one call of Lambda that is made: Invoke, with a function's name and a payload. The SDK's own knows every trait
 * of every REST service, in 5 KB compressed; this one borrows what the AWS JSON protocol of the other clients has: endpoint, errors, metadata.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export const INVOKE_ONLY = `
import { collectBody } from "@smithy/core/protocols";
import { AwsJsonRpcProtocol } from "./AwsJsonRpcProtocol";

export class AwsRestJsonProtocol extends AwsJsonRpcProtocol {
  getShapeId() { return "aws.protocols#restJson1"; }
  getJsonRpcVersion() { return "1.1"; }
  async serializeRequest({ name }, { FunctionName, Payload, ...others }, context) {
    if (name !== "Invoke" || Object.keys(others).length > 0) never("all of Lambda but Invoke with a payload");
    const request = await super.serializeRequest({ name, input: "unit", output: "unit" }, {}, context);
    request.path += "2015-03-31/functions/" + encodeURIComponent(FunctionName) + "/invocations";
    request.headers = { "content-type": "application/octet-stream" };
    request.body = Payload;
    return request;
  }
  async deserializeResponse(operation, context, response) {
    if (response.statusCode >= 300) return super.deserializeResponse(operation, context, response);
    const $metadata = this.deserializeMetadata(response);
    const Payload = await collectBody(response.body, context);
    return { $metadata, StatusCode: response.statusCode, FunctionError: response.headers["x-amz-function-error"], Payload };
  }
}`;
