/** The list of timeline entries, as the server writes it first and as assets/timeline.js keeps it up. */
import type { Timeline } from "../timeline.ts";
import { type Html, html } from "./html.ts";
import type { Cursors } from "./timeline-cursor.ts";
import { newest, type TimelineFilter } from "./timeline-filter.ts";
import { type EntryView, viewOf } from "./timeline-view.ts";

/** What a row is before it is filled. */
const noEntry: EntryView = {
  tone: "plain",
  time: "",
  clock: "",
  label: "",
  who: "",
  principal: "",
  what: "",
  repository: "",
  address: "",
  text: "",
};

/**
 * The newest entries that match, newest first, at most `limit`. The script goes on from `data-after`, takes the template for new rows, and
 * fills the elements by their classes; without it the list stands as it is.
 */
export function timelineRows(
  { timeline, cursors }: { timeline: Timeline; cursors: Cursors },
  { filter, limit }: { filter: TimelineFilter; limit: number },
): Html {
  const rows = newest(timeline.after(0), filter, limit).map(viewOf).toReversed().map(row);
  const query = new URLSearchParams({ ...filter }).toString();
  return html`<div class="timeline" data-timeline data-after="${cursors.write(timeline.last())}" data-query="${query}" data-limit="${limit}">
<p class="live"><span role="status"></span> <button type="button" hidden>Pause</button></p>
<template>${row(noEntry)}</template>
<ol reversed>${rows}</ol>
<p class="empty">Nothing yet.</p>
</div>`;
}

function row({ tone, time, clock, label, who, principal, what, repository, address, text }: EntryView): Html {
  const href = address === "" ? undefined : html` href="${address}"`;
  return html`<li class="entry ${tone}"><time datetime="${time}">${clock}</time> <span class="label">${label}</span>
<div><span class="who" title="${principal}">${who}</span> <span class="what">${what}</span>
<a class="repository"${href}>${repository}</a>
<p class="text">${text}</p></div></li>`;
}
