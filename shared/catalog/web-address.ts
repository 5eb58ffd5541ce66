/** Longest address that a page shows; a bound of ours. */
export const LONGEST_ADDRESS = 2_048;

/** Rules in words that follow "is" or "has". */
export type AddressRule = "address" | "credentials";

export interface WebAddress {
  /** As a browser would write it, so without spaces, `<`, `>` and quotation marks; undefined where it is none. */
  readonly url: string | undefined;
  readonly broken: readonly AddressRule[];
}

/** An http or https address; what stands before an @ in it is left out, as it may be a password. */
export function webAddress(text: string): WebAddress {
  const url = URL.parse(text);
  if (url === null || !isWeb(url)) return { url: undefined, broken: ["address"] };
  return withoutCredentials(url);
}

/**
 * The address at which people find a repository of sources: also from `git+https://…`, `ssh://git@host/x/y`, `git://…` and
 * `git@host:x/y.git`, without `.git`, query and fragment (`#main`, as BuildKit has it).
 */
export function repositoryAddress(text: string): WebAddress {
  const [, host = "", path = ""] = /^[\w.-]+@([\w.-]+):(?!\/\/)\/?(.+)$/.exec(text) ?? [];
  const given = host === "" ? text.replace(/^git\+/i, "") : `ssh://${host}/${path}`;
  const isOtherProtocol = /^(ssh|git):\/\//i.test(given);
  const url = URL.parse(given.replace(/^(ssh|git):\/\//i, "https://"));
  if (url === null || !isWeb(url)) return { url: undefined, broken: ["address"] };
  if (isOtherProtocol) {
    // The user is git, no secret, and the port is that of the other protocol.
    url.username = "";
    url.password = "";
    url.port = "";
  }
  url.search = "";
  url.hash = "";
  while (/.\/$/.test(url.pathname)) url.pathname = url.pathname.slice(0, -1);
  url.pathname = url.pathname.replace(/\.git$/, "");
  return withoutCredentials(url);
}

function isWeb({ protocol, href }: URL): boolean {
  return (protocol === "https:" || protocol === "http:") && href.length <= LONGEST_ADDRESS;
}

function withoutCredentials(url: URL): WebAddress {
  const hasCredentials = url.username !== "" || url.password !== "";
  url.username = "";
  url.password = "";
  return { url: url.href, broken: hasCredentials ? ["credentials"] : [] };
}
