// What makes the page quicker. Everything works without it; it has no words of its own: those stand in the page.
"use strict";

const words = document.body.dataset;
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
/** A message of the page with its values in the place of its braces. */
const told = (message, ...values) => values.reduce((text, value) => text.replace("{}", value), message);

/* Forms leave out what says nothing, so that addresses stay short. */
const form = document.querySelector("form.search");
const box = document.getElementById("q");
form?.addEventListener("submit", () => {
  const silent = [...form.elements].filter((field) => field.name && !field.value);
  for (const field of silent) field.disabled = true;
  // The page may be come back to.
  setTimeout(() => silent.forEach((field) => (field.disabled = false)));
});

/* Citations are copied with one click. */
for (const button of all("button.copy")) button.hidden = !navigator.clipboard;
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button.copy");
  if (!button) return;
  const label = (button.dataset.label ??= button.textContent);
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = words.copied;
  } catch {
    button.textContent = words.failed;
  }
  button.setAttribute("role", "status");
  setTimeout(() => {
    button.textContent = label;
    button.removeAttribute("role");
  }, 2000);
});

/* The other passages of a report open in place: they are fetched from where their link leads. */
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a.more");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  const hit = link.closest(".hit");
  const shown = hit.querySelector(".others");
  if (shown && !link.dataset.fetched && link.getAttribute("aria-expanded") === "true" && !shown.hidden) {
    link.dataset.fetched = "yes";
  }
  event.preventDefault();
  if (shown) {
    shown.hidden = !shown.hidden;
    link.setAttribute("aria-expanded", String(!shown.hidden));
    return;
  }
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const others = answer.ok && page.getElementById(hit.id)?.querySelector(".others");
    if (!others) throw new Error("nothing to show");
    hit.append(document.adoptNode(others));
    link.setAttribute("aria-expanded", "true");
  } catch {
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
});

/* Marks of a report: where we are, the next, the one before. */
const marks = all(".report mark[id]");
const guide = document.querySelector(".marks");
let mark = -1;
function toMark(place) {
  marks[mark]?.classList.remove("here");
  mark = (place + marks.length) % marks.length;
  marks[mark].classList.add("here");
  marks[mark].scrollIntoView({ block: "center" });
  guide.querySelector(".where").textContent = told(words.of, mark + 1, marks.length);
}
if (guide) {
  const named = marks.findIndex((found) => `#${found.id}` === location.hash);
  if (named >= 0) toMark(named);
  // From a passage that was led to, its first mark is the next.
  const passage = /^#passage-\d+$/.test(location.hash) && document.querySelector(location.hash);
  const first = passage ? marks.findIndex((found) => passage.contains(found)) : -1;
  if (first >= 0) mark = first - 1;
  guide.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    if (!step) return;
    event.preventDefault();
    toMark(mark < 0 && step.dataset.step < 0 ? marks.length - 1 : mark + Number(step.dataset.step));
  });
}

/* Keys. */
let hit = -1;
function toHit(step) {
  const hits = all(".hit");
  if (!hits.length) return;
  hits[hit]?.classList.remove("here");
  hit = Math.min(Math.max(hit + step, 0), hits.length - 1);
  hits[hit].classList.add("here");
  hits[hit].querySelector("h2 a").focus({ preventScroll: true });
  hits[hit].scrollIntoView({ block: "nearest" });
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.("input, select, textarea")) return;
  const help = document.querySelector("details.help");
  const does = {
    "/": () => (box.focus(), box.select()),
    "?": () => (help.open = !help.open) && (help.scrollIntoView(), help.querySelector("summary").focus({ preventScroll: true })),
    j: () => toHit(1),
    k: () => toHit(-1),
    n: () => marks.length && toMark(mark + 1),
    p: () => marks.length && toMark(mark < 0 ? marks.length - 1 : mark - 1),
    Escape: () => (help.open = false),
  }[event.key];
  if (!does) return;
  if (event.key !== "Escape") event.preventDefault();
  does();
});

