/**
 * Keeps the timelines of a page up: new entries on top, without reload. The rows come as texts from /timeline/stream and are
 * put into copies of the page's own template, so that no text can become markup.
 */
for (const root of document.querySelectorAll("[data-timeline]")) keepUp(root, document.querySelector("form.filter"));

function keepUp(root, form) {
  const list = root.querySelector("ol");
  const template = root.querySelector("template");
  const status = root.querySelector("[role=status]");
  const pause = root.querySelector("button");
  const limit = Number(root.dataset.limit);
  let { query, after } = root.dataset;
  let source;
  let paused = false;
  /** Rows of a list that begins anew, until it is complete; the old ones stay so long. */
  let coming;

  function connect() {
    source?.close();
    coming = undefined;
    if (paused || document.hidden) return;
    const parameters = new URLSearchParams(query);
    if (after !== undefined) parameters.set("after", after);
    source = new EventSource(`/timeline/stream?${parameters}`);
    source.addEventListener("start", ({ data }) => {
      if (JSON.parse(data).fresh) coming = [];
    });
    source.addEventListener("entry", (event) => {
      after = event.lastEventId;
      const row = rowOf(JSON.parse(event.data));
      if (coming === undefined) {
        list.prepend(row);
        // What else is on the page may not be so any more.
        document.querySelector("[data-stale]")?.removeAttribute("hidden");
      } else {
        coming.unshift(row);
      }
      trim();
    });
    source.addEventListener("live", () => {
      if (coming !== undefined) list.replaceChildren(...coming);
      coming = undefined;
      trim();
      say("Live");
    });
    source.addEventListener("error", () => say("The account does not answer; trying again"));
  }

  function rowOf(entry) {
    const row = template.content.firstElementChild.cloneNode(true);
    row.className = `entry ${entry.tone}`;
    for (const name of ["label", "who", "what", "repository", "text"]) {
      row.querySelector(`.${name}`).textContent = entry[name];
    }
    const time = row.querySelector("time");
    time.textContent = entry.clock;
    time.dateTime = entry.time;
    row.querySelector(".who").title = entry.principal;
    if (entry.address !== "") row.querySelector(".repository").href = entry.address;
    return row;
  }

  function trim() {
    while (list.children.length > limit) list.lastElementChild.remove();
  }

  /** Only when it changes: a screen reader says it aloud. */
  function say(words) {
    if (status.textContent !== words) status.textContent = words;
    root.dataset.state = words === "Live" ? "live" : "waiting";
  }

  pause.hidden = false;
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.textContent = paused ? "Go on" : "Pause";
    if (paused) say("Paused");
    connect();
  });
  // A browser has few connections to one host: pages that nobody looks at give theirs back, and continue where they were.
  document.addEventListener("visibilitychange", connect);
  if (form !== null) {
    onFilter(form, (chosen) => {
      query = chosen;
      after = undefined;
      connect();
    });
  }
  connect();
}

/** Calls `choose` with the filter as a query when it has changed, a moment after the last key. */
function onFilter(form, choose) {
  let timer;
  let last = read();
  function read() {
    return new URLSearchParams(new FormData(form)).toString();
  }
  function apply() {
    clearTimeout(timer);
    const query = read();
    if (query === last) return;
    last = query;
    history.replaceState(null, "", `${location.pathname}?${query}`);
    choose(query);
  }
  form.querySelector("button").hidden = true;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(apply, 200);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });
}
