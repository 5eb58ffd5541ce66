/** The logo of a published repository, from this page's own host. */
import { logoPath } from "../ecr-public/logo.ts";
import { settingsOf } from "../ecr-public/settings.ts";
import type { RepositoryRecord } from "../store/store.ts";
import { type Html, html } from "./html.ts";

/** The picture, or the first letter of the name where there is none. Decoration: the name stands beside it. */
export function logo(record: RepositoryRecord): Html {
  const png = settingsOf(record).catalogData?.logo;
  if (png !== undefined)
    return html`<img class="logo" src="${logoPath(record.name, png)}" alt="" width="72" height="72">`;
  const letter = record.name.split("/").at(-1)?.charAt(0).toUpperCase();
  return html`<span class="logo" aria-hidden="true">${letter}</span>`;
}
