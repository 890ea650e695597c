"""The Scores tab of a factory: the two capability scores with what they rest on, and how they went. For who knows the factory, and itself."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l

from incubator.factories import frame
from incubator.feedback import capability, rates, score_queries, words
from incubator.feedback.blueprint import blueprint
from incubator.feedback.score_models import FactoryScore
from incubator.kernel import access, web
from incubator.kernel.actor import Actor
from incubator.kernel.errors import NotFound

KNOWERS = ("brand", "factory", "administrator", "field_agent")
WIDTH, HEIGHT = 320, 88


@blueprint.get("/factories/<int:factory_id>/scores")
@web.allow(*KNOWERS)
def factory_scores(factory_id: int) -> Any:
    actor = web.actor()
    factory = frame.find(factory_id, actor)
    if not access.may("factory.know", actor, factory):
        raise NotFound()
    rows = score_queries.history(factory.organisation_id, actor)
    latest = {ability: found[-1] if found else None for ability, found in rows.items()}
    return render_template(
        "feedback/scores.html", rows=rows, latest=latest, kept=kept_rate(latest["produce"]), words_=words, least=capability.LEAST,
        parts={ability: shown(row, actor) if row else [] for ability, row in latest.items()}, counted=actor.role != "brand",
        lines={ability: line(found) for ability, found in rows.items()}, width=WIDTH, height=HEIGHT,
        **frame.context(factory, actor, "scores"),
    )  # fmt: skip


def shown(row: FactoryScore, actor: Actor) -> list[dict[str, Any]]:
    """The parts of a score. A brand reads no counts: they would tell it how much the factory does for another."""
    if actor.role != "brand":
        return row.parts
    return [{**part, "hits": None, "of": None, "amount": amount(part["of"])} for part in row.parts]


def amount(cases: int) -> str:
    """How much a part rests on, as a class."""
    return "none" if not cases else next((name for most, name in ((10, "few"), (50, "some")) if cases < most), "many")


def kept_rate(found: FactoryScore | None) -> dict[str, Any] | None:
    """How many promises were kept in time, with the Wilson interval; None before one has ended."""
    part = next((p for p in found.parts if p["name"] == "kept"), None) if found else None
    if part is None or not part["of"]:
        return None
    low, high = rates.wilson(part["hits"], part["of"])
    return {"hits": part["hits"], "of": part["of"], "rate": part["hits"] / part["of"], "low": low, "high": high}


def line(rows: Sequence[FactoryScore]) -> dict[str, str]:
    """Points of the value and of its band for a small drawing, 0 to 100 upwards; empty with fewer than two."""
    known = [(r.value, r.low, r.high) for r in rows if r.value is not None and r.low is not None and r.high is not None]
    if len(known) < 2:
        return {"value": "", "band": ""}
    at = [round(n * WIDTH / (len(known) - 1), 1) for n in range(len(known))]
    value, low, high = (
        [f"{x},{round(HEIGHT - v * HEIGHT / 100, 1)}" for x, v in zip(at, column, strict=True)] for column in zip(*known, strict=True)
    )
    return {"value": " ".join(value), "band": " ".join([*high, *reversed(low)])}


frame.register_tab("scores", _l("Capability scores"), "feedback.factory_scores")
