"""What must hold of every page of every role: axe in light and dark, nothing in the console, no page that scrolls sideways."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.journeys import world

BRIEF = {"resultTypes": ["violations"], "reporter": "no-passes", "selectors": False}
COLOURS = ("color-contrast", "link-in-text-block")
PAGE = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {rule: {"enabled": False} for rule in COLOURS},
    **BRIEF,
}
CONTRAST = {"runOnly": {"type": "rule", "values": COLOURS}, **BRIEF}
SETTLED = "() => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => null)))"
SHORTENED = """() => {
    for (const parent of document.querySelectorAll("main *")) {
        const alike = {};
        for (const child of [...parent.children]) {
            const kind = `${child.tagName}.${child.className}`;
            alike[kind] = (alike[kind] || 0) + 1;
            if (alike[kind] > 5 && !fresh.some((e) => child.contains(e))) child.remove();
        }
    }
}"""  # the sixth row of a list is like the fifth, and each costs axe as much as the first; those with a fresh text stay
SKELETON = """() => {
    const copy = document.documentElement.cloneNode(true);
    copy.querySelectorAll("[d]").forEach((e) => e.removeAttribute("d"));
    return copy.outerHTML.replace(/>[^<]+</g, "><").replace(/ (id|href|value|action|title|content|aria-describedby|for|datetime|aria-label|data-[a-z-]+)="[^"]*"/g, "");
}"""
FRESH = """() => {
    const look = /^(class|style|type|disabled|open|aria-(?!label|describedby|controls)|data-(?!id|url))/;
    const name = (e) => e.tagName + (e.matches("tr:nth-child(even)") ? "=" : "") + [...e.attributes].filter((a) => look.test(a.name)).map((a) => a.name + a.value);
    const chain = (e) => e ? `${chain(e.parentElement)}>${name(e)}` : "";
    const speaks = (e) => e.placeholder || e.value || [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim());
    const seen = new Set(JSON.parse(localStorage.inspected || "[]"));
    const isFresh = (c) => !seen.has(c) && seen.add(c);
    window.fresh = [...document.querySelectorAll("body *")].filter((e) => speaks(e) && isFresh(chain(e)));
    localStorage.inspected = JSON.stringify([...seen]);
    return window.fresh.length;
}"""  # the colours of a text follow from the classes of what it stands in: each such chain is measured once
WIDE = """() => [...document.querySelectorAll("body *")].filter((e) => {
    if (e.getBoundingClientRect().right <= innerWidth + 1) return false;
    for (let box = e.parentElement; box; box = box.parentElement) if (getComputedStyle(box).overflowX !== "visible") return false;
    return true;
}).slice(0, 3).map((e) => `${e.tagName}.${e.className}: ${e.textContent.trim().slice(0, 30)}`)"""
SCRIPT = Axe().axe_script
_seen: set[str] = set()


def inspect(visitor: world.Visitor, path: str) -> list[str]:
    """Everything that is wrong with one page, in words. A page of the very same elements as an earlier one is not measured again."""
    visitor.page.set_viewport_size(world.DESKTOP)
    answer = visitor.page.goto(visitor.server.url + path)
    found = [] if answer and answer.ok else [f"answers {answer and answer.status}"]
    found += _sideways(visitor)
    visitor.page.set_viewport_size(world.DESKTOP)
    has_fresh = visitor.page.evaluate(FRESH)
    visitor.page.evaluate(SHORTENED)
    skeleton = visitor.page.evaluate(SKELETON)
    if skeleton not in _seen or has_fresh:
        _seen.add(skeleton)
        visitor.page.evaluate(SCRIPT)
        found += violations(visitor.page, PAGE)
        found += too_pale(visitor.page) if has_fresh else []
    heard, visitor.complaints[:] = list(visitor.complaints), []
    return [f"{path}: {line}" for line in found + heard]


def inspect_all(visitor: world.Visitor, paths: list[str]) -> None:
    """Fail with everything that is wrong with any of the pages, one line each."""
    if wrong := [line for path in paths for line in inspect(visitor, path)]:
        raise AssertionError("\n".join(["", *wrong]))


def inspect_role(visitor: world.Visitor, paths: list[str]) -> None:
    """Everything in Chinese; then the widths in English, too, whose words are longer."""
    visitor.go("/")
    visitor.speak("zh")
    inspect_all(visitor, paths)
    visitor.go("/")
    visitor.speak("en")
    wrong = []
    for path in paths:
        visitor.go(path)
        wrong += [f"{path}: in English {line}" for line in _sideways(visitor)]
    assert not wrong, "\n".join(["", *wrong])


def too_pale(page: Any) -> list[str]:
    """What is too pale, in light and in dark, of the texts that no earlier page had."""
    found = [f"light: {v}" for v in violations(page, CONTRAST, "{include: fresh}")]
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.evaluate(SETTLED)
    return found + [f"dark: {v}" for v in violations(page, CONTRAST, "{include: fresh}")]


def violations(page: Any, options: dict[str, Any], where: str = "document") -> list[str]:
    result = page.evaluate(f"(options) => axe.run({where}, options).then((result) => result.violations)", options)
    return [f"{v['id']}: {v['help']} ({len(v['nodes'])}): {v['nodes'][0]['html'][:160]} {_measured(v['nodes'][0])}" for v in result]


def _measured(node: dict[str, Any]) -> str:
    checks = [c.get("data") for c in node.get("any", [])]
    return next(
        (
            str({n: c.get(n) for n in ("fgColor", "bgColor", "contrastRatio")})
            for c in checks
            if isinstance(c, dict) and "contrastRatio" in c
        ),
        "",
    )


def _sideways(visitor: world.Visitor) -> list[str]:
    """At both widths; it ends at that of a phone."""
    found = []
    for size in (world.DESKTOP, world.PHONE):
        visitor.page.set_viewport_size(size)
        if visitor.scrolls_sideways():
            found.append(f"scrolls sideways at {size['width']} px: {visitor.page.evaluate(WIDE)}")
    return found
