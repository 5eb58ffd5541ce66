import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";

/** For PutEvents on the default bus of the function's own account and Region. Made once per container, in a composition root. */
export function createEventsClient(): EventBridgeClient {
  return new EventBridgeClient({});
}

/**
 * For queues of the function's own Region. The call goes to the Region's endpoint, or to AWS_ENDPOINT_URL_SQS where that is set:
 * the SDK's default is the host of the queue's URL, whatever the environment says. TLS guards the message; SQS's MD5 on top of it is
 * left out, and with it the SDK's code for it (infra/sdk-cuts.ts).
 */
export function createQueueClient(): SQSClient {
  return new SQSClient({ useQueueUrlAsEndpoint: false, md5: false });
}
