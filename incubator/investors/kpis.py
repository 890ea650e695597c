"""What a programme of each type is measured by (57), as data: the new niches first (72), revenue never. Recipes are pure and versioned.

`take` picks the rows from the facts, `fold` makes the number of them; a report keeps the rows, so `fold` can be run again on them.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.investors.facts import Facts
from incubator.investors.figures import RECIPES, Reading, both, registered
from incubator.investors.figures import Line as FigureLine

DAY = timedelta(days=1)
BOTH = ("consumer", "supply_chain")
CONSUMER, CHAIN = ("consumer",), ("supply_chain",)


@dataclass(frozen=True)
class Kpi:
    """One figure of the set: for programmes of `types`, in the order of `rank`; `page` is where its rows can be seen."""

    key: str
    label: Any
    unit: str
    types: tuple[str, ...]
    rank: int
    take: Callable[[Facts], Any]
    fold: Callable[[Any], Any]
    page: str
    version: int = 1

    @property
    def recipe(self) -> str:
        return f"{self.key}@{self.version}"


def _niches(facts: Facts) -> Any:
    on_market = {p.id for p in facts.history.on_market}
    return [[b.product_id, b.segment.strip()] for b in facts.briefs if b.product_id in on_market and b.segment.strip()]


def _different(inputs: Any) -> int:
    return len({segment for _id, segment in inputs})


def _heroes(facts: Facts) -> Any:
    return [p.id for p in facts.history.on_market if p.type == "hero"]


def _verdicts(facts: Facts) -> Any:
    return [[v.id, v.outcome] for v in facts.verdicts]


def _share_passed(inputs: Any) -> float | None:
    return share(sum(outcome in ("go", "conditional") for _id, outcome in inputs), len(inputs))


def _to_market(facts: Facts) -> Any:
    launched = facts.history.reached("launch")
    return [[p.id, (launched[p.id] - p.began) // DAY] for p in facts.history.products if p.id in launched]


def _to_sample(facts: Facts) -> Any:
    passed, sealed = facts.history.reached("pass_gate"), facts.history.reached("seal")
    return [[i, (sealed[i] - passed[i]) // DAY] for i in sorted(set(passed) & set(sealed))]


def _handed_over(facts: Facts) -> Any:
    return [p.id for p in facts.history.products if p.stage == "handed_over"]


def _repeating(facts: Facts) -> Any:
    on_market = {p.id for p in facts.history.on_market}
    return [[f.organisation_id, f.product_id] for f in facts.factories if f.product_id in on_market]


def _more_than_one(inputs: Any) -> int:
    return sum(n > 1 for n in Counter(factory for factory, _product in {tuple(pair) for pair in inputs}).values())


def _promises(facts: Facts) -> Any:
    day = facts.as_of.date()
    return [[m.id, m.baseline_on.isoformat(), m.done_at.date().isoformat() if m.done_at and m.done_at <= facts.as_of else None]
            for m in facts.milestones if m.baseline_on <= day]  # fmt: skip


def _share_kept(inputs: Any) -> float | None:
    kept = sum(done is not None and date.fromisoformat(done) <= date.fromisoformat(promised) for _id, promised, done in inputs)
    return share(kept, len(inputs))


def _minimums(facts: Facts) -> Any:
    return [[b.product_id, b.moq] for b in facts.briefs if b.moq]


def _middle(inputs: Any) -> float | None:
    return float(median(number for _id, number in inputs)) if inputs else None


def share(part: int, whole: int) -> float | None:
    """Percent with one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


KPIS = (
    Kpi("niches", _l("New niches with a product on the market"), "count", BOTH, 10, _niches, _different, "products"),
    Kpi("heroes", _l("Hero products on the market"), "count", CONSUMER, 20, _heroes, len, "products"),
    Kpi("repeating", _l("Factories with two or more products on the market"), "count", CHAIN, 20, _repeating, _more_than_one, "products"),
    Kpi("gate_passed", _l("Briefs that passed the value gate"), "percent", CONSUMER, 30, _verdicts, _share_passed, "reviews"),
    Kpi("days_to_sample", _l("Days from the value gate to the sealed sample, median"), "days", CHAIN, 30, _to_sample, _middle, "products"),
    Kpi("days_to_market", _l("Days from start to launch, median"), "days", CONSUMER, 40, _to_market, _middle, "products"),
    Kpi("promises", _l("Milestones met on the day first promised"), "percent", CHAIN, 40, _promises, _share_kept, "milestones"),
    Kpi("minimum", _l("Minimum order in the briefs, median"), "pieces", CHAIN, 50, _minimums, _middle, "products"),
    Kpi("handed_over", _l("Products handed over"), "count", BOTH, 60, _handed_over, len, "products"),
)
RECIPES.update({k.recipe: k.fold for k in KPIS})


def lines(facts: Facts) -> list[FigureLine]:
    """The set of the programme's type with what later packages registered, by rank."""
    ranked = [(k.rank, _own(k, facts)) for k in KPIS if facts.programme.type in k.types]
    ranked += [(f.rank, _foreign(f, facts)) for f in registered(facts.programme.type)]
    return [line for _rank, line in sorted(ranked, key=lambda pair: pair[0])]


def _own(kpi: Kpi, facts: Facts) -> FigureLine:
    inputs = kpi.take(facts)
    return FigureLine("kpis", kpi.key, both(kpi.label), kpi.fold(inputs), kpi.unit, facts.as_of, page(kpi.page, facts), kpi.recipe, inputs)


def page(name: str, facts: Facts) -> str:
    """The path of the list that shows the rows of the programme."""
    return f"/{name}?programme={facts.programme.id}"


def _foreign(figure: Any, facts: Facts) -> FigureLine:
    found: Reading = figure.read(facts.programme, facts.as_of)
    recipe = f"{figure.key}@{figure.version}"
    return FigureLine("kpis", figure.key, both(figure.label), found.value, figure.unit, facts.as_of, found.source, recipe, found.inputs)
