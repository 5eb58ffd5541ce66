/** The addresses of our own pages, and the names in them. */

/** One part of a repository name, of both registries (API models); `.` and `..` are none. */
const partOfName = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/;

export function privateAddress(name: string): string {
  return `/private/${encodedName(name)}`;
}

export function publicAddress(name: string, tab?: string): string {
  return `/public/${encodedName(name)}${tab === undefined ? "" : `?tab=${tab}`}`;
}

/** The timeline with what is about this repository alone. */
export function timelineAddress(repository: string): string {
  return `/timeline?repository=${encodeURIComponent(repository)}`;
}

/** Whether the text can be a repository's name: anything else in a timeline entry gets no link. */
export function isRepositoryName(text: string): boolean {
  return text.length <= 256 && text.split("/").every((part) => partOfName.test(part));
}

/** The text in a path after `prefix`, or undefined when the path is another one or is not well encoded. */
export function nameIn(pathname: string, prefix: string): string | undefined {
  if (!pathname.startsWith(prefix) || pathname.length === prefix.length) return undefined;
  try {
    return decodeURIComponent(pathname.slice(prefix.length));
  } catch {
    // URIError: a percent sign that encodes nothing, so no name.
    return undefined;
  }
}

function encodedName(name: string): string {
  return name.split("/").map(encodeURIComponent).join("/");
}
