/** Which page an address shows. */
import type { AccountContext } from "../aws/call.ts";
import type { Timeline } from "../timeline.ts";
import { nameIn } from "./addresses.ts";
import { homePage } from "./home-page.ts";
import type { Html } from "./html.ts";
import { createMarkdown } from "./markdown.ts";
import { noRepositoryPage, notFoundPage } from "./not-found-page.ts";
import { privatePage } from "./private-page.ts";
import { publicPage } from "./public-page.ts";
import type { Cursors } from "./timeline-cursor.ts";
import { timelinePage } from "./timeline-page.ts";

export interface PageDependencies {
  readonly account: AccountContext;
  readonly timeline: Timeline;
  readonly cursors: Cursors;
}

export interface ShownPage {
  readonly status: 200 | 404;
  readonly page: Html;
}

/** Gives the page of any address; one that leads nowhere has a page that says so. */
export function createPages(dependencies: PageDependencies): (url: URL) => ShownPage {
  const { account } = dependencies;
  const { store } = account;
  const markdown = createMarkdown();
  const found = (page: Html): ShownPage => ({ status: 200, page });
  const missing = (page: Html): ShownPage => ({ status: 404, page });

  return ({ pathname, searchParams }) => {
    if (pathname === "/") return found(homePage(dependencies, searchParams));
    if (pathname === "/timeline") return found(timelinePage(dependencies, searchParams));
    const privateName = nameIn(pathname, "/private/");
    if (privateName !== undefined) {
      const record = store.private.repository(privateName);
      if (record === undefined) return missing(noRepositoryPage(account, "private", privateName));
      return found(privatePage(account, record, searchParams));
    }
    const publicName = nameIn(pathname, "/public/");
    if (publicName !== undefined) {
      const record = store.public.repository(publicName);
      if (record === undefined) return missing(noRepositoryPage(account, "public", publicName));
      return found(publicPage({ account, markdown }, record, searchParams));
    }
    return missing(notFoundPage(account, pathname));
  };
}
