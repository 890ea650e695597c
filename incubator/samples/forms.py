"""The forms of samples: one per step, and the table of readings. Pages and JSON are validated by the same ones."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FieldList, FormField, MultipleFileField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from incubator.briefs.fields import choices, fail, text
from incubator.kernel.forms import AppForm, ChoiceField, RowForm, WholeNumberField
from incubator.products.forms import sensible_date
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
    due_on = DateField(_l("To be shipped by"), [InputRequired(_l("Name the day.")), sensible_date])
    instructions = text(_l("Instructions"), LONG, area=True)
    version = version()


class ShipForm(VersionForm):
    """How the samples travel."""

    carrier = text(_l("Carrier"), 80, required=True)
    tracking_number = text(_l("Tracking number"), 60, required=True)
    shipped_on = DateField(_l("Shipped on"), [InputRequired(_l("Name the day.")), sensible_date])


class ReceiveForm(VersionForm):
    """When the samples came, how they look, and how many are measured."""

    received_on = DateField(_l("Received on"), [InputRequired(_l("Name the day.")), sensible_date])
    condition = ChoiceField(_l("Condition on arrival"), choices=choices(words.CONDITIONS), default="intact")
    condition_note = text(_l("What is wrong with it"), 1000, area=True)
    pieces = WholeNumberField(_l("Pieces to measure"), [InputRequired(_l("How many pieces?")), NumberRange(1, MOST_PIECES)], default=1)


class ReadingForm(RowForm):
    """One cell: the value read on one piece, or the tick where words are judged. A blank cell takes the reading away.

    `requirement` is what the round asks there; None where it asks nothing.
    """

    requirement_id = WholeNumberField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(1)])
    piece = WholeNumberField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(1, MOST_PIECES)])
    value = text(_l("Value"), 60)
    met = SelectField(_l("Met"), choices=choices(words.MET), default="", validate_choice=True)
    requirement: SampleRequirement | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        return super().validate(extra_validators) and self._fits()

    def _fits(self) -> bool:
        asked = self.requirement
        if asked is None:
            return fail(self.value, _l("This is not measured in this round."))
        by_tick = judging.limits(asked.operator, asked.target, asked.tolerance, asked.unit) is None
        if by_tick and self.value.data:
            return fail(self.value, _l("Tick whether it is met; there is no number to compare."))
        if not by_tick and self.met.data:
            return fail(self.met, _l("Give the measured number; whether it passes is computed."))
        try:
            judging.reading(self.value.data, asked.unit)
        except judging.Nonsense as wrong:
            return fail(self.value, wrong.message)
        return True

    @property
    def cell(self) -> tuple[str | None, bool | None]:
        """(value as written, tick) of a valid row."""
        value = judging.reading(self.value.data, self.requirement.unit if self.requirement else "")
        return None if value is None else judging.written(value), {"yes": True, "no": False}.get(self.met.data or "")


class MeasureForm(VersionForm):
    """The table of readings; `measures` must be told the round's requirements before it is checked."""

    also_expected = frozenset({"finish"})
    readings = FieldList(FormField(ReadingForm), _l("Readings"), max_entries=MOST_READINGS)

    def measures(self, requirements: list[SampleRequirement], pieces: int) -> None:
        known = {r.id: r for r in requirements}
        for row in self.readings:
            there = 1 <= (row.form.piece.data or 0) <= pieces
            row.form.requirement = known.get(row.form.requirement_id.data) if there else None

    @property
    def cells(self) -> dict[tuple[int, int], tuple[str | None, bool | None]]:
        """(requirement id, piece) → cell of a valid form; (None, None) takes a reading away."""
        return {(row.form.requirement_id.data, row.form.piece.data): row.form.cell for row in self.readings}

    def complaints(self) -> list[str]:
        """What is wrong, each with its requirement and piece, for the head of the page."""
        return [
            gettext("%(what)s, piece %(n)s: %(why)s", what=_name(row.form), n=row.form.piece.data, why=" ".join(map(str, messages)))
            for row in self.readings
            for messages in row.form.errors.values()
        ]


def _name(row: ReadingForm) -> str:
    return row.requirement.attribute if row.requirement else "–"


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
    comments = FieldList(FormField(RemarkForm), _l("Comments"), max_entries=200)

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
