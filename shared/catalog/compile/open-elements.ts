import { SELF_ENDING_ELEMENTS, VOID_ELEMENTS } from "./html-rules.ts";
import type { HtmlToken } from "./html-tokens.ts";

/** More elements than this within each other are no page's structure, and no place to end a text. */
const DEEPEST = 32;

/**
 * Which HTML elements are open at a place. Takes all tags in order; gives a function that must be asked of places in order, and answers with
 * the names, outermost first; undefined where too many are open.
 */
export function openElements(tags: readonly HtmlToken[]): (place: number) => readonly string[] | undefined {
  const open: string[] = [];
  let next = 0;
  return (place) => {
    for (let tag = tags[next]; tag !== undefined && tag.start < place; tag = tags[++next]) {
      if (VOID_ELEMENTS.has(tag.name) || SELF_ENDING_ELEMENTS.has(tag.name)) continue;
      const last = open.lastIndexOf(tag.name);
      if (tag.kind === "start") open.push(tag.name);
      else if (last >= 0) open.length = last;
    }
    return open.length > DEEPEST ? undefined : [...open];
  };
}
