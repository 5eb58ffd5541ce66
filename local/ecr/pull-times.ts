/** When an image was last pulled, as finely as ECR tells it: "at least once every 24 hours" (API model, ImageDetail). */
import type { Identity } from "../aws/call.ts";
import { principalArn } from "../aws/usage.ts";
import type { ImageRecord, Registry } from "../store/store.ts";
import { pullTimeExclusions } from "./pull-time-exclusions.ts";

const day = 24 * 3600 * 1000;
/** One document per image: two pulls at once must not overwrite each other's. */
const documentKey = (repository: string, digest: string) => `ecr-pull/${repository}/${digest}`;

/**
 * Records a pull of the manifest. For BatchGetImage and for a manifest read at the registry endpoint. Most calls write nothing:
 * a time that is less than a day old is kept. Nor does a pull count by a principal that is excluded: a role, whatever its session.
 */
export async function recordPull(
  registry: Registry,
  repository: string,
  digest: string,
  { by, at }: { readonly by: Identity; readonly at: Date },
): Promise<void> {
  if (pullTimeExclusions(registry).includes(principalArn(by))) return;
  const last = registry.document(documentKey(repository, digest))?.at;
  if (typeof last === "number" && at.getTime() - last < day) return;
  await registry.putDocument(documentKey(repository, digest), { at: at.getTime() });
}

/** Undefined when it was not pulled since it was pushed. */
export function lastPull(registry: Registry, repository: string, image: ImageRecord): Date | undefined {
  const last = registry.document(documentKey(repository, image.digest))?.at;
  return typeof last === "number" && last >= image.pushedAt.getTime() ? new Date(last) : undefined;
}
