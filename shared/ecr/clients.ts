import { ECRClient } from "@aws-sdk/client-ecr";
import { ECRPUBLICClient } from "@aws-sdk/client-ecr-public";

/**
 * Clients are made once per container, in a composition root, so that connections and the retry bucket live on.
 *
 * Retries: the SDK's standard mode, three attempts, is the only retry of a control call inside an invocation; what is left after it
 * goes back to the queue. Endpoints come from the SDK's own AWS_ENDPOINT_URL_ECR and AWS_ENDPOINT_URL_ECR_PUBLIC.
 */
export function createPrivateClient(): ECRClient {
  return new ECRClient({});
}

/** Region in which ECR Public's API is documented to authenticate; https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html */
const PUBLIC_REGION = "us-east-1";

export function createPublicClient(): ECRPUBLICClient {
  return new ECRPUBLICClient({ region: PUBLIC_REGION });
}
