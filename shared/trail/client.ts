import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";

/** For CloudTrail in the function's own Region, or at AWS_ENDPOINT_URL_CLOUDTRAIL. Made once per container, in a composition root. */
export function createTrailClient(): CloudTrailClient {
  return new CloudTrailClient({});
}
