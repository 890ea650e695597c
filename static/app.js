// Conveniences only: every page works without this file.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const words = document.body.dataset;
const make = (tag, props = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) name in node ? node[name] = value : node.setAttribute(name, value);
  node.append(...children);
  return node;
};
const on = (type, handler) => document.addEventListener(type, handler);
document.documentElement.classList.add("js");

/* A list of suggestions under a field: search and mentions share it. */
let lists = 0;
function suggest(field, { host, wait, query, load, draw, choose, failed, first = false }) {
  const box = make("div", { className: "results", id: `list-${++lists}`, role: "listbox", hidden: true });
  let timer, request, at = -1;
  const options = () => $$("[role=option]", box);
  box.setAttribute("aria-label", field.getAttribute("aria-label") || "");
  const says = { "aria-controls": box.id, "aria-autocomplete": "list", ...(field.localName === "input" && { role: "combobox", "aria-expanded": "false" }) };
  for (const [name, value] of Object.entries(says)) field.setAttribute(name, value);
  const status = make("span", { className: "sr", role: "status" });
  host.append(box, status);
  const show = (open) => {
    box.hidden = !open;
    if (field.hasAttribute("aria-expanded")) field.setAttribute("aria-expanded", open);
    if (!open) { at = -1; field.removeAttribute("aria-activedescendant"); }
  };
  const mark = (index) => {
    const all = options();
    if (!all.length) return;
    at = (index + all.length) % all.length;
    all.forEach((option, i) => option.setAttribute("aria-selected", i === at));
    field.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  };
  const fill = (nodes, note) => {
    box.replaceChildren(...nodes);
    options().forEach((option, i) => { option.id = `${box.id}-${i}`; option.setAttribute("aria-selected", "false"); });
    status.textContent = note || String(options().length);
    if (note && !options().length) box.append(make("p", { className: "muted", textContent: note }));
    at = -1;
    show(box.childNodes.length > 0);
    if (first) mark(0); // Enter takes it
  };
  const ask = async () => {
    const text = query();
    request?.abort();
    if (text === null) return show(false);
    request = new AbortController();
    const { signal } = request;
    try {
      const nodes = draw(await load(text, signal));
      if (!signal.aborted) fill(nodes, nodes.length ? "" : words.wNone);
    } catch (error) {
      if (error.name !== "AbortError") fill([], failed);
    }
  };
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, wait); });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || box.hidden) return;
    const picked = options()[at];
    if (event.key === "ArrowDown") mark(at + 1);
    else if (event.key === "ArrowUp") mark(at < 0 ? -1 : at - 1);
    else if (event.key === "Escape") show(false);
    else if ((event.key === "Enter" || event.key === "Tab") && picked && !(event.key === "Tab" && host.matches("form.search"))) choose(picked);
    else return;
    event.preventDefault();
  });
  field.addEventListener("focus", () => { if (field.value) ask(); });
  field.addEventListener("blur", () => setTimeout(() => show(false), 150));
  box.addEventListener("mousedown", (event) => event.preventDefault());
  box.addEventListener("click", (event) => { const option = event.target.closest("[role=option]"); if (option) choose(option); });
  return { close: () => show(false) };
}
const getJson = async (url, signal) => {
  const answer = await fetch(url, { signal, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
};
const withQuery = (address, text) => { const url = new URL(address, location.href); url.searchParams.set("q", text); return url; };
function option(label, hint, data) {
  const node = make("div", { className: "result", role: "option" }, make("span", { textContent: label }));
  if (hint) node.append(make("small", { textContent: hint }));
  Object.assign(node.dataset, data);
  return node;
}

/* Search: Ctrl-K or / */
for (const form of $$("[data-palette]")) {
  const field = form.elements.q;
  suggest(field, {
    host: form, wait: 140, failed: words.wFailed,
    query: () => field.value.trim() || null,
    load: (text, signal) => getJson(withQuery(form.getAttribute("action"), text), signal),
    draw: ({ groups, more_url: more }) => {
      const nodes = groups.filter((group) => group.items.length).map((group) => {
        const label = make("span", { textContent: group.label, "aria-hidden": "true" });
        return make("div", { role: "group", "aria-label": group.label }, label, ...group.items.map((item) => option(item.label, item.hint, { url: item.url })));
      });
      return more && nodes.length ? [...nodes, option(words.wMore, "", { url: more })] : nodes;
    },
    choose: (picked) => location.assign(picked.dataset.url),
  });
}

/* @mentions */
for (const field of $$("textarea[data-mentions]")) {
  const before = () => field.value.slice(0, field.selectionStart).match(/(?:^|\s)@([\p{L}\p{N}_.-]{0,24})$/u);
  const list = suggest(field, {
    host: field.parentElement, wait: 120, failed: "", first: true,
    query: () => before()?.[1] ?? null,
    load: (text, signal) => getJson(withQuery(field.dataset.mentions, text), signal),
    draw: (people) => people.map((one) => option(one.label, `@${one.handle}`, { handle: one.handle })),
    choose: (picked) => {
      const end = field.selectionStart;
      field.setRangeText(`@${picked.dataset.handle} `, end - before()[1].length - 1, end, "end");
      list.close();
    },
  });
}

/* Keys */
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
let lead = "", leadTimer;
const press = (keys) => { const target = $(`[data-shortcut="${keys}"]`); target?.click(); return Boolean(target); };
function moveRow(step) {
  const rows = $$("table[data-rows] tbody tr").filter((row) => $("a, button", row));
  const next = rows[rows.indexOf(document.activeElement.closest("tr")) + step] ?? (step > 0 ? rows[0] : rows.at(-1));
  if (next) $("a, button", next).focus();
}
on("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const find = $("[data-palette] input");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && find) { event.preventDefault(); find.select(); find.focus(); return; }
  if (event.key === "Escape") closeMenus(null, true);
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
  const chord = lead ? `${lead} ${event.key}` : event.key;
  lead = "";
  if (chord === "g") { lead = "g"; clearTimeout(leadTimer); leadTimer = setTimeout(() => { lead = ""; }, 1200); return; }
  if (chord === "/" && find) find.focus();
  else if (chord === "?") $("#keys")?.showModal();
  else if (chord === "j" || chord === "k") moveRow(chord === "j" ? 1 : -1);
  else if (!press(chord)) return;
  event.preventDefault();
});

/* Popovers close on Escape, on a click elsewhere and when another opens. */
function closeMenus(except, refocus = false) {
  for (const menu of $$("[data-menu][open]")) {
    if (menu.contains(except)) continue;
    if (refocus && menu.contains(document.activeElement)) $("summary", menu).focus();
    menu.open = false;
  }
}

on("click", (event) => {
  const { target } = event;
  closeMenus(target);
  const asks = target.closest("form[data-confirm] button:not([type=button])");
  if (asks && !asks.closest("dialog")) { event.preventDefault(); $("dialog", asks.form).showModal(); return; }
  const opens = target.closest("[data-open]")?.dataset.open;
  if (opens) { closeMenus(null); document.getElementById(opens)?.showModal(); }
  if (target.closest("[data-close]") || target.matches("dialog.dialog")) target.closest("dialog")?.close();
  target.closest("[data-dismiss]")?.closest("[data-flash]").remove();
  target.closest("[data-remove]")?.closest(".repeat-row")?.remove();
  const add = target.closest("[data-add]");
  if (add) addRow(add.closest("[data-repeat]"));
});

function addRow(set) {
  const rows = $("[data-rows-here]", set), next = Number(set.dataset.next ?? rows.children.length);
  set.dataset.next = next + 1;
  rows.insertAdjacentHTML("beforeend", $("template", set).innerHTML.replaceAll("__n__", next));
  rows.lastElementChild?.querySelector("input, select, textarea")?.focus();
}

/* Forms: send once, warn before losing work. */
let dirty = false;
on("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  dirty = false;
  if (form.matches("[data-theme-form]")) { setTheme(event, form); return; }
  if (form.getAttribute("method") !== "post" || form.matches("[data-noguard]")) return;
  setTimeout(() => $$("button:not([type=button])", form).forEach((button) => { button.disabled = true; button.setAttribute("aria-busy", "true"); }));
  setTimeout(() => release(form), 15000);
});
const release = (root) => $$("button[aria-busy]", root).forEach((button) => { button.disabled = false; button.removeAttribute("aria-busy"); });
window.addEventListener("pageshow", () => release(document));
on("input", (event) => { dirty ||= Boolean(event.target.closest("form[data-guard]")); });
window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
on("change", (event) => {
  const { target } = event;
  if (target.matches("[data-autosubmit]")) target.form.requestSubmit();
  if (target.form?.matches("[data-preview]")) preview(target.form);
  if (target.matches("[data-check-all]")) $$(`input[type=checkbox][name="${target.dataset.checkAll}"]`).forEach((box) => { box.checked = target.checked; });
  if (target.matches("[data-drop] input[type=file]")) listFiles(target);
});
/* A form that shows what it would do while it is filled in: the server draws the part again; without script it is a button. */
async function preview(form) {
  const filled = new FormData(form);
  filled.set("step", "preview");
  const id = form.dataset.preview, asked = (form.dataset.asked = String(Number(form.dataset.asked ?? 0) + 1));
  document.getElementById(id).setAttribute("aria-busy", "true");
  const response = await fetch(form.action, { method: "POST", body: filled }).catch(() => null);
  const part = response?.ok && new DOMParser().parseFromString(await response.text(), "text/html").getElementById(id);
  if (form.dataset.asked !== asked) return;
  if (part) document.getElementById(id).replaceWith(part);
  else document.getElementById(id).removeAttribute("aria-busy");
}
async function setTheme(event, form) {
  event.preventDefault();
  const data = new FormData(form, event.submitter), theme = data.get("theme");
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body: data }).catch(() => null);
  if (!answer?.ok) { location.reload(); return; }
  document.documentElement.dataset.theme = theme;
  $$("[data-theme-form] [aria-pressed]").forEach((button) => button.setAttribute("aria-pressed", button.value === theme));
  $$(".icon-btn[name=theme]").forEach((button) => { button.value = theme === "dark" ? "light" : "dark"; });
}

