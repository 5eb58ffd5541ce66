/** A regular expression as a tree. `text` of a character is its source: a letter, a class, an escape or a dot. */
export type PatternTree =
  | { readonly kind: "empty" }
  | { readonly kind: "character"; readonly text: string }
  | { readonly kind: "sequence" | "choice"; readonly parts: readonly PatternTree[] }
  | { readonly kind: "repeat"; readonly part: PatternTree; readonly least: number; readonly most: number };

/** A part of the language that the tree leaves out; its text is the part as written. */
export class UnknownPart extends Error {}

const GROUP = /\((?:\?:|\?<[\p{L}\p{N}_$]+>|(?!\?))/uy;
/** Begin, end and word boundaries stand for no character. */
const BOUNDARY = /\^|\$|\\[bB]/uy;
const CHARACTER =
  /\[(?:\\.|[^\]\\])*\]|\\(?:[pP]|u)\{[^}]*\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\c[a-zA-Z]|\\[^1-9k]|[^()[\]{}*+?|\\]/uy;
const QUANTIFIER = /([*+?])\??|\{([0-9]+)(,?)([0-9]*)\}\??/uy;

/**
 * Reads a pattern that compiles with the `u` flag. Raises UnknownPart for what it does not know: lookaround, back references and modifiers.
 * A lazy quantifier is read as a greedy one, since both try the same ways in another order.
 */
export function patternTree(pattern: string): PatternTree {
  let at = 0;

  function take(token: RegExp): RegExpExecArray | undefined {
    token.lastIndex = at;
    const found = token.exec(pattern) ?? undefined;
    if (found !== undefined) at = token.lastIndex;
    return found;
  }

  function choice(): PatternTree {
    const parts = [sequence()];
    while (pattern.charAt(at) === "|") {
      at++;
      parts.push(sequence());
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: "choice", parts };
  }

  function sequence(): PatternTree {
    const parts: PatternTree[] = [];
    while (at < pattern.length && !/[|)]/.test(pattern.charAt(at))) parts.push(repeated(single()));
    return { kind: "sequence", parts };
  }

  function single(): PatternTree {
    if (take(BOUNDARY) !== undefined) return { kind: "empty" };
    if (take(GROUP) !== undefined) {
      const inner = choice();
      at++;
      return inner;
    }
    const text = take(CHARACTER)?.[0];
    if (text === undefined) throw new UnknownPart(pattern.slice(at, at + 3));
    return { kind: "character", text };
  }

  function repeated(part: PatternTree): PatternTree {
    const [quantifier, sign, from, comma, to] = take(QUANTIFIER) ?? [];
    if (quantifier === undefined) return part;
    if (sign !== undefined) {
      return { kind: "repeat", part, least: sign === "+" ? 1 : 0, most: sign === "?" ? 1 : Number.POSITIVE_INFINITY };
    }
    const least = Number(from);
    const most = to !== undefined && to !== "" ? Number(to) : comma === "," ? Number.POSITIVE_INFINITY : least;
    return { kind: "repeat", part, least, most };
  }

  return choice();
}
