export type RegistrySide = "private" | "public";

/** Source: API models of ECR and ECR Public, repositoryName; patterns anchored here, since the service does. */
const RULES = {
  private: {
    service: "ECR",
    longest: 256,
    pattern: /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/,
    separators: 'one ".", one or two "_", or any number of "-"',
  },
  public: {
    service: "ECR Public",
    longest: 205,
    pattern: /^[a-z0-9]+([._-][a-z0-9]+)*(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/,
    separators: 'one ".", "_" or "-"',
  },
} as const;
const SHORTEST = 2;

/** What a private repository's name may be, for a schema. `checkRepositoryName` tells which rule is broken. */
export const REPOSITORY_NAME = RULES.private;

/**
 * Which rule of the service a repository name breaks, in a sentence that quotes the name; undefined for a name that it accepts.
 *
 * Private names have 2 to 256 characters, public ones 2 to 205 (without the registry's alias).
 */
export function checkRepositoryName(name: string, side: RegistrySide = "private"): string | undefined {
  const { service, longest, pattern, separators } = RULES[side];
  const quoted = JSON.stringify(name.length > 300 ? `${name.slice(0, 300)}…` : name);
  if (name.length < SHORTEST || name.length > longest) {
    return `${quoted} has ${name.length} ${name.length === 1 ? "character" : "characters"}; ${service} allows ${SHORTEST} to ${longest}`;
  }
  if (pattern.test(name)) return undefined;

  const strange = /[^a-z0-9._/-]/u.exec(name)?.[0];
  if (strange !== undefined) {
    return `${quoted} contains ${JSON.stringify(strange)}; ${service} allows the characters a-z, 0-9, ".", "_", "-" and "/"`;
  }
  const segment = name.split("/").find((part) => !pattern.test(part));
  if (segment === undefined || segment === "") {
    return `${quoted} has an empty part; ${service} allows "/" only between two parts of a name`;
  }
  if (!/^[a-z0-9].*[a-z0-9]$/.test(segment)) {
    return `${quoted} has the part "${segment}"; ${service} wants each part to begin and end with a-z or 0-9`;
  }
  return `${quoted} has the part "${segment}"; between two words of a part ${service} allows ${separators}`;
}
