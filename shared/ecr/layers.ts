import { BatchCheckLayerAvailabilityCommand, type ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import { permanent } from "../errors.ts";
import { attempt } from "./errors.ts";

/** Digests a call may carry (API model, BatchedOperationLayerDigestList). */
const DIGESTS_PER_CALL = 100;

/**
 * Which of these layers the public repository holds: 100 digests a call. Errors: AutopilotError; a digest that ECR Public
 * refuses to read is permanent, since it came from a manifest.
 */
export async function publicLayersPresent(
  client: ECRPUBLICClient,
  repositoryName: string,
  digests: readonly string[],
): Promise<Set<string>> {
  const present = new Set<string>();
  for (let start = 0; start < digests.length; start += DIGESTS_PER_CALL) {
    const layerDigests = digests.slice(start, start + DIGESTS_PER_CALL);
    const output = await attempt(`ask which layers public repository '${repositoryName}' holds`, () =>
      client.send(new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests })),
    );
    for (const layer of output.layers ?? []) {
      if (layer.layerAvailability === "AVAILABLE" && layer.layerDigest !== undefined) present.add(layer.layerDigest);
    }
    // A layer that is not there is UNAVAILABLE among `layers` or MissingLayerDigest among `failures`; only a bad digest is an error.
    const invalid = output.failures?.find(({ failureCode }) => failureCode === "InvalidLayerDigest");
    if (invalid !== undefined) {
      throw permanent("digest-invalid", `ECR Public refuses the layer digest '${invalid.layerDigest}'`);
    }
  }
  return present;
}
