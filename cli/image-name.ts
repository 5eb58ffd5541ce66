import { ApiError } from "#shared/api/problem.ts";
import { checkRepositoryName, type RegistrySide } from "#shared/policy/repository-name.ts";
import { UsageError } from "./usage-error.ts";

/** An image of the private registry, or all of a repository. */
export interface ImageName {
  readonly repository: string;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
}

/** API models of ECR, imageTag and imageDigest. */
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,299}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** A registry's host before the name, as in what docker shows; https://docs.aws.amazon.com/general/latest/gr/ecr.html */
const HOST = /^\d{12}\.dkr[.-]ecr(-fips)?\.[a-z0-9.-]+\//;

/**
 * `REPO`, `REPO:TAG` or `REPO@sha256:...`, with or without the host of a private registry. Errors: UsageError; ApiError `name-refused`, as the
 * API would answer.
 */
export function parseImageName(text: string): ImageName {
  const name = text.replace(HOST, "");
  const at = name.indexOf("@");
  if (at !== -1) {
    const digest = name.slice(at + 1);
    if (!DIGEST.test(digest)) throw new UsageError(`'${digest}' is no digest; write sha256: and 64 digits of 0-9, a-f`);
    return { repository: repositoryName(name.slice(0, at).replace(/:[^/:]*$/, "")), digest };
  }
  const colon = name.lastIndexOf(":");
  if (colon === -1) return { repository: repositoryName(name) };
  const tag = name.slice(colon + 1);
  if (!TAG.test(tag)) {
    throw new UsageError(
      `'${tag}' is no tag; ECR takes 1 to 300 of a-z, A-Z, 0-9, "_", "." and "-", no "." or "-" first`,
    );
  }
  return { repository: repositoryName(name.slice(0, colon)), tag };
}

/** A name that the service takes. Errors: ApiError `name-refused`. */
export function repositoryName(text: string, side: RegistrySide = "private"): string {
  const name = side === "private" ? text.replace(HOST, "") : text.replace(/^public\.ecr\.aws\/[^/]+\//, "");
  const reason = checkRepositoryName(name, side);
  if (reason !== undefined) throw new ApiError("name-refused", reason, { rule: "service" });
  return name;
}

/** `team-a/api:v1`, with a digest shortened. */
export function imageInWords({ repository, tag, digest }: ImageName): string {
  if (tag !== undefined) return `${repository}:${tag}`;
  return digest === undefined ? repository : `${repository}@${shortDigest(digest)}`;
}

/** As much of a digest as a person compares. */
export function shortDigest(digest: string): string {
  return digest.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]+$/, "$1…");
}
