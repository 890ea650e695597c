"""A report's lines in the order in which they are read: the niche first, then objectives, products, gates, money, risks.

Drafts show them computed now; freezing keeps them. Both come from here, so a preview is what will be frozen.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.investors import facts as reading
from incubator.investors import kpis, loop_figures, money_lines  # noqa: F401 - `loop_figures` registers its own
from incubator.investors.facts import Facts
from incubator.investors.figures import Line, both, row, same
from incubator.kernel.actor import Actor
from incubator.products import words
from incubator.products.models import Programme

MOST_RISKS = 30


def build(report: Any, programme: Programme, investor_ids: Sequence[int], actor: Actor, now: Any) -> tuple[Any, list[Line]]:
    """(the moment of the figures, every line) of a report as it would be frozen now; `programme` with objectives and months loaded."""
    since, as_of = reading.bounds(report, actor.timezone, now)
    facts = reading.read(programme, since, as_of, now)
    made = _texts(report, facts)
    made += kpis.lines(facts)
    made += _objectives(facts)
    made += _stages(facts) + _products(facts) + _moves(facts)
    made += _gates(facts)
    made += money_lines.burn(facts) + money_lines.of_investors(facts, investor_ids)
    return as_of, made + _risks(facts)


def _texts(report: Any, facts: Facts) -> list[Line]:
    source = f"/programmes/{facts.programme.id}"
    pairs = (
        ("headline", _l("Summary"), report.headline_zh, report.headline_en),
        ("risks", _l("Outlook and risks"), report.risks_zh, report.risks_en),
    )
    return [row("texts", key, both(label), {"zh": zh, "en": en}, "text", facts.now, source) for key, label, zh, en in pairs if zh or en]


def _objectives(facts: Facts) -> list[Line]:
    """Key results as they are now: their past is not kept, so their moment is that of freezing."""
    source, made = f"/programmes/{facts.programme.id}", []
    for objective in facts.programme.objectives:
        for kr in objective.key_results:
            value = {
                "objective": objective.title, "start": kr.start, "target": kr.target, "current": kr.current,
                "progress": round(kr.progress, 4), "due_on": kr.due_on.isoformat() if kr.due_on else None,
            }  # fmt: skip
            made.append(row("objectives", f"key_result.{kr.id}", same(kr.name), value, kr.unit, facts.now, source))
    return made


def _stages(facts: Facts) -> list[Line]:
    counts = Counter(p.stage for p in facts.history.products)
    source = kpis.page("products", facts)
    return [
        row("stages", f"stage.{s}", both(label), counts[s], "count", facts.as_of, source) for s, label in words.STAGE.items() if counts[s]
    ]


def _products(facts: Facts) -> list[Line]:
    made = []
    for p in facts.history.products:
        value = {"stage": p.stage, "since": p.since.date().isoformat(), "type": p.type}
        made.append(row("products", f"product.{p.id}", same(p.name), value, "row", facts.as_of, f"/products/{p.id}"))
    order = {stage: n for n, stage in enumerate(words.STAGE)}
    return sorted(made, key=lambda line: (-order[line.value["stage"]] if line.value["stage"] != "stopped" else 1, line.value["since"]))


def _moves(facts: Facts) -> list[Line]:
    names = {p.id: p.name for p in facts.history.products}
    return [
        row(
            "moves", f"move.{m.entry_id}", same(names[m.product_id]), {"from": m.source, "to": m.target, "on": m.at.date().isoformat()}, "row",
            facts.as_of, f"/products/{m.product_id}/activity",
        )
        for m in facts.moved
        if m.product_id in names
    ]  # fmt: skip


def _gates(facts: Facts) -> list[Line]:
    return [
        row(
            "gates", f"gate.{v.id}", same(v.name), {"outcome": v.outcome, "number": v.number, "on": v.decided_at.date().isoformat()}, "row",
            facts.as_of, f"/reviews/{v.id}",
        )
        for v in facts.decided
    ]  # fmt: skip


def _risks(facts: Facts) -> list[Line]:
    """Milestones that were open at the moment and late, or later than first promised; the worst first."""
    day, live = facts.as_of.date(), {p.id for p in facts.history.products if p.stage not in ("handed_over", "stopped")}
    found = []
    for m in facts.milestones:
        is_open = m.done_at is None or m.done_at > facts.as_of
        late, slip = (day - m.due_on).days, (m.due_on - m.baseline_on).days
        if is_open and m.product_id in live and (late > 0 or slip > 0):
            value = {"product": m.product, "due_on": m.due_on.isoformat(), "late": max(0, late), "slip": max(0, slip)}
            found.append(row("risks", f"milestone.{m.id}", same(m.name), value, "row", facts.as_of, f"/products/{m.product_id}/plan"))
    return sorted(found, key=lambda line: -(line.value["late"] + line.value["slip"]))[:MOST_RISKS]


def grouped(lines: Sequence[Any]) -> dict[str, list[Any]]:
    """The lines by section, every section present."""
    found: dict[str, list[Any]] = {name: [] for name in NAMES}
    for line in lines:
        found[line.section].append(line)
    return found


NAMES = ("texts", "kpis", "objectives", "stages", "products", "moves", "gates", "burn", "burn_months", "commitments", "tranches", "risks")
