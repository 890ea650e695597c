"""How a tranche comes to be paid, and how a report comes to be read. Both end in rows that nothing changes."""

from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.investors.models import Tranche
from incubator.investors.report_models import ProgressReport
from incubator.kernel.actor import Actor
from incubator.kernel.i18n import listed
from incubator.kernel.workflow import SYSTEM_ONLY, Machine, State, Transition

BRAND = ("brand",)


def conditions_hold(tranche: Tranche) -> Any:
    """Which conditions of the tranche do not hold yet, in one sentence, or None. The service has put them on `tranche.unmet`."""
    unmet = tranche.unmet  # type: ignore[attr-defined]
    return _l("Not yet met: %(conditions)s.", conditions=listed(unmet)) if unmet else None


def may_release(tranche: Tranche, actor: Actor) -> Any:
    """The conditions hold, somebody recorded the payment, and somebody else releases it."""
    if reason := conditions_hold(tranche):
        return reason
    if tranche.proposal is None:
        return _l("Record the payment first; a colleague then releases it.")
    if tranche.proposal.proposed_by_id == actor.user_id:
        return _l("You recorded the payment; a colleague must release it.")
    return None


def is_ready_to_freeze(report: ProgressReport, _actor: Actor) -> Any:
    """What the report lacks: a headline in both languages, and somebody to read it."""
    missing = [
        label
        for present, label in (
            (report.headline_zh.strip(), _l("the headline in Chinese")),
            (report.headline_en.strip(), _l("the headline in English")),
            (report.audience, _l("an investor to whom it is addressed")),
        )
        if not present
    ]
    return _l("Add %(what)s first.", what=listed(missing)) if missing else None


TRANCHE = Machine(
    "tranche",
    Tranche,
    _l("Tranche"),
    (
        State("planned", _l("Not due yet")),
        State("due", _l("Due now"), "warn"),
        State("released", _l("Paid and released"), "good", final=True),
        State("withheld", _l("Withheld"), "bad", final=True),
    ),
    (
        Transition("planned", "fall_due", "due", _l("Fall due"), SYSTEM_ONLY),
        Transition(
            "due", "release", "released", _l("Release"), BRAND, may_release, rank="primary",
            confirm=_l("The payment goes on the record under both names. It cannot be edited."),
        ),
        Transition(
            "due", "withhold", "withheld", _l("Withhold"), BRAND, note=True, rank="danger",
            confirm=_l("The tranche ends without payment, and the investor reads the reason. This cannot be undone."),
        ),
    ),
)  # fmt: skip
REPORT = Machine(
    "report",
    ProgressReport,
    _l("Progress report"),
    (
        State("draft", _l("Draft")),
        State("frozen", _l("Frozen"), "info"),
        State("released", _l("Released"), "good"),
        State("withdrawn", _l("Withdrawn"), "warn", final=True),
    ),
    (
        Transition(
            "draft", "freeze", "frozen", _l("Freeze the figures"), BRAND, is_ready_to_freeze, rank="primary",
            confirm=_l("Every figure is computed once and kept with its source. Text and figures can then be changed by a new edition only."),
        ),
        Transition(
            "frozen", "release", "released", _l("Release to investors"), BRAND, rank="primary",
            confirm=_l("The investors named below are told by mail and can read it from now on. It cannot be edited or taken back."),
        ),
        Transition("frozen", "withdraw", "withdrawn", _l("Withdraw"), SYSTEM_ONLY),
        Transition("released", "withdraw", "withdrawn", _l("Withdraw"), SYSTEM_ONLY),
    ),
)  # fmt: skip
MACHINES = (TRANCHE, REPORT)
