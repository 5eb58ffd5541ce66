import { BatchCheckLayerAvailabilityCommand, type ECRClient } from "@aws-sdk/client-ecr";
import {
  BatchCheckLayerAvailabilityCommand as BatchCheckPublicLayerAvailabilityCommand,
  type ECRPUBLICClient,
} from "@aws-sdk/client-ecr-public";
import { permanent } from "../errors.ts";
import { attempt } from "./errors.ts";

/** Digests a call may carry (API model, BatchedOperationLayerDigestList). */
const DIGESTS_PER_CALL = 100;

/** What both services answer, as far as it is read. */
interface Availability {
  readonly layers?:
    | readonly { readonly layerDigest?: string | undefined; readonly layerAvailability?: string | undefined }[]
    | undefined;
  readonly failures?:
    | readonly { readonly layerDigest?: string | undefined; readonly failureCode?: string | undefined }[]
    | undefined;
}

/** Which of these layers the private repository holds, those in the archive left out. As `publicLayersPresent`. */
export function privateLayersPresent(
  client: ECRClient,
  repositoryName: string,
  digests: readonly string[],
): Promise<Set<string>> {
  return layersPresent(`repository '${repositoryName}'`, digests, (layerDigests) =>
    client.send(new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests })),
  );
}

/**
 * Which of these layers the public repository holds: 100 digests a call. Errors: AutopilotError; a digest that the service
 * refuses to read is permanent, since it came from a manifest.
 */
export function publicLayersPresent(
  client: ECRPUBLICClient,
  repositoryName: string,
  digests: readonly string[],
): Promise<Set<string>> {
  return layersPresent(`public repository '${repositoryName}'`, digests, (layerDigests) =>
    client.send(new BatchCheckPublicLayerAvailabilityCommand({ repositoryName, layerDigests })),
  );
}

async function layersPresent(
  where: string,
  digests: readonly string[],
  ask: (digests: string[]) => Promise<Availability>,
): Promise<Set<string>> {
  const present = new Set<string>();
  for (let start = 0; start < digests.length; start += DIGESTS_PER_CALL) {
    const layerDigests = digests.slice(start, start + DIGESTS_PER_CALL);
    const output = await attempt(`ask which layers ${where} holds`, () => ask(layerDigests));
    for (const layer of output.layers ?? []) {
      if (layer.layerAvailability === "AVAILABLE" && layer.layerDigest !== undefined) present.add(layer.layerDigest);
    }
    // A layer that is not there is UNAVAILABLE among `layers` or MissingLayerDigest among `failures`; only a bad digest is an error.
    const invalid = output.failures?.find(({ failureCode }) => failureCode === "InvalidLayerDigest");
    if (invalid !== undefined) {
      throw permanent("digest-invalid", `${where} refuses the layer digest '${invalid.layerDigest}'`);
    }
  }
  return present;
}
