import { type Html, html } from "./html.ts";
import { page } from "./layout.ts";
import type { PageDependencies } from "./pages.ts";
import { kindChoices, readFilter } from "./timeline-filter.ts";
import { timelineRows } from "./timeline-rows.ts";
import { mostReplayed } from "./timeline-stream.ts";

/** Names to choose from at most; others can still be typed. */
const mostSuggestions = 200;

/** GET /timeline in a browser. The form works without the script too: it then loads the page anew. */
export function timelinePage({ account, ...live }: PageDependencies, parameters: URLSearchParams): Html {
  const filter = readFilter(parameters);
  const { store } = account;
  const records = [store.private, store.public].flatMap((registry) =>
    registry.repositories({ limit: mostSuggestions }),
  );
  const names = [...new Set(records.map(({ name }) => name))].sort();
  const main = html`<h1>Timeline</h1>
<p class="lead">Calls, events, and what the functions decided, newest first; ${mostReplayed} rows are kept here at most.
Programs get JSON from the same address.</p>
<form class="filter" method="get" action="/timeline" role="search" aria-label="Filter">
<label>Repository <input name="repository" value="${filter.repository}" list="repositories" autocomplete="off" spellcheck="false" placeholder="part of a name"></label>
<datalist id="repositories">${names.map((name) => html`<option value="${name}"></option>`)}</datalist>
<label>Show <select name="kind">${kindChoices.map(
    ({ kind, label }) =>
      html`<option value="${kind}"${kind === filter.kind ? html` selected` : undefined}>${label}</option>`,
  )}</select></label>
<button type="submit">Filter</button>
</form>
${timelineRows(live, { filter, limit: mostReplayed })}`;
  return page(account, { title: "Timeline", place: "timeline", main });
}
