import type { AccountContext } from "../aws/call.ts";
import { timelineAddress } from "./addresses.ts";
import { type Html, html } from "./html.ts";
import { page } from "./layout.ts";

/** For an address that leads nowhere. */
export function notFoundPage(account: AccountContext, pathname: string): Html {
  const main = html`<h1>Nothing is here</h1>
<p>There is no page at <code>${pathname}</code>. The <a href="/">start page</a> lists all repositories; what happened is on
the <a href="/timeline">timeline</a>.</p>`;
  return page(account, { title: "Not found", place: "elsewhere", main });
}

/** For a repository that there is not, or not any more: the timeline may know why. */
export function noRepositoryPage(account: AccountContext, side: "private" | "public", name: string): Html {
  const main = html`<h1>No such repository</h1>
<p>The ${side} registry has no repository named <code>${name}</code>. It may have been refused or deleted: see
<a href="${timelineAddress(name)}">what the timeline tells of it</a>, or go back to <a href="/">all repositories</a>.</p>`;
  return page(account, { title: "No such repository", place: "elsewhere", main });
}

/** For a defect of these pages. */
export function defectPage(account: AccountContext): Html {
  const main = html`<h1>This page is broken</h1>
<p>That is a defect of the local account, not of what you did; the terminal that it runs in tells more.</p>`;
  return page(account, { title: "Defect", place: "elsewhere", main });
}
