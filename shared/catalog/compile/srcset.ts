/** Where the addresses in a srcset value stand: https://html.spec.whatwg.org/multipage/images.html#parsing-a-srcset-attribute */
export function srcsetAddresses(value: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  let at = 0;
  for (;;) {
    at = skip(value, at, (it) => isSpace(it) || it === ",");
    if (at >= value.length) return found;
    const start = at;
    at = skip(value, at, (it) => !isSpace(it));
    let end = at;
    while (end > start && value[end - 1] === ",") end--;
    if (end > start) found.push({ start, end });
    if (end < at) continue;
    // Descriptors, such as 2x, end at a comma outside of parentheses.
    let depth = 0;
    at = skip(value, at, (it) => {
      if (it === "(") depth++;
      if (it === ")") depth--;
      return depth > 0 || it !== ",";
    });
  }
}

function skip(text: string, from: number, passes: (character: string) => boolean): number {
  let at = from;
  while (at < text.length && passes(text.charAt(at))) at++;
  return at;
}

function isSpace(character: string): boolean {
  return " \t\n\f\r".includes(character);
}
