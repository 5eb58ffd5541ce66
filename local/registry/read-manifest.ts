/** GET and HEAD of a manifest. https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests */
import { resolveImage } from "../ecr/image-ids.ts";
import { recordPull } from "../ecr/pull-times.ts";
import { resolvePullable } from "../ecr/storage-class.ts";
import type { Target } from "../ecr/target.ts";
import { isDigest } from "../store/digest.ts";
import type { RepositoryExchange } from "./exchange.ts";
import { failed } from "./image-failure.ts";
import { OciError } from "./oci-error.ts";
import { type Outcome, performed, targetOf } from "./performed.ts";
import { respond } from "./respond.ts";

type Found = NonNullable<ReturnType<Target["registry"]["manifest"]>>;

/**
 * The manifest as it was pushed; Accept changes nothing, since nothing is converted. Private: BatchGetImage. ECR Public has no such
 * call: anybody may read. Errors: NAME_UNKNOWN, MANIFEST_UNKNOWN.
 */
export async function readManifest(at: RepositoryExchange, reference: string): Promise<void> {
  const { image, bytes } = at.service === "ecr" ? await pull(at, reference) : find(targetOf(at), reference);
  const isHead = at.request.method === "HEAD";
  respond(
    at.response,
    200,
    {
      "content-type": image.mediaType,
      "content-length": bytes.length,
      // HEAD has it, GET has not (containers-roadmap #1931; for the public host the answer recorded in fluxcd/flux #3492).
      ...(isHead ? { "docker-content-digest": image.digest } : {}),
    },
    isHead ? "" : bytes,
  );
}

async function pull(at: RepositoryExchange, reference: string): Promise<Found> {
  const accepted = (at.request.headers.accept ?? "").split(",").map((type) => type.split(";")[0]?.trim() ?? "");
  const acceptedMediaTypes = accepted.filter((type) => type !== "");
  const members = {
    imageIds: [imageId(reference)],
    ...(acceptedMediaTypes.length === 0 ? {} : { acceptedMediaTypes }),
  };
  const call = { operation: "BatchGetImage", readOnly: true, members };
  const found = await performed(at, call, async (target): Promise<Outcome<Found | OciError>> => {
    const resolved = resolvePullable(target, imageId(reference));
    if ("failure" in resolved) {
      // A success of the call, whose answer names what it did not find.
      return { response: { images: [], failures: [resolved.failure] }, value: failed(resolved.failure) };
    }
    const value = find(target, reference);
    if (at.request.method === "GET" && at.caller !== "anonymous") {
      const pull = { by: at.caller, at: at.account.clock() };
      await recordPull(target.registry, target.repositoryName, value.image.digest, pull);
    }
    return { response: { images: [{ imageId: imageId(reference) }], failures: [] }, value };
  });
  if (found instanceof OciError) throw found;
  return found;
}

function find(target: Target, reference: string): Found {
  const resolved = resolveImage(target, imageId(reference));
  if ("failure" in resolved) throw failed(resolved.failure);
  const found = target.registry.manifest(target.repositoryName, reference);
  if (found === undefined) throw new Error(`the image ${reference} was found and is not there`);
  return found;
}

/** A reference with a colon is a digest: no tag has one. */
export function imageId(reference: string): { imageDigest: string } | { imageTag: string } {
  return isDigest(reference) || reference.includes(":") ? { imageDigest: reference } : { imageTag: reference };
}
