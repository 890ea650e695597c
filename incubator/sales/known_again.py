"""By what order lines are known again when they come once more, in words for whoever says what their headings mean. It reads nothing."""

from collections.abc import Collection

from flask_babel import gettext

from incubator.imports.kinds import Advice
from incubator.sales import rules


def advice(preset: str, given: Collection[str]) -> Advice | None:
    """What follows from the columns that a file has: nothing where its lines bear a key, or where the format of its channel settles it."""
    rule = rules.of(preset)
    if "line_key" in given or rule.key != rules.BY_LINE:
        return None
    if rule.by_place(given):
        return Advice(
            "info",
            gettext("No heading numbers the lines of an order"),
            gettext(
                "A line is known again by its order, its article and its place among equal articles of that order. When an order comes again in another "
                "state, its lines are corrected and nothing is added. Send whole orders, not single lines of them."
            ),
        )
    return Advice(
        "warn",
        gettext("A line that the shop changes would count once more"),
        gettext(
            "No heading numbers the lines of an order, and none tells its state. So a line is known by all that it says: the same line again changes "
            "nothing, but one that says something else is another line. If the file has such a heading, say which it is."
        ),
    )
