"""The forms of engagements, deliverables, revisions and annotations. JSON is validated by the same ones."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, MultipleFileField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from incubator.codevelopment import words
from incubator.codevelopment.annotation_models import WHOLE
from incubator.kernel.forms import AppForm, PlainNumberField, WholeNumberField
from incubator.products.forms import Version, optional_id, sensible_date, text

LONG = 8000
MOST_FILES = 30


class InviteForm(AppForm):
    """An invitation: whom, for what, on which terms, from when to when."""

    organisation_id = SelectField(_l("Organisation"), coerce=optional_id, validators=[InputRequired(_l("Choose an organisation."))])
    scope = text(_l("Scope of work"), LONG, required=True, area=True)
    terms = text(_l("Terms"), LONG, area=True)
    starts_on = DateField(_l("Starts on"), [Optional(), sensible_date])
    ends_on = DateField(_l("Ends on"), [Optional(), sensible_date])

    def validate_ends_on(self, field: DateField) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_l("The engagement ends before it begins."))


class StepForm(AppForm):
    """A step of a lifecycle, with the version that the page showed, and a note where the step asks for one."""

    version = Version()
    note = text(_l("Reason"), 4000, area=True)


class DeliverableForm(AppForm):
    """What is owed, by whom, by when, and when it is good."""

    title = text(_l("Title"), 200, required=True)
    kind = SelectField(_l("Kind"), choices=list(words.KINDS.items()), default="industrial_design")
    owner_id = SelectField(_l("Owed by"), coerce=optional_id, validators=[InputRequired(_l("Choose an organisation."))])
    due_on = DateField(_l("Due"), [InputRequired(_l("Choose a date.")), sensible_date])
    review_days = WholeNumberField(_l("Days for the review"), [InputRequired(), NumberRange(1, 60)], default=5)
    description = text(_l("Description"), LONG, area=True)
    acceptance = text(_l("Accepted when"), LONG, area=True)


class EditDeliverableForm(DeliverableForm):
    version = Version()


class RevisionForm(AppForm):
    """A submission: a note, new files, and files of the last revision that did not change."""

    version = Version()
    note = text(_l("What changed in this revision"), 4000, area=True)
    keep = SelectMultipleField(_l("Keep from the last revision"), coerce=int)
    files = MultipleFileField(_l("New files"))


class RevisionJson(AppForm):
    """The same as JSON: files are uploaded on the page; the API names those of earlier revisions by id."""

    version = WholeNumberField(validators=[InputRequired(), NumberRange(0, 2**31)])
    note = text(_l("What changed in this revision"), 4000, area=True)
    keep = SelectMultipleField(_l("Keep from the last revision"), coerce=int, validate_choice=False)


class DecideForm(AppForm):
    """The brand's decision on the revision `number` that its page showed."""

    version = Version()
    number = WholeNumberField(validators=[InputRequired(), NumberRange(1, 2**31)])
    outcome = RadioField(_l("Decision"), choices=list(words.OUTCOMES.items()), validators=[InputRequired(_l("Choose the decision."))])
    reason = text(_l("Reason"), 4000, area=True)

    def validate_outcome(self, field: Any) -> None:
        """Here and not at the reason, whose own checks end where it is blank."""
        if field.data == "ask_changes" and not self.reason.data:
            raise ValidationError(_l("Say what has to change."))


class ShareForm(AppForm):
    organisation_id = SelectField(_l("Organisation"), coerce=optional_id, validators=[InputRequired(_l("Choose an organisation."))])


def percent(label: Any, default: Any = None) -> PlainNumberField:
    """A place in percent with at most two digits after the point."""
    return PlainNumberField(label, [Optional(), NumberRange(0, 100)], places=2, default=default)


class AnnotationForm(AppForm):
    """A place on a picture in percent from the left and top, and what is wrong there."""

    file_id = WholeNumberField(validators=[InputRequired(), NumberRange(1, 2**62)])
    shape = RadioField(_l("Shape"), choices=list(words.SHAPES.items()), default="pin")
    x = PlainNumberField(_l("From the left, %"), [InputRequired(_l("Give the place.")), NumberRange(0, 100)], places=2)
    y = PlainNumberField(_l("From the top, %"), [InputRequired(_l("Give the place.")), NumberRange(0, 100)], places=2)
    width = percent(_l("Width, %"))
    height = percent(_l("Height, %"))
    body = text(_l("Remark"), 4000, required=True, area=True)

    def place(self) -> dict[str, int]:
        """x, y, width and height in hundredths of a percent, cut at the picture's edge; a pin has no size."""
        x, y = (int(f.data * 100) for f in (self.x, self.y))
        sizes = (self.width, self.height) if self.shape.data == "rectangle" else ()
        wide, high = [int((f.data or 0) * 100) for f in sizes] or [0, 0]
        return {"x": x, "y": y, "width": min(wide, WHOLE - x), "height": min(high, WHOLE - y)}

    def validate_shape(self, field: Any) -> None:
        if field.data == "rectangle" and not (self.width.data and self.height.data):
            raise ValidationError(_l("A rectangle needs a width and a height."))


class RemarkForm(AppForm):
    body = text(_l("Remark"), 4000, required=True, area=True)
