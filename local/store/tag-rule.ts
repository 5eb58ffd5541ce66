/** Which tags may move. Pure. */
import type { TagRule } from "./store.ts";

/**
 * Whether the rule forbids to point `tag` at another image: every tag of an immutable repository but those that an exception
 * names; in a mutable one only those. In an exception `*` is any run of characters, all else stands for itself.
 */
export function isTagFixed(rule: TagRule, tag: string): boolean {
  const excepted = rule.except.some((pattern) => matches(pattern, tag));
  return rule.tags === "immutable" ? !excepted : excepted;
}

/** The pieces between the stars must follow each other; linear, so that no pattern can make it slow. */
function matches(pattern: string, tag: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return pattern === tag;
  if (!tag.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = tag.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return tag.length - last.length >= at && tag.endsWith(last);
}
