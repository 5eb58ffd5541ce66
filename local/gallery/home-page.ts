import type { AccountContext } from "../aws/call.ts";
import { settingsOf as publicSettingsOf } from "../ecr-public/settings.ts";
import type { RepositoryRecord } from "../store/store.ts";
import { privateAddress, publicAddress } from "./addresses.ts";
import { badges } from "./badges.ts";
import { counted } from "./format.ts";
import { type Html, html } from "./html.ts";
import { imageList, paged } from "./image-list.ts";
import { imagesInOrder, viewOfImage } from "./images.ts";
import { emptyNote, page } from "./layout.ts";
import { logo } from "./logo.ts";
import type { PageDependencies } from "./pages.ts";
import { standardsList } from "./standards.ts";
import { timelineRows } from "./timeline-rows.ts";

const imagesShown = 3;
const rowsShown = 25;

/** GET /: all private repositories with their standards and newest images, what is published, and what happened last. */
export function homePage({ account, timeline, cursors }: PageDependencies, parameters: URLSearchParams): Html {
  const { store } = account;
  const [mine, published] = [store.private.repositories(), store.public.repositories()];
  const shown = paged(mine, parameters, "repository");
  const main = html`<h1>Local account ${account.accountId}</h1>
<p class="lead">${counted(mine.length, "private repository", "private repositories")},
${published.length} published as <code>${account.publicHost()}/${account.publicAlias}</code>. Region ${account.region}.</p>
<div class="columns">
<div>
<p class="note" data-stale hidden>Something has happened since this page was made: <a href="/">show the repositories as they are now</a>.</p>
<section aria-labelledby="private">
<h2 id="private">Private repositories</h2>
${mine.length === 0 ? nothingPushed(account) : shown.items.map((record) => privateCard(account, record))}
${shown.links}
</section>
<section aria-labelledby="public">
<h2 id="public">Public gallery</h2>
${published.length === 0 ? emptyNote("Nothing has been published yet.") : undefined}
<div class="cards">${published.slice(0, 200).map((record) => publicCard(account, record))}</div>
</section>
</div>
<section class="latest" aria-labelledby="latest">
<h2 id="latest">What happened</h2>
${timelineRows({ timeline, cursors }, { filter: { repository: "", kind: "notable" }, limit: rowsShown })}
<p class="more"><a href="/timeline">The whole timeline</a></p>
</section>
</div>`;
  return page(account, { title: "Repositories", place: "home", main });
}

function privateCard({ store }: AccountContext, record: RepositoryRecord): Html {
  const images = imagesInOrder(store.private, record.name);
  const tagged = images.filter(({ tags }) => tags.length > 0);
  // The parts of an index have no tags of their own.
  const newest = (tagged.length > 0 ? tagged : images).slice(0, imagesShown);
  const views = newest.map((image) => viewOfImage(store.private, record.name, image));
  const address = privateAddress(record.name);
  return html`<article class="card">
<h3><a href="${address}">${record.name}</a></h3>
${standardsList(record, { brief: true })}
${images.length === 0 ? emptyNote("No images.") : imageList(views, { brief: true })}
${images.length > newest.length ? html`<p class="more"><a href="${address}#images">All ${images.length} images</a></p>` : undefined}
</article>`;
}

function publicCard({ publicAlias }: AccountContext, record: RepositoryRecord): Html {
  const { catalogData = {} } = publicSettingsOf(record);
  return html`<article class="card published">
${logo(record)}
<div><h3><a href="${publicAddress(record.name)}"><span class="alias">${publicAlias}/</span>${record.name}</a></h3>
${catalogData.description === undefined ? undefined : html`<p class="description">${catalogData.description}</p>`}
${badges(catalogData)}</div>
</article>`;
}

function nothingPushed(account: AccountContext): Html {
  return emptyNote(html`There is none yet. The first push makes one, where a template covers its name:
<code class="command">docker push ${account.privateHost()}/team-a/web:v1.0.0</code>`);
}
