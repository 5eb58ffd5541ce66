import { parseAccountCheckByHand } from "#shared/events/account-check-request.ts";
import { requiredEnvironment } from "#shared/lambda/environment.ts";
import { queueHandler } from "#shared/lambda/queue-handler.ts";
import { createFunctionObserver } from "#shared/messaging/function-observer.ts";
import { createTrailClient } from "#shared/trail/client.ts";
import { checkAccount, lookAtAccount } from "./check-account.ts";

const observer = createFunctionObserver("check-account");
const deps = { cloudTrail: createTrailClient(), observer, region: requiredEnvironment("AWS_REGION") };

export const handler = queueHandler({
  observer,
  // Whatever comes, a schedule or a deployment, asks for the same.
  parse: () => ({}),
  key: () => "account",
  handle: () => checkAccount(deps),
  direct: { parse: parseAccountCheckByHand, handle: () => lookAtAccount(deps) },
});
