/**
 * The two kinds of globs in a policy. `tag`: `*` is any run of characters, as in ECR's own filters. `repository`: `*` is any run
 * of characters within one segment of the name, `**` any run of characters, `/` included. Every other character is itself; a run
 * may be empty.
 */
export type GlobKind = "tag" | "repository";

/**
 * Whether the whole of `text` matches `pattern`.
 *
 * All ways to match are followed at once, one character of the text after the other, so the time is at most the product of both
 * lengths, whatever the pattern.
 */
export function matchesGlob(pattern: string, text: string, kind: GlobKind = "tag"): boolean {
  const tokens = globTokens(pattern, kind);
  let reached = skipWildcards(tokens, new Uint8Array(tokens.length + 1), 0);
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    let next = new Uint8Array(tokens.length + 1);
    tokens.forEach((token, place) => {
      if (reached[place] !== 1 || !acceptsCharacter(token, character)) return;
      next = skipWildcards(tokens, next, isWildcard(token) ? place : place + 1);
    });
    reached = next;
  }
  return reached[tokens.length] === 1;
}

/** The pattern as a list of single characters and wildcards, where `**` crosses segments and `*` does not. */
export function globTokens(pattern: string, kind: GlobKind): string[] {
  const tokens = pattern.match(/\*+|[^*]/gs) ?? [];
  return tokens.map((token) => (isWildcard(token) && (kind === "tag" || token.length > 1) ? "**" : token));
}

export function isWildcard(token: string): boolean {
  return token.startsWith("*");
}

/** Whether a token of `globTokens` may stand for this one character. */
export function acceptsCharacter(token: string, character: string): boolean {
  return token === "**" || (token === "*" && character !== "/") || token === character;
}

/** Marks `place` as reached, and what follows it for as long as a wildcard may stand for nothing. */
function skipWildcards(
  tokens: readonly string[],
  places: Uint8Array<ArrayBuffer>,
  from: number,
): Uint8Array<ArrayBuffer> {
  for (let place = from; places[place] === 0; place++) {
    places[place] = 1;
    if (!isWildcard(tokens[place] ?? "")) break;
  }
  return places;
}
