/** What of HTML a public page must not have, and where addresses are in it. */

/** Elements that run, style, embed or change how the rest is read; they go with all that is in them. */
export const REFUSED_ELEMENTS: ReadonlySet<string> = new Set(
  "script style iframe object embed applet frame frameset noframes noembed noscript plaintext xmp textarea title template svg math base link meta portal".split(
    " ",
  ),
);

/** https://html.spec.whatwg.org/multipage/syntax.html#void-elements, and those that were void once. */
export const VOID_ELEMENTS: ReadonlySet<string> = new Set(
  "area base br col embed frame hr img input link meta param source track wbr".split(" "),
);

/** Elements that end by themselves: https://html.spec.whatwg.org/multipage/syntax.html#optional-tags */
export const SELF_ENDING_ELEMENTS: ReadonlySet<string> = new Set(
  "p li dt dd td th tr tbody thead tfoot caption colgroup option optgroup rt rp html head body".split(" "),
);

/** Attributes with one address each, and what a relative one is relative to. */
export const ADDRESS_ATTRIBUTES: Readonly<Record<string, "page" | "image">> = {
  href: "page",
  cite: "page",
  longdesc: "page",
  action: "page",
  formaction: "page",
  ping: "page",
  "xlink:href": "page",
  src: "image",
  poster: "image",
  background: "image",
  data: "image",
};

/** Attributes that run something, or hold a page of their own. */
export function isRefusedAttribute(name: string): boolean {
  return name.startsWith("on") || name === "srcdoc";
}
