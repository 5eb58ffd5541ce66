import type { Fail } from "./pattern-values.ts";

/**
 * `*` is any run of characters, `\*` an asterisk, `\\` a backslash; nothing else may be escaped, and two `*` may not follow one another
 * (user guide, "Wildcard matching"). Takes time in proportion to the text: no regular expression, so no pattern is slow.
 */
export function compileWildcard(pattern: string, fail: Fail): (text: string) => boolean {
  const [first = "", ...others] = parts(pattern, fail);
  const last = others.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const part of others) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= text.length - last.length;
  };
}

/** The texts between the asterisks. */
function parts(pattern: string, fail: Fail): string[] {
  const found: string[] = [];
  let part = "";
  let previous = "";
  for (const [token = ""] of pattern.matchAll(/\\?[\s\S]/g)) {
    if (token.startsWith("\\") && token !== "\\*" && token !== "\\\\") {
      throw fail(`'wildcard' may escape only * and \\, but has '${pattern}'`);
    }
    if (token === "*" && previous === "*") throw fail(`'wildcard' may not have two * in a row, but has '${pattern}'`);
    if (token === "*") {
      found.push(part);
      part = "";
    } else part += token.at(-1);
    previous = token;
  }
  return [...found, part];
}
