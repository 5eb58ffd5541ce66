/** What all pages have in common. */
import type { AccountContext } from "../aws/call.ts";
import { type Html, html, type Part } from "./html.ts";

type Place = "home" | "timeline" | "elsewhere";

/** A whole page. `title`: for the browser's tab; the page's own heading is part of `main`. */
export function page(
  account: AccountContext,
  { title, place, main }: { title: string; place: Place; main: Part },
): Html {
  const link = (address: string, label: string, isHere: boolean): Html =>
    html`<li><a href="${address}"${isHere ? html` aria-current="page"` : undefined}>${label}</a></li>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title} · ecr-autopilot</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/gallery.css">
<script type="module" src="/assets/timeline.js"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<a class="brand" href="/">ecr-autopilot</a>
<span class="account">local account ${account.accountId} · ${account.region}</span>
<nav aria-label="Pages"><ul>
${link("/", "Repositories", place === "home")}
${link("/#public", "Public gallery", false)}
${link("/timeline", "Timeline", place === "timeline")}
</ul></nav>
</header>
<main id="main" tabindex="-1">
${main}
</main>
</body>
</html>
`;
}

/** What a list shows when there is nothing in it. */
export function emptyNote(text: Part): Html {
  return html`<p class="empty">${text}</p>`;
}
