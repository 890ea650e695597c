"""The forms of samples: one per step, and the table of readings. Pages and JSON are validated by the same ones."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FieldList, FormField, MultipleFileField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from incubator.briefs.fields import choices, fail, text
from incubator.kernel.forms import AppForm, ChoiceField, RowForm, WholeNumberField
from incubator.samples import judging, words
from incubator.samples.models import MOST_PIECES, OUTCOMES, SampleRequirement

MOST_SAMPLES = 10_000
MOST_READINGS = 200 * MOST_PIECES
LONG = 4000


def version() -> WholeNumberField:
    return WholeNumberField(widget=HiddenInput(), validators=[Optional()])


class VersionForm(AppForm):
    """A step that needs nothing but the version that its page showed."""

    version = version()


class RequestForm(AppForm):
    """What is asked of a factory, and by when."""

    factory_id = SelectField(_l("Factory"), coerce=int)
    kind = ChoiceField(_l("Kind"), choices=choices(words.KINDS), default="development")
    quantity = WholeNumberField(_l("Quantity"), [InputRequired(_l("How many pieces?")), NumberRange(1, MOST_SAMPLES)], default=3)
    due_on = DateField(_l("To be shipped by"), [InputRequired(_l("Name the day."))])
    instructions = text(_l("Instructions"), LONG, area=True)
    version = version()


class ShipForm(VersionForm):
    """How the samples travel."""

    carrier = text(_l("Carrier"), 80, required=True)
    tracking_number = text(_l("Tracking number"), 60, required=True)
    shipped_on = DateField(_l("Shipped on"), [InputRequired(_l("Name the day."))])


class ReceiveForm(VersionForm):
    """When the samples came, how they look, and how many are measured."""

    received_on = DateField(_l("Received on"), [InputRequired(_l("Name the day."))])
    condition = ChoiceField(_l("Condition"), choices=choices(words.CONDITIONS), default="intact")
    condition_note = text(_l("What is wrong with it"), 1000, area=True)
    pieces = WholeNumberField(_l("Pieces to measure"), [InputRequired(_l("How many pieces?")), NumberRange(1, MOST_PIECES)], default=1)


class ReadingForm(RowForm):
    """One cell: the value read on one piece, or the tick where words are judged. A blank cell takes the reading away."""

    requirement_id = WholeNumberField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(1)])
    piece = WholeNumberField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(1, MOST_PIECES)])
    value = text(_l("Value"), 60)
    met = SelectField(_l("Met"), choices=choices(words.MET), default="", validate_choice=True)


class MeasureForm(VersionForm):
    """The table of readings; `measures` must be told the round's requirements before it is checked."""

    also_expected = frozenset({"finish"})
    readings = FieldList(FormField(ReadingForm), max_entries=MOST_READINGS)
    known: dict[int, SampleRequirement] = {}
    pieces = 0

    def measures(self, requirements: list[SampleRequirement], pieces: int) -> None:
        self.known, self.pieces = {r.id: r for r in requirements}, pieces

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        return all([valid, *(self._fits(row.form) for row in self.readings)])

    def _fits(self, row: Any) -> bool:
        requirement = self.known.get(row.requirement_id.data)
        if requirement is None or not 1 <= (row.piece.data or 0) <= self.pieces:
            return fail(row.requirement_id, _l("This is not measured in this round."))
        by_tick = judging.limits(requirement.operator, requirement.target, requirement.tolerance, requirement.unit) is None
        if by_tick and row.value.data:
            return fail(row.value, _l("Tick whether it is met; there is no number to compare."))
        if not by_tick and row.met.data:
            return fail(row.met, _l("Give the measured number; whether it passes is computed."))
        try:
            judging.reading(row.value.data, requirement.unit)
        except judging.Nonsense as wrong:
            return fail(row.value, wrong.message)
        return True

    @property
    def cells(self) -> dict[tuple[int, int], tuple[str | None, bool | None]]:
        """(requirement id, piece) → (value as written, tick) of a valid form; (None, None) takes a reading away."""
        return {(row.form.requirement_id.data, row.form.piece.data): self._cell(row.form) for row in self.readings}

    def _cell(self, row: Any) -> tuple[str | None, bool | None]:
        value = judging.reading(row.value.data, self.known[row.requirement_id.data].unit)
        return None if value is None else judging.written(value), {"yes": True, "no": False}.get(row.met.data or "")

    def complaints(self) -> list[str]:
        """What is wrong, each with its requirement and piece, for the head of the page."""
        return [
            gettext("%(what)s, piece %(n)s: %(why)s", what=self._name(row.form), n=row.form.piece.data, why=" ".join(map(str, messages)))
            for row in self.readings
            for messages in row.form.errors.values()
        ]

    def _name(self, row: Any) -> str:
        found = self.known.get(row.requirement_id.data)
        return found.attribute if found else "–"


class RemarkForm(RowForm):
    """A comment on one requirement."""

    requirement_id = WholeNumberField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(1)])
    comment = text(_l("Comment"), 1000)


class DecideForm(VersionForm):
    """The verdict on a round, with its reason and a comment per requirement where there is one."""

    outcome = RadioField(
        _l("Decision"), choices=[(o, words.OUTCOMES[o]) for o in OUTCOMES], validators=[InputRequired(_l("Choose the decision."))]
    )
    reason = text(_l("Reason"), LONG, required=True, area=True)
    comments = FieldList(FormField(RemarkForm), max_entries=200)

    @property
    def remarks(self) -> dict[int, str]:
        """Requirement id → comment, of those that say something."""
        return {row.form.requirement_id.data: row.form.comment.data for row in self.comments if row.form.comment.data}


class SealForm(VersionForm):
    """Where the golden sample is kept, by whom, and the photos that show it."""

    storage_place = text(_l("Storage place"), 200, required=True)
    kept_by_brand = BooleanField(_l("One is kept by us"))
    kept_by_factory = BooleanField(_l("One is kept by the factory"))
    photos = MultipleFileField(_l("Photos"))


class PhotoForm(AppForm):
    """Photos of the samples, in general or of one requirement."""

    requirement_id = SelectField(_l("Shows"), coerce=int, default=0)
    photos = MultipleFileField(_l("Photos"))
