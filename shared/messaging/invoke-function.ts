import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { permanent, transient } from "../errors.ts";

/** Calls of other functions of this stack. They are not repeated here: a call that timed out may still run. */
export function createFunctionsClient(): LambdaClient {
  return new LambdaClient({ maxAttempts: 1 });
}

/** What a function's own parser of direct calls says of a request that it does not take (shared/events/parse.ts). */
const REFUSED = /^not a /;

/**
 * Calls a function by name or ARN and gives its answer. The payload and the answer are JSON of 6 MB at most.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 *
 * Errors: permanent `call-refused` where the function does not take the payload; transient `call-failed` where it failed or could not be called.
 */
export async function invokeFunction(
  client: LambdaClient,
  name: string,
  payload: object,
  signal?: AbortSignal,
): Promise<unknown> {
  const command = new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(payload)) });
  const { FunctionError, Payload } = await client
    .send(command, signal && { abortSignal: signal })
    .catch((cause: unknown) => {
      const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      throw transient("call-failed", `could not call ${name}: ${reason}`, cause);
    });
  const answer: unknown = JSON.parse(Payload === undefined ? "null" : Buffer.from(Payload).toString());
  if (FunctionError === undefined) return answer;
  const { errorType = FunctionError, errorMessage = "" } = (answer ?? {}) as Partial<Record<string, string>>;
  if (REFUSED.test(errorMessage)) throw permanent("call-refused", `${name} does not take the call: ${errorMessage}`);
  throw transient("call-failed", `${name} failed: ${errorType}: ${errorMessage}`);
}
