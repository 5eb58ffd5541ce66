import type { ECRClient } from "@aws-sdk/client-ecr";
import type { ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import type { Authorization, PrivateRegistry } from "../ecr/authorization.ts";
import type { Policy } from "../policy/schema.ts";
import { createRegistryClient } from "../registry/client.ts";
import { createSend } from "../registry/http.ts";
import { paced } from "../registry/paced-send.ts";
import { ecrPublicDestinations } from "./ecr-public-destination.ts";
import { ecrSource } from "./ecr-source.ts";
import type { MirrorDeps } from "./mirror-image.ts";
import type { LimiterOf } from "./rates.ts";

export interface EcrEngineOptions {
  readonly policy: Pick<Policy, "mirror">;
  /** Of the private registry. */
  readonly region: string;
  readonly ecr: ECRClient;
  readonly privateRegistry: PrivateRegistry;
  readonly publicEcr: ECRPUBLICClient;
  readonly publicAuthorization: Authorization;
  /** Of ECR Public's actions, for its API and its registry alike. */
  readonly limiterOf: LimiterOf;
}

/** The mirror between private ECR and ECR Public. Made once per container, so that connections live on; each invocation gets one that ends with its signal. */
export function ecrEngine(options: EcrEngineOptions) {
  const { policy, region, ecr, privateRegistry, publicEcr, publicAuthorization, limiterOf } = options;
  const send = createSend();
  const pacedSend = paced(send, limiterOf);
  return async ({
    signal,
    remainingMs,
  }: {
    readonly signal: AbortSignal;
    readonly remainingMs: () => number;
  }): Promise<MirrorDeps> => {
    const { authorization } = privateRegistry;
    const source = createRegistryClient({ baseUrl: await privateRegistry.baseUrl(), send, authorization, signal });
    return {
      policy,
      region,
      source: ecrSource(ecr, source),
      destination: ecrPublicDestinations(publicEcr, (baseUrl) =>
        createRegistryClient({ baseUrl, send: pacedSend, authorization: publicAuthorization, signal }),
      ),
      remainingMs,
      now: () => new Date(),
    };
  };
}
