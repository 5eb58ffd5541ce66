import type { ECRClient } from "@aws-sdk/client-ecr";
import type { ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import type { Authorization, PrivateRegistry } from "../ecr/authorization.ts";
import type { Policy } from "../policy/schema.ts";
import { createRegistryClient, type RegistryClient } from "../registry/client.ts";
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
  return ({
    signal,
    remainingMs,
  }: {
    readonly signal: AbortSignal;
    readonly remainingMs: () => number;
  }): MirrorDeps => {
    const { authorization } = privateRegistry;
    const source = onFirstUse(async () =>
      createRegistryClient({ baseUrl: await privateRegistry.baseUrl(), send, authorization, signal }),
    );
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

/** A client that is made when it is first needed: most events lead to one look at the API, which is not worth a token. */
function onFirstUse(make: () => Promise<RegistryClient>): RegistryClient {
  let made: Promise<RegistryClient> | undefined;
  const client = (): Promise<RegistryClient> => {
    made ??= make();
    return made;
  };
  return {
    headManifest: async (...asked) => (await client()).headManifest(...asked),
    getManifest: async (...asked) => (await client()).getManifest(...asked),
    putManifest: async (...asked) => (await client()).putManifest(...asked),
    listReferrers: async (...asked) => (await client()).listReferrers(...asked),
    putReferrer: async (...asked) => (await client()).putReferrer(...asked),
    hasBlob: async (...asked) => (await client()).hasBlob(...asked),
    openBlob: async (...asked) => (await client()).openBlob(...asked),
    uploadBlob: async (...asked) => (await client()).uploadBlob(...asked),
  };
}
