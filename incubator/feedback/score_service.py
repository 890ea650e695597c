"""Writes the capability scores of a day: once per factory and ability; a second run adds what is missing and changes nothing."""

from datetime import date, datetime, timedelta

from incubator.feedback import capability, score_queries
from incubator.feedback.score_models import FactoryScore
from incubator.kernel.upsert import insert_once


def monday_of(now: datetime) -> date:
    """The day whose scores are due."""
    return now.date() - timedelta(days=now.weekday())


def due(on: date) -> list[tuple[int, capability.Score]]:
    """(factory, score) of everything that is known of and has no row of this day yet."""
    done = score_queries.scored_on(on)
    return [
        (factory_id, capability.score(ability, facts))
        for factory_id, facts in sorted(score_queries.facts(on).items())
        for ability in capability.ABILITIES
        if (factory_id, ability) not in done
    ]


def keep(factory_id: int, found: capability.Score, on: date, now: datetime) -> bool:
    """Write one score; False when it stood already."""
    made = insert_once(
        FactoryScore, factory_id=factory_id, ability=found.ability, on=on, rule=capability.RULE, value=found.value, low=found.low, high=found.high,
        parts=found.as_json(), made_at=now,
    )  # fmt: skip
    return made is not None
