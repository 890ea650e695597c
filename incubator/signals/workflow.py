"""A segment's way to a brief, and a complaint's to its proof. Nothing leaves `closed`."""

from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.kernel.actor import Actor
from incubator.kernel.i18n import listed
from incubator.kernel.workflow import SYSTEM_ONLY, Machine, State, Transition
from incubator.signals.segment_models import Segment
from incubator.signals.wall_models import Complaint

BRAND = ("brand",)
LEAST_EVIDENCE = 3


def stands_on_voices(segment: Segment, _actor: Actor) -> Any:
    """Before it counts as a segment: what is lacking, what a product must do, and voices that say so."""
    missing = [
        label
        for present, label in (
            (segment.need.strip(), _l("the need")),
            (segment.requirements, _l("a requirement")),
            (len(segment.evidence) >= LEAST_EVIDENCE, _l("three voices as evidence")),
        )
        if not present
    ]
    return _l("Add %(what)s first.", what=listed(missing)) if missing else None


def is_proven(complaint: Complaint, actor: Actor) -> Any:
    """A complaint is closed by whom it belongs to, with a note and something to look at."""
    if not (actor.is_manager or actor.user_id == complaint.owner_id):
        return _l("Only its owner or a manager may close it.")
    shown = complaint.proof_url or complaint.proof_file_id
    return None if complaint.proof_note.strip() and shown else _l("Show the proof: a note, and a file or a link.")


SEGMENT = Machine(
    "segment",
    Segment,
    _l("Segment"),
    (
        State("draft", _l("Draft")),
        State("named", _l("Named"), "info"),
        State("briefed", _l("Has its brief"), "good", final=True),
        State("dropped", _l("Dropped"), "bad", final=True),
    ),
    (
        Transition("draft", "name", "named", _l("Name it a segment"), BRAND, stands_on_voices, rank="primary"),
        Transition("named", "brief", "briefed", _l("Write the brief"), SYSTEM_ONLY),
        Transition("named", "rethink", "draft", _l("Back to draft"), BRAND, note=True),
        *(Transition(s, "drop", "dropped", _l("Drop"), BRAND, note=True, rank="danger") for s in ("draft", "named")),
    ),
)
CLOSE_WARNING = _l("A closed complaint stays closed. Should it come back, a new one follows it.")
COMPLAINT = Machine(
    "complaint",
    Complaint,
    _l("Complaint"),
    (
        State("open", _l("Unresolved"), "bad"),
        State("in_hand", _l("In hand"), "warn"),
        State("closed", _l("Closed with proof"), "good", final=True),
    ),
    (
        Transition("open", "take", "in_hand", _l("Take it in hand"), BRAND),
        *(
            Transition(s, "close", "closed", _l("Close with proof"), BRAND, is_proven, rank="primary", confirm=CLOSE_WARNING)
            for s in ("open", "in_hand")
        ),
    ),
)
MACHINES = (SEGMENT, COMPLAINT)
