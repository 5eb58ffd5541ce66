/** PUT and DELETE of a manifest. https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests */
import { isUtf8 } from "node:buffer";
import { ensureRepositoryForPush } from "../ecr/create-on-push.ts";
import { deleteImages } from "../ecr/image-deletion.ts";
import { type PutImageInput, putImage } from "../ecr/image-push.ts";
import type { Target } from "../ecr/target.ts";
import { type Registry, StoreError } from "../store/store.ts";
import { isTagFixed } from "../store/tag-rule.ts";
import { readBody } from "./body.ts";
import type { RepositoryExchange } from "./exchange.ts";
import { failed } from "./image-failure.ts";
import { OciError } from "./oci-error.ts";
import { performed } from "./performed.ts";
import { imageId } from "./read-manifest.ts";
import { notAuthorized } from "./refusals.ts";
import { respond } from "./respond.ts";

/** API model, PutImage, imageManifest. */
const largest = 4 * 1024 * 1024;

/**
 * PutImage. The same image again is a success, except under a fixed tag. 201 comes without Location, as from ECR (seen by clients).
 * Errors: those of PutImage; 413 for more than 4 MiB.
 */
export async function putManifest(at: RepositoryExchange, reference: string): Promise<void> {
  const input = { ...(await readManifestBody(at)), ...imageId(reference) };
  const image = await performed(
    at,
    { operation: "PutImage", readOnly: false, members: input, before: () => readyForPush(at) },
    async (target) => {
      const response = await putOrKeep(target, input);
      const pushed = target.registry.image(target.repositoryName, response.image.imageId.imageDigest);
      return { response, value: { digest: response.image.imageId.imageDigest, subject: pushed?.subject } };
    },
  );
  respond(at.response, 201, {
    "docker-content-digest": image.digest,
    ...(image.subject === undefined ? {} : { "oci-subject": image.subject }),
  });
}

/** Creation on push, at the private host. */
export async function readyForPush({ account, service, repositoryName, caller }: RepositoryExchange): Promise<void> {
  if (service !== "ecr" || caller === "anonymous") return;
  await ensureRepositoryForPush(account, repositoryName, caller);
}

/** BatchDeleteImage; a tag that was the last takes the image with it, as there (containers-roadmap #1229 brought DELETE to ECR). */
export async function deleteManifest(at: RepositoryExchange, reference: string): Promise<void> {
  const imageIds = [imageId(reference)];
  const call = { operation: "BatchDeleteImage", readOnly: false, members: { imageIds } };
  const failures = await performed(at, call, async (target) => {
    const response = await deleteImages(target, imageIds);
    return { response, value: response.failures };
  });
  for (const failure of failures) throw failed(failure);
  respond(at.response, 202);
}

async function readManifestBody(at: RepositoryExchange) {
  // Who may not write need not be listened to.
  if (at.caller === "anonymous") throw notAuthorized(at);
  const bytes = await readBody(at.request, largest);
  if (bytes === undefined) {
    throw new OciError(413, "SIZE_INVALID", `A manifest may have at most ${largest} bytes`, { connection: "close" });
  }
  // As text it would become other bytes, with another digest.
  if (!isUtf8(bytes)) throw new StoreError("manifest-invalid", "a manifest is JSON in UTF-8");
  const mediaType = at.request.headers["content-type"]?.split(";")[0]?.trim();
  return {
    imageManifest: bytes.toString("utf8"),
    ...(mediaType === undefined || mediaType === "" ? {} : { imageManifestMediaType: mediaType }),
  };
}

type Pushed = Awaited<ReturnType<typeof putImage>>;

async function putOrKeep(target: Target, input: PutImageInput): Promise<Pushed> {
  try {
    return await putImage(target, input);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "image-exists") throw error;
    const tag = input.imageTag;
    // TAG_INVALID for the same digest too (containers-roadmap #2179, #2380).
    if (tag !== undefined && isFixed(target.registry, target.repositoryName, tag)) {
      throw new StoreError("tag-immutable", `the tag '${tag}' may not be pushed again`, { tag });
    }
    return present(target, input, String(error.detail.digest));
  }
}

function isFixed(registry: Registry, repositoryName: string, tag: string): boolean {
  const record = registry.repository(repositoryName);
  return record !== undefined && isTagFixed(record.tagRule, tag);
}

/** The answer that PutImage gave when the image came. */
function present(target: Target, input: PutImageInput, imageDigest: string): Pushed {
  const { registry, registryId, repositoryName } = target;
  const { imageManifest, imageTag } = input;
  const imageId = { imageDigest, ...(imageTag === undefined ? {} : { imageTag }) };
  const imageManifestMediaType = registry.image(repositoryName, imageDigest)?.mediaType ?? "";
  return { image: { registryId, repositoryName, imageId, imageManifest, imageManifestMediaType } };
}
