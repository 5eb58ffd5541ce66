import type { AccountContext } from "../aws/call.ts";
import type { CatalogData } from "../ecr-public/catalog-data.ts";
import { registryCatalogData } from "../ecr-public/registry-catalog-data.ts";
import { settingsOf } from "../ecr-public/settings.ts";
import type { RepositoryRecord } from "../store/store.ts";
import { publicAddress, timelineAddress } from "./addresses.ts";
import { badges } from "./badges.ts";
import { dateAndTime, sizeInWords } from "./format.ts";
import { type Html, html, type Part } from "./html.ts";
import { paged } from "./image-list.ts";
import { imagesInOrder, viewOfImage } from "./images.ts";
import { emptyNote, page } from "./layout.ts";
import { logo } from "./logo.ts";
import type { Markdown } from "./markdown.ts";

const tabs = [
  { id: "about", label: "About" },
  { id: "usage", label: "Usage" },
  { id: "tags", label: "Image tags" },
] as const;
type Tab = (typeof tabs)[number]["id"];

export interface PublicDependencies {
  readonly account: AccountContext;
  readonly markdown: Markdown;
}

/** GET /public/NAME, `?tab=about|usage|tags`: the page of the gallery, as somebody sees it who knows nothing of the account. */
export function publicPage(
  { account, markdown }: PublicDependencies,
  record: RepositoryRecord,
  parameters: URLSearchParams,
): Html {
  const { name } = record;
  const { catalogData = {} } = settingsOf(record);
  const tab = tabs.find(({ id }) => id === parameters.get("tab"))?.id ?? "about";
  const { displayName } = registryCatalogData(account);
  const newestTag = imagesInOrder(account.store.public, name)[0]?.tags.at(-1);
  const main = html`<p class="kicker">Public gallery, as a visitor sees it</p>
<header class="gallery-head">
${logo(record)}
<div>
<h1 class="name"><span class="alias">${account.publicAlias}/</span>${name}</h1>
${typeof displayName === "string" ? html`<p class="by">by ${displayName}</p>` : undefined}
${catalogData.description === undefined ? undefined : html`<p class="lead">${catalogData.description}</p>`}
${badges(catalogData)}
</div>
</header>
${newestTag === undefined ? undefined : html`<code class="command">${pullCommand(account, name, `:${newestTag}`)}</code>`}
<nav class="tabs" aria-label="Parts of this page"><ul>${tabs.map(
    ({ id, label }) =>
      html`<li><a href="${publicAddress(name, id)}"${id === tab ? html` aria-current="page"` : undefined}>${label}</a></li>`,
  )}</ul></nav>
<section class="tab">
<h2 class="unseen">${tabs.find(({ id }) => id === tab)?.label}</h2>
${contentOf(tab, { account, markdown }, record, catalogData, parameters)}
</section>
<p class="aside">Not part of the gallery: <a href="${timelineAddress(name)}">how it came here, on the timeline</a>.</p>`;
  return page(account, { title: `${account.publicAlias}/${name}`, place: "elsewhere", main });
}

function contentOf(
  tab: Tab,
  { account, markdown }: PublicDependencies,
  { name }: RepositoryRecord,
  { aboutText, usageText }: CatalogData,
  parameters: URLSearchParams,
): Part {
  if (tab === "tags") return tagList(account, name, parameters);
  const text = tab === "about" ? aboutText : usageText;
  if (text === undefined || text.trim() === "") return emptyNote(`There is no ${tab} text.`);
  return html`<div class="prose">${markdown(text)}</div>`;
}

/** One entry for each tag, those pushed last first. */
function tagList(account: AccountContext, name: string, parameters: URLSearchParams): Html {
  const registry = account.store.public;
  const all = imagesInOrder(registry, name).flatMap((image) => image.tags.map((tag) => ({ image, tag })));
  if (all.length === 0) return emptyNote("There is no tag.");
  const { items, links } = paged(all, parameters, "tag");
  return html`<ul class="images">${items.map(({ image, tag }) => {
    const { kind, size } = viewOfImage(registry, name, image);
    const { digest, pushedAt } = image;
    return html`<li><h3 class="tags"><code class="chip tag">${tag}</code></h3>
<div class="about">${kind} · ${sizeInWords(size)} · <time datetime="${pushedAt.toISOString()}">${dateAndTime(pushedAt)}</time></div>
<code class="digest">${digest}</code>
<code class="command">${pullCommand(account, name, `:${tag}`)}</code></li>`;
  })}</ul>${links}`;
}

function pullCommand(account: AccountContext, name: string, reference: string): string {
  return `docker pull ${account.publicHost()}/${account.publicAlias}/${name}${reference}`;
}
