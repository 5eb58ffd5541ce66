import type { ECRClient } from "@aws-sdk/client-ecr";
import type { ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import type { Limiter } from "../pacing/limiter.ts";
import { kindOf } from "./errors.ts";

/**
 * Holds each try of a call, the SDK's own retries too, until the limiter of its operation (`PutImage`) lets it through, and tells the
 * limiter when the service throttles. An operation without a limiter is not held. Gives the same client.
 */
export function paced<Client extends ECRClient | ECRPUBLICClient>(
  client: Client,
  limiterOf: (operation: string) => Limiter | undefined,
): Client {
  const hold =
    <Args, Result>(next: (args: Args) => Promise<Result>, { commandName = "" }: { readonly commandName?: string }) =>
    async (args: Args): Promise<Result> => {
      const limiter = limiterOf(commandName.replace(/Command$/, ""));
      await limiter?.take();
      try {
        return await next(args);
      } catch (error) {
        if (kindOf(error) === "throttled") limiter?.throttled();
        throw error;
      }
    };
  const options = { name: "paced", relation: "after", toMiddleware: "retryMiddleware" } as const;
  client.middlewareStack.addRelativeTo(hold, options);
  return client;
}
