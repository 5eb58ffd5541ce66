/** What a link or image address is, to a page that stands somewhere else than its source. */
export type AddressKind =
  /** Good as it is: http, https, mailto, an anchor within the page, or empty. */
  | "keep"
  | "relative"
  /** `//host/path`: of the page's own scheme. */
  | "protocol-relative"
  /** A scheme that a page must not have: javascript, data, vbscript, file and all others. */
  | "refused"
  /** Of a good scheme, and still no address. */
  | "broken";

/** Takes the address decoded, as a browser would see it, which passes over spaces around it, and tabs and line ends within. */
export function kindOfAddress(address: string): AddressKind {
  const bare = bareAddress(address);
  if (bare === "" || bare.startsWith("#")) return "keep";
  if (/^[/\\]{2}/.test(bare)) return URL.canParse(`https:${bare}`) ? "protocol-relative" : "broken";
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(bare)?.[1]?.toLowerCase();
  if (scheme === undefined) return "relative";
  if (scheme === "mailto") return "keep";
  if (scheme !== "http" && scheme !== "https") return "refused";
  return /^[^:]*:\/\//.test(bare) && URL.canParse(bare) ? "keep" : "broken";
}

/** https://url.spec.whatwg.org/#concept-basic-url-parser, first steps: what a browser removes before it looks at an address. */
export function bareAddress(address: string): string {
  return address.replace(/^[\p{Cc}\s]+|[\p{Cc}\s]+$|[\t\n\r]/gu, "");
}
