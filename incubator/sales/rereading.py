"""Reads the words of returns again that are in the sales table, when a lexicon has changed: in the lines themselves, then their weeks.

A line keeps its words verbatim; only what they were taken for is written anew. Lines of earlier releases without words stay as they are.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from incubator.kernel import exclusive
from incubator.sales import engine, lake, lexicon_service, reasons, service, topics
from incubator.sales.rules import RETURN

SAID = f"""
    SELECT reason_text, coalesce(reason, '') AS reason, coalesce(topic, '') AS topic, list(DISTINCT week) AS weeks FROM (%s)
    WHERE kind = '{RETURN}' AND coalesce(reason_text, '') <> '' GROUP BY ALL
"""
COLUMNS = (("reason_text", "utf8"), ("reason", "utf8"), ("topic", "utf8"))


def reread(brand_id: int, now: datetime) -> Iterator[int]:
    """How many different texts of a brand mean something else now, each time that what was written is to be committed. It takes its turn with imports.

    The weeks are written down before the lines change and marked for the roll-up after, so that a run that is cut off forgets none.
    """
    with exclusive.turn(f"import:sales:{brand_id}"):
        lexicon = lexicon_service.of_brand(brand_id)
        edition, own = lexicon.edition, lexicon_service.own_words(brand_id)
        changed, weeks = _changed(brand_id, own)
        lexicon.pending = sorted({*lexicon.pending, *(week.isoformat() for week in weeks)})
        yield len(changed)
        _amend(brand_id, changed)
        lexicon = lexicon_service.of_brand(brand_id)
        service.mark(brand_id, map(date.fromisoformat, lexicon.pending), now)
        lexicon.read_lexicon, lexicon.read_edition, lexicon.read_at, lexicon.pending = topics.VERSION, edition, now, []
        yield len(changed)


def _changed(brand_id: int, own: Sequence[reasons.Own]) -> tuple[list[tuple[str, str, str]], set[date]]:
    """(text, reason, topic) of what is to be amended, and the weeks in which it stands."""
    table = lake.opened()
    files = lake.files_of(table, brand_id) if table is not None else []
    if not files:
        return [], set()
    with engine.connection() as duck:
        known = duck.execute(SAID % lake.scan(duck, files)).fetchall()
    heard = reasons.read_many([row[0] for row in known], own)
    other = [(row, found) for row, found in zip(known, heard, strict=True) if (row[1], row[2]) != found]
    return sorted({(row[0], *found) for row, found in other}), {week for row, _ in other for week in row[3]}


def _amend(brand_id: int, changed: Sequence[tuple[str, str, str]]) -> None:
    """One commit of the sales table."""
    if not changed:
        return
    same = f"t.brand = {int(brand_id)} AND t.kind = '{RETURN}' AND t.reason_text = s.reason_text"
    merge: Any = lake.opened().merge(engine.table(changed, COLUMNS), same, source_alias="s", target_alias="t")
    merge.when_matched_update({"reason": "s.reason", "topic": "s.topic"}, predicate="t.reason <> s.reason OR t.topic <> s.topic").execute()
