/** A platform as an index or a config tells it: https://github.com/opencontainers/image-spec/blob/main/image-index.md */
export interface Platform {
  readonly os?: string | undefined;
  readonly architecture?: string | undefined;
  readonly variant?: string | undefined;
}

/** What an image without a variant is: https://github.com/containerd/platforms/blob/main/database.go, normalizeArch. */
const USUAL_VARIANTS: Readonly<Record<string, string>> = { amd64: "v1", arm: "v7", arm64: "v8" };

/**
 * Whether a rule with these platforms (`linux/arm64`, `linux/arm/v7`) takes an image of this one. Without a list it takes all. One without a
 * variant takes every variant, and every version of the operating system. With a list, what tells no platform is not taken, nor
 * is `unknown/unknown`, as BuildKit's attestations call theirs: they go where their image goes, which is for the index to tell.
 */
export function matchesPlatform(platforms: readonly string[] | undefined, platform: Platform | undefined): boolean {
  if (platforms === undefined) return true;
  const { os, architecture = "", variant } = platform ?? {};
  return platforms.some((listed) => {
    const [listedOs, listedArchitecture, listedVariant] = listed.split("/");
    return (
      listedOs === os &&
      listedArchitecture === architecture &&
      (listedVariant === undefined || listedVariant === (variant || USUAL_VARIANTS[architecture]))
    );
  });
}
