/** Tags of a repository by ARN, for permission conditions on resource tags. */
import type { Store } from "../store/store.ts";
import type { Tag } from "./tags.ts";

/**
 * Tags of the repository that the ARN names, private or public; none for any other ARN. Both services keep them under
 * `settings.tags` as `{ Key, Value }`. For PerformOptions.tagsOf.
 */
export function tagsOfRepository(store: Store, arn: string): Record<string, string> {
  const [, service, name] = /^arn:aws[a-z-]*:(ecr|ecr-public):[a-z0-9-]*:\d{12}:repository\/(.+)$/.exec(arn) ?? [];
  if (name === undefined) return {};
  const registry = service === "ecr" ? store.private : store.public;
  const tags = (registry.repository(name)?.settings.tags ?? []) as readonly Tag[];
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}
