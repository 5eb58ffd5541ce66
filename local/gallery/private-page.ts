import type { AccountContext } from "../aws/call.ts";
import { settingsOf } from "../ecr/settings.ts";
import type { RepositoryRecord } from "../store/store.ts";
import { timelineAddress } from "./addresses.ts";
import { counted, dateAndTime } from "./format.ts";
import { type Html, html } from "./html.ts";
import { imageList, paged } from "./image-list.ts";
import { imagesInOrder, viewOfImage } from "./images.ts";
import { emptyNote, page } from "./layout.ts";
import { prettyPolicy, standardsList } from "./standards.ts";

/** GET /private/NAME: one repository with its policies and all its images. */
export function privatePage(account: AccountContext, record: RepositoryRecord, parameters: URLSearchParams): Html {
  const { name, createdAt } = record;
  const registry = account.store.private;
  const images = imagesInOrder(registry, name);
  const shown = paged(images, parameters, "image");
  const views = shown.items.map((image) => viewOfImage(registry, name, image));
  const newestTag = images[0]?.tags.at(-1);
  const pull = `docker pull ${account.privateHost()}/${name}:${newestTag}`;
  const { lifecyclePolicyText, policyText } = settingsOf(record);
  const main = html`<p class="kicker">Private repository</p>
<h1 class="name">${name}</h1>
<p class="lead">Created <time datetime="${createdAt.toISOString()}">${dateAndTime(createdAt)}</time> ·
${counted(images.length, "image")} · <a href="${timelineAddress(name)}">its timeline</a></p>
${newestTag === undefined ? undefined : html`<code class="command">${pull}</code>`}
<section aria-labelledby="standards"><h2 id="standards">Standards</h2>
${standardsList(record, { brief: false })}</section>
<section aria-labelledby="images"><h2 id="images">Images</h2>
${images.length === 0 ? emptyNote("No images.") : imageList(views, { brief: false })}
${shown.links}</section>
<section aria-labelledby="lifecycle"><h2 id="lifecycle">Lifecycle policy</h2>
${lifecyclePolicyText === undefined ? emptyNote("None: images stay until somebody deletes them.") : prettyPolicy(lifecyclePolicyText)}</section>
<section aria-labelledby="policy"><h2 id="policy">Repository policy</h2>
${policyText === undefined ? emptyNote("None: only principals of this account have access.") : prettyPolicy(policyText)}</section>`;
  return page(account, { title: name, place: "elsewhere", main });
}
