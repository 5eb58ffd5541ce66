import { defaultTreeAdapter, parseFragment } from "parse5";

/** What an attribute's value means, of how it is written: `a&amp;b` is `a&b`. */
export function decodedAttribute(written: string): string {
  const [element] = parseFragment(`<a title="${written.replaceAll('"', "&quot;")}">`).childNodes;
  if (element === undefined || !defaultTreeAdapter.isElementNode(element)) return written;
  return element.attrs[0]?.value ?? "";
}
