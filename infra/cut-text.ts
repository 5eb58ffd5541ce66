interface PartitionsInfo {
  readonly partitions: readonly {
    readonly regionRegex: string;
    readonly regions: Readonly<Record<string, object>>;
  }[];
}

/** A client's schema file without its errors and XML names. Not every client has both. */
export function withoutErrors(source: string): string {
  return source
    .replaceAll(/^n0_registry\.registerError\(.*\);$/gm, "")
    .replaceAll(/^export var \w+\$ = \[-3, n0, [\s\S]*?^\];$/gm, "")
    .replaceAll(/\{\s*\[_x[FN]\][^{}]*\}/g, "0");
}

/**
 * A client's schema file with its members' keys as they are, and not by the constants that stand for them: a bundler cannot know that to look
 * such a key up does nothing, and keeps the schemas of all operations for it.
 */
export function withPlainKeys(source: string): string {
  const names = new Map([...source.matchAll(/^const (_\w+) = ("[^"]*");$/gm)].map(([, name, text]) => [name, text]));
  return source.replaceAll(/\[(_\w+)\]:/g, (whole, name: string) => (names.has(name) ? `${names.get(name)}:` : whole));
}

/** `source` with `by` in place of each of these parts. Errors: one that names a part that is not there, which fails the build. */
export function replaced(source: string, by: string, ...parts: readonly (string | RegExp)[]): string {
  return parts.reduce<string>((text, part) => {
    const shorter = text.replace(part, by);
    if (shorter === text) throw new Error(`no ${part} to cut`);
    return shorter;
  }, source);
}

/** `export const partitionsInfo = {…};`, which is JSON but for its frame, without the Regions that their partition's pattern finds. */
export function withoutDescriptions(source: string): string {
  const [, frame, json] = /^(export const partitionsInfo = )(\{.*\});\s*$/s.exec(source) ?? [];
  if (frame === undefined || json === undefined) return source;
  const { partitions, ...rest } = JSON.parse(json) as PartitionsInfo;
  const lean = partitions.map((partition) => {
    const odd = Object.keys(partition.regions).filter((region) => !new RegExp(partition.regionRegex).test(region));
    return { ...partition, regions: Object.fromEntries(odd.map((region) => [region, {}])) };
  });
  return `${frame}${JSON.stringify({ partitions: lean, ...rest })};`;
}
