// Draws every [data-chart] once it comes near the screen, and again when the theme changes. Without script the table below it remains.
const pages = new Map();
let library;

function load(url) {
  library ??= import(url).then(() => window.vegaEmbed);
  return library;
}

function isDark() {
  const theme = document.documentElement.dataset.theme;
  return theme === "dark" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
}

async function draw(element) {
  const page = pages.get(element);
  if (!page.seen) return;
  const embed = await load(element.dataset.chart);
  const { view } = await embed(page.target, page.spec, {
    actions: false, ast: true, renderer: "svg", defaultStyle: false, tooltip: { disableDefaultStyle: true, theme: "custom" },
    config: { ...page.themes[isDark() ? "dark" : "light"], ...page.spec.config }, ...(page.time ? { timeFormatLocale: page.time } : {}),
  });
  page.view?.finalize();
  page.view = view;
  page.target.style.minHeight = "";
  element.dataset.drawn = "";
}

/* What cannot be drawn leaves no empty frame: its figures are opened instead. */
function fail(element, error) {
  console.error(error);
  pages.get(element).target.style.minHeight = "";
  element.closest("figure")?.querySelector(".figure-table")?.setAttribute("open", "");
}

const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting || pages.get(target).seen) continue;
    pages.get(target).seen = true;
    draw(target).catch((error) => fail(target, error));
  }
}, { rootMargin: "300px" });

export function find(root = document) {
  for (const element of root.querySelectorAll("[data-chart]:not([data-found])")) {
    element.dataset.found = "";
    const { spec, themes, time } = JSON.parse(element.querySelector("script").textContent);
    const target = element.appendChild(document.createElement("div"));
    target.className = "chart-target";
    if (spec.height > 0) target.style.minHeight = `${spec.height + 40}px`; // keeps its room, so that nothing jumps when it is drawn
    pages.set(element, { spec, themes, time, target, seen: false });
    watcher.observe(element);
  }
}

function redraw() {
  for (const element of pages.keys()) draw(element).catch((error) => console.error(error));
}

new MutationObserver(redraw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
find();
