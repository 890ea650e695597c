"""What of a grade a factory may be told. A grade compares; a comparison must not let one factory read another's figures. Pure.

against its own plan      told: grade, pace, plan and index. A hit that is held back because its return rate is above that of its
                          peers is told as a hit: the lower grade would say something about them.
against plan and median   told as against a median; with fewer factories behind it, as against its own plan alone.
against a median          told only when SKUs of at least five other factories stand behind it; then also the median.
otherwise                 neither grade nor comparison, only the SKU's own pace.
made by two factories     nothing of it: half of the eight weeks are somebody else's.
"""

from typing import Any

LEAST_FACTORIES = 5


def told(figures: dict[str, Any] | None, *, all_own: bool, other_factories: int) -> tuple[str | None, dict[str, Any]]:
    """(grade, what may be said of it) from `sales.grades.Figures` as JSON; `other_factories` stand behind the median."""
    if figures is None or not all_own:
        return None, {"why": "not_graded" if figures is None else "two_makers"}
    own = {"pace": figures["pace"], "weeks": figures["weeks"]}
    if figures["grade"] is None:
        return None, {**own, "why": "too_early"}
    if figures["against"] == "plan":
        grade = "hit" if figures["held_back"] else figures["grade"]
        return grade, {**own, "against": "plan", "base": figures["base"], "index": figures["index"]}
    if figures["against"] == "both" and other_factories < LEAST_FACTORIES:
        index = round(figures["pace"] / figures["plan"], 4)
        return figures["by_plan"], {**own, "against": "plan", "base": float(figures["plan"]), "index": index}
    if other_factories < LEAST_FACTORIES:
        return None, {**own, "why": "few_factories"}
    compared = {"against": figures["against"], "base": figures["base"], "index": figures["index"], "held_back": figures["held_back"]}
    return figures["grade"], {**own, **compared, "factories": other_factories}
