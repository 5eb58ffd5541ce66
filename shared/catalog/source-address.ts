/** Where the relative addresses of a text lead: its folder in the source repository, for pages and for images, and its root for `/…`. */
export interface SourceAddress {
  readonly page: URL;
  readonly image: URL;
  readonly pageRoot: URL;
  readonly imageRoot: URL;
}

/** How a host addresses a file: what stands between repository and revision, for a page and for the bytes; and what a link to a folder has there. */
interface Host {
  readonly matches: (host: string) => boolean;
  readonly page: string;
  readonly image: string;
  readonly folders: readonly string[];
}

/**
 * HEAD is the default branch on all of them: https://docs.github.com/en/repositories/working-with-files/using-files/getting-permanent-links-to-files,
 * https://docs.gitlab.com/user/project/repository/files/, https://support.atlassian.com/bitbucket-cloud/docs/hyperlink-to-source-code-in-bitbucket/
 */
const HOSTS: readonly Host[] = [
  { matches: (host) => host === "github.com", page: "blob", image: "raw", folders: ["tree", "blob", "raw"] },
  {
    matches: (host) => host === "gitlab.com" || host.startsWith("gitlab."),
    page: "-/blob",
    image: "-/raw",
    folders: ["-/tree", "-/blob", "-/raw"],
  },
  { matches: (host) => host === "bitbucket.org", page: "src", image: "raw", folders: ["src", "raw"] },
];

/**
 * Reads the source of an image: the address of a repository, or of a folder or file in it, at GitHub, GitLab or Bitbucket; at another host the
 * address of a folder. `git+https://…`, `git@host:owner/name` and a `.git` at the end are understood. Undefined for what is no such address.
 */
export function sourceAddress(source: string): SourceAddress | undefined {
  const url = webAddress(source.trim());
  if (url === undefined) return undefined;
  const host = HOSTS.find(({ matches }) => matches(url.hostname.replace(/^www\./, "")));
  const segments = url.pathname.split("/").filter((segment) => segment !== "");
  if (host === undefined || segments.length < 2) {
    const folder = new URL(`${url.origin}/${segments.map((segment) => `${segment}/`).join("")}`);
    return { page: folder, image: folder, pageRoot: folder, imageRoot: folder };
  }
  const path = segments.join("/");
  const marker = host.folders.map((folder) => `/${folder}/`).find((folder) => path.includes(folder));
  const [repository = path, inner = ""] =
    marker === undefined
      ? [path]
      : [path.slice(0, path.indexOf(marker)), path.slice(path.indexOf(marker) + marker.length)];
  const [revision = "HEAD", ...folders] = inner.split("/").filter((segment) => segment !== "");
  // A source that is a file, such as a README, means the folder that it is in.
  if (marker !== undefined && !marker.includes("tree") && folders.at(-1)?.includes(".")) folders.pop();
  const at = (kind: string, folder: readonly string[]) =>
    new URL(`${url.origin}/${[withoutGit(repository), kind, revision, ...folder].join("/")}/`);
  return {
    page: at(host.page, folders),
    image: at(host.image, folders),
    pageRoot: at(host.page, []),
    imageRoot: at(host.image, []),
  };
}

/** An address in the text, absolute. Takes it decoded; one that begins with "/" is seen from the repository's root, as these hosts see it. */
export function absoluteAddress(source: SourceAddress, relative: string, kind: "page" | "image"): URL | undefined {
  const fromRoot = relative.trimStart().startsWith("/");
  const base =
    kind === "image" ? (fromRoot ? source.imageRoot : source.image) : fromRoot ? source.pageRoot : source.page;
  const address = fromRoot ? relative.trimStart().replace(/^\/+/, "./") : relative;
  return URL.canParse(address, base.href) ? new URL(address, base) : undefined;
}

function webAddress(source: string): URL | undefined {
  const scp = /^(?:ssh:\/\/)?git@([^:/]+)[:/](.+)$/.exec(source);
  const text = scp === null ? source.replace(/^git\+/, "") : `https://${scp[1]}/${scp[2]}`;
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  // What signs in somewhere is nothing for a public page.
  url.username = "";
  url.password = "";
  url.search = "";
  url.hash = "";
  url.pathname = withoutGit(url.pathname.replace(/\/+$/, ""));
  return url;
}

function withoutGit(path: string): string {
  return path.replace(/\.git$/, "");
}