/* Files: names, sizes and a small picture before they are sent. */
function listFiles(input) {
  $(".drop-list", input.closest("[data-drop]")).replaceChildren(...[...input.files].map((file) => {
    const line = make("li", {}, make("span", { textContent: `${file.name} · ${Math.max(1, Math.round(file.size / 1024)).toLocaleString()} KB` }));
    if (file.type.startsWith("image/")) line.prepend(make("img", { src: URL.createObjectURL(file), alt: "" }));
    return line;
  }));
}
for (const type of ["dragover", "dragleave", "drop"]) {
  on(type, (event) => {
    const zone = event.target.closest?.("[data-drop]");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("over", type === "dragover");
    const input = $("input[type=file]", zone);
    if (type === "drop" && event.dataTransfer.files.length) { input.files = event.dataTransfer.files; listFiles(input); }
  });
}

/* Jobs: refetch until the server stops asking for it; then the head tells the new state, or the server leads to the next step. */
function poll(element) {
  setTimeout(async () => {
    if (!element.isConnected) return;
    try {
      const answer = await fetch(element.dataset.poll, { headers: { "X-Fragment": "1" } });
      if (answer.redirected) { location.assign(answer.url); return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = (element.id && page.getElementById(element.id)) || page.body.firstElementChild;
      if (fresh) { element.replaceWith(fresh); element = fresh; }
      if (!element.dataset.poll && page.querySelector(".page-head")) $(".page-head")?.replaceWith(page.querySelector(".page-head"));
    } catch { /* the next turn tries again */ }
    if (element.dataset.poll) poll(element);
  }, Number(element.dataset.every ?? 2) * 1000);
}
$$("[data-poll]").forEach(poll);

/* Scrollers: the current step in sight, a tab stop only where there is something to scroll. */
$$(".stepper .now, .tabs [aria-current]").forEach((now) => { now.closest("ol, ul").scrollLeft = now.offsetLeft - 48; });
function edges(box) {
  box.classList.toggle("more-left", box.scrollLeft > 1);
  box.classList.toggle("more-right", box.scrollLeft + box.clientWidth < box.scrollWidth - 1);
}
const fit = new ResizeObserver((all) => all.forEach(({ target }) => {
  const wide = (target.matches(".tall") ? target.firstElementChild : target).scrollWidth > target.clientWidth;
  if (target.matches(".tall")) target.classList.toggle("fits", !wide);
  target.tabIndex = wide || target.scrollHeight > target.clientHeight ? 0 : -1;
  edges(target);
}));
$$(".table-wrap, .stepper").forEach((box) => { fit.observe(box); box.addEventListener("scroll", () => edges(box), { passive: true }); });
$("[data-focus]")?.focus();
$$("time[data-local]").forEach((time) => { time.title = new Date(time.dateTime).toLocaleString(document.documentElement.lang); });

/* A table of readings: Enter goes to the next cell, the arrows up and down within the column. */
on("keydown", (event) => {
  const cell = event.target.closest("[data-cells] [data-column]");
  if (!cell || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  const vertical = cell.localName === "input" && { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (event.key !== "Enter" && !vertical) return;
  const all = $$(vertical ? `[data-column="${cell.dataset.column}"]` : "[data-column]", cell.closest("[data-cells]"));
  const next = all[all.indexOf(cell) + (vertical || (event.shiftKey ? -1 : 1))];
  event.preventDefault();
  if (next) { next.focus(); next.select?.(); }
});

/* What is better read in steps where it is narrow goes on to them; an address that names a place on the page stays. */
const narrow = $("[data-narrow]");
if (narrow && !location.hash && matchMedia("(max-width: 640px)").matches) location.replace(narrow.dataset.narrow);

/* A receipt that the page sends by itself; without script it is a button. */
for (const form of $$("form[data-seen]")) fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => {});
