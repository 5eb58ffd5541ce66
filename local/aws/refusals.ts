/** The two refusals that any operation may raise about its input. */
import { AwsError } from "./call.ts";

/** InvalidParameterException in ECR's words, recorded in many public reports. `field` as the caller knows it. */
export function invalidParameter(field: string, constraint: string): AwsError {
  return new AwsError(
    "InvalidParameterException",
    `Invalid parameter at '${field}' failed to satisfy constraint: '${constraint}'`,
  );
}

/** For a body that is not JSON or holds the wrong JSON types; the texts are those of AWS's shared framework. */
export function serialization(message: string): AwsError {
  return new AwsError("SerializationException", message);
}
