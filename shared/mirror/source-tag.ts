/**
 * Resource tag of a public repository, by which one whose private repository is gone is still known. It names the Region, too: ECR Public is
 * one for all Regions of an account, and what is not in this Region's registry may well be in another's.
 */
export const SOURCE_TAG = "ecr-autopilot:source";

export function sourceTag(region: string, repository: string): Record<string, string> {
  return { [SOURCE_TAG]: `${region}/${repository}` };
}

/** The private repository of this Region that the tags of a public one name; `elsewhere` for one of another Region. */
export function sourceOf(region: string, tags: Readonly<Record<string, string>>): string | "elsewhere" | undefined {
  const value = tags[SOURCE_TAG];
  if (value === undefined) return undefined;
  return value.startsWith(`${region}/`) ? value.slice(region.length + 1) : "elsewhere";
}

/** The private repository of whatever Region that the tags of a public one name, without its Region. */
export function sourceAnywhere(tags: Readonly<Record<string, string>>): string | undefined {
  const [, repository] = /^[^/]+\/(.+)$/.exec(tags[SOURCE_TAG] ?? "") ?? [];
  return repository;
}
