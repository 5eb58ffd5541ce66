/** Images of a repository, one after the other: a list, so that it reads as well on a phone. */
import { counted, dateAndTime, shortDigest, sizeInWords } from "./format.ts";
import { type Html, html, type Part } from "./html.ts";
import type { ImageView } from "./images.ts";

/** `brief`: short digests without times, for a list among others. */
export function imageList(images: readonly ImageView[], { brief }: { brief: boolean }): Html {
  return html`<ul class="images${brief ? " brief" : undefined}">${images.map((view) => item(view, brief))}</ul>`;
}

function item({ image, kind, size }: ImageView, brief: boolean): Html {
  const tags: Part =
    image.tags.length === 0
      ? html`<span class="absent">untagged</span>`
      : image.tags.map((tag) => html`<code class="chip tag">${tag}</code> `);
  const digest = html`<code class="digest" title="${image.digest}">${brief ? shortDigest(image.digest) : image.digest}</code>`;
  const pushed = html` · <time datetime="${image.pushedAt.toISOString()}">${dateAndTime(image.pushedAt)}</time>`;
  const subject = html` · refers to <code>${image.subject === undefined ? "" : shortDigest(image.subject)}</code>`;
  return html`<li><div class="tags">${tags}</div><div class="about">${kind} · ${sizeInWords(size)}${
    brief ? undefined : pushed
  }${image.subject === undefined ? undefined : subject}</div>${digest}</li>`;
}

const pageLength = 50;

export interface Paged<T> {
  readonly items: readonly T[];
  /** Links to the neighbouring pages; nothing when there is one page only. */
  readonly links: Part;
}

/** The part of a list that `?page=N` asks for; a page that there is not is the nearest one. `address`: of the list, `?` excluded. */
export function paged<T>(all: readonly T[], parameters: URLSearchParams, noun: string): Paged<T> {
  const pages = Math.max(1, Math.ceil(all.length / pageLength));
  const asked = Number.parseInt(parameters.get("page") ?? "1", 10) || 1;
  const number = Math.min(Math.max(asked, 1), pages);
  const items = all.slice((number - 1) * pageLength, number * pageLength);
  if (pages === 1) return { items, links: undefined };
  const link = (to: number, label: string): Part => {
    if (to < 1 || to > pages) return undefined;
    const query = new URLSearchParams(parameters);
    query.set("page", String(to));
    return html`<a href="?${query.toString()}" rel="${to < number ? "prev" : "next"}">${label}</a> `;
  };
  const links = html`<nav class="pages" aria-label="Pages of ${noun}s">${link(number - 1, "← Previous")}
<span>page ${number} of ${pages}, ${counted(all.length, noun)}</span> ${link(number + 1, "Next →")}</nav>`;
  return { items, links };
}
