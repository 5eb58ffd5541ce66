/** The badges of a published repository. */
import type { CatalogData } from "../ecr-public/catalog-data.ts";
import { type Html, html, type Part } from "./html.ts";

/** What the gallery has badges for; other texts are kept, and found by no search (public user guide, "Repository catalog data"). */
const operatingSystems = ["Linux", "Windows"];
const architectures = ["ARM", "ARM 64", "x86", "x86-64"];

/** One list; nothing when no text has a badge. */
export function badges(catalog: CatalogData): Part {
  const shown: Html[] = [
    ...badgesOf("Operating system", operatingSystems, catalog.operatingSystems),
    ...badgesOf("Architecture", architectures, catalog.architectures),
  ];
  return shown.length === 0 ? undefined : html`<ul class="badges" aria-label="Runs on">${shown}</ul>`;
}

function badgesOf(title: string, known: readonly string[], given: readonly string[] = []): Html[] {
  return known.filter((name) => given.includes(name)).map((name) => html`<li title="${title}">${name}</li>`);
}