/* Suggestions while typing: a combobox with a list box, as ARIA 1.2 has it. */
function suggesting() {
  const list = document.createElement("ul");
  Object.assign(list, { id: "suggestions", className: "suggest", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.getAttribute("aria-label"));
  const status = Object.assign(document.createElement("p"), { className: "unseen" });
  status.setAttribute("role", "status");
  box.parentElement.append(list, status);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  }))
    box.setAttribute(name, value);

  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const bytes = (text) => encoder.encode(text).length;
  let [shown, chosen, asked, timer, aborter] = [[], -1, 0, 0, null];

  function close() {
    list.hidden = true;
    chosen = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }
  function choose(place) {
    chosen = place;
    [...list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === place)));
    if (place < 0) box.removeAttribute("aria-activedescendant");
    else {
      box.setAttribute("aria-activedescendant", list.children[place].id);
      list.children[place].scrollIntoView({ block: "nearest" });
    }
  }
  function take(place) {
    const { start, end, insert } = shown[place];
    const typed = encoder.encode(box.value);
    const [before, after] = [typed.slice(0, start), typed.slice(end)].map((part) => decoder.decode(part));
    const space = after.startsWith(" ") ? "" : " ";
    box.value = before + insert + space + after;
    const at = (before + insert).length + 1;
    box.setSelectionRange(at, at);
    close();
    box.focus();
  }
  function row(suggestion, place) {
    const part = (name, text) => {
      const span = document.createElement("span");
      span.className = name;
      span.textContent = text;
      return span;
    };
    const item = document.createElement("li");
    item.id = `suggestion-${place}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.append(part("name", suggestion.name));
    const also = [suggestion.alias, suggestion.within].filter(Boolean).join(", ");
    if (also) item.append(part("also", also));
    item.append(part("sort", words[suggestion.kind] ?? ""));
    item.append(part("number", suggestion.reports.toLocaleString(document.documentElement.lang)));
    item.addEventListener("pointerdown", (event) => event.preventDefault());
    item.addEventListener("click", () => take(place));
    return item;
  }
  async function ask() {
    const number = ++asked;
    aborter?.abort();
    const typed = box.value;
    const cursor = box.selectionEnd ?? typed.length;
    if (!typed.slice(0, cursor).trim()) return close();
    aborter = new AbortController();
    try {
      const query = new URLSearchParams({ q: typed, cursor: bytes(typed.slice(0, cursor)), limit: 8 });
      const answer = await fetch(`/api/suggest?${query}`, { signal: aborter.signal });
      if (!answer.ok) return close();
      const found = (await answer.json()).suggestions;
      // A later question may have been answered before.
      if (number !== asked || document.activeElement !== box) return;
      shown = found;
      list.replaceChildren(...found.map(row));
      chosen = -1;
      box.removeAttribute("aria-activedescendant");
      list.hidden = !found.length;
      box.setAttribute("aria-expanded", String(Boolean(found.length)));
      status.textContent = told(words.suggested, found.length);
    } catch {
      if (number === asked) close();
    }
  }
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 90);
  });
  box.addEventListener("blur", () => {
    clearTimeout(timer);
    asked++;
    close();
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = !list.hidden;
    const last = shown.length - 1;
    if (event.key === "ArrowDown" && !open) ask();
    else if (event.key === "ArrowDown" && open) choose(chosen === last ? -1 : chosen + 1);
    else if (event.key === "ArrowUp" && open) choose(chosen < 0 ? last : chosen - 1);
    else if (event.key === "Enter" && open && chosen >= 0) take(chosen);
    else if (event.key === "Escape" && open) close();
    else return;
    event.preventDefault();
  });
  form.addEventListener("submit", close);
}
if (box) suggesting();

/* A drawing is one stop of the tab key: the arrows go from link to link. The bars tell where they are from left to right;
   on the map, the most reports come first. */
function roving(links, start) {
  if (!links.length) return;
  const stop = (at) => links.forEach((link, place) => link.setAttribute("tabindex", place === at ? "0" : "-1"));
  stop(Math.max(start, 0));
  links.forEach((link, at) => {
    link.addEventListener("focus", () => stop(at));
    link.addEventListener("keydown", (event) => {
      if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
      const last = links.length - 1;
      const steps = { ArrowLeft: at - 1, ArrowUp: at - 1, ArrowRight: at + 1, ArrowDown: at + 1, Home: 0, End: last };
      const to = steps[event.key];
      if (to === undefined) return;
      event.preventDefault();
      links[Math.min(Math.max(to, 0), last)].focus();
    });
  });
}
for (const drawing of all(".map-drawing, .histogram-drawing")) {
  const links = all("a:not([tabindex])", drawing);
  roving(links, links.findIndex((link) => link.matches(".selected")));
}

/* A long list of names is sifted by what is typed: a name is shown with what stands below it, and what it stands in. */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
for (const field of all(".sift")) {
  const rows = all(".tree.all li:not(.rest)").map((row) => [row, plain(row.querySelector("bdi").textContent)]);
  field.hidden = rows.length < 12;
  field.querySelector("input").addEventListener("input", (event) => {
    const wanted = plain(event.target.value.trim());
    const kept = new Set();
    for (const [row, name] of rows) {
      if (!name.includes(wanted)) continue;
      row.querySelectorAll("li").forEach((below) => kept.add(below));
      for (let up = row; up; up = up.parentElement.closest("li")) kept.add(up);
    }
    for (const [row] of rows) row.hidden = !kept.has(row);
  });
}

/* A span of days is drawn over the timeline, or taken with Shift and the arrows from a bar that has the focus. */
function spanning(section) {
  const figure = section.querySelector(".histogram");
  const periods = all(".period", figure ?? section);
  if (!figure || !periods.length) return;
  const cover = Object.assign(document.createElement("div"), { className: "drawn", hidden: true });
  const label = figure.querySelector(".drawn-label");
  figure.append(cover);
  let [from, to, drawn] = [-1, -1, false];

  const ends = () => [periods[Math.min(from, to)], periods[Math.max(from, to)]];
  function show() {
    const [first, last] = ends().map((period) => period.querySelector(".reach").getBoundingClientRect());
    const around = figure.getBoundingClientRect();
    cover.style.left = `${first.left - around.left}px`;
    cover.style.width = `${last.right - first.left}px`;
    cover.style.top = `${first.top - around.top}px`;
    cover.style.height = `${first.height}px`;
    cover.hidden = from === to;
    const [start, end] = ends();
    label.textContent = from === to ? "" : told(words.span, start.dataset.first, end.dataset.last);
  }
  function go() {
    const [start, end] = ends();
    const next = new URL(section.dataset.base, location.href);
    next.searchParams.append("date", `${start.dataset.from}..${end.dataset.to}`);
    location.assign(next);
  }
  function stop() {
    [from, to] = [-1, -1];
    cover.hidden = true;
    label.textContent = "";
  }
  const under = (x) => {
    const at = periods.findIndex((period) => x <= period.querySelector(".reach").getBoundingClientRect().right);
    return at < 0 ? periods.length - 1 : at;
  };
  figure.addEventListener("dragstart", (event) => event.preventDefault());
  figure.addEventListener("pointerdown", (event) => {
    drawn = false;
    if (event.button || !event.target.closest("svg")) return;
    from = to = under(event.clientX);
  });
  addEventListener("pointermove", (event) => {
    if (from < 0 || !event.buttons) return;
    const at = under(event.clientX);
    if (at !== to || (at !== from && cover.hidden)) {
      to = at;
      show();
    }
  });
  addEventListener("pointerup", () => {
    if (from < 0) return;
    drawn = from !== to;
    if (drawn) go();
    else stop();
  });
  addEventListener("pointercancel", stop);
  figure.addEventListener(
    "click",
    (event) => {
      if (drawn) event.preventDefault();
      drawn = false;
    },
    true,
  );
  figure.addEventListener("keydown", (event) => {
    const here = periods.indexOf(event.target.closest(".period"));
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (here < 0) return;
    if (step && event.shiftKey) {
      if (from < 0) from = to = here;
      to = Math.min(Math.max(to + step, 0), periods.length - 1);
      show();
    } else if (event.key === "Enter" && from >= 0 && from !== to) go();
    else if (event.key === "Escape") stop();
    else return;
    event.preventDefault();
  });
}
all("details.when").forEach(spanning);
