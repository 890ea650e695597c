"""The forms of the way to market: pre-production, test launches, checklists, launches."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FieldList, FormField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional, ValidationError

from incubator.briefs.fields import CURRENCY, LONG, AmountField, check_amount, choices, fail
from incubator.kernel.forms import AppForm, ChoiceField, RowForm
from incubator.launches import fields, words
from incubator.products.forms import optional_id, text


class VolumesForm(AppForm):
    """What the pre-production review asks: first order and capacity."""

    first_order_quantity = fields.quantity(_l("First order, units"))
    capacity_per_week = fields.quantity(_l("Factory capacity, units per week"))
    capacity_note = text(_l("How do we know?"), 500)


class ProofForm(AppForm):
    """The certificate of one compliance need; its file is read from the request."""

    also_expected = frozenset({"file"})
    need = SelectField(_l("Compliance need"), validators=[InputRequired(_l("Choose a need."))])
    reference = text(_l("Certificate or report number"), 200, required=True)
    valid_until = fields.day(_l("Valid until"))


class ConditionForm(RowForm):
    """A dated condition; a row without text is left out."""

    text = text(_l("Condition"), 200)
    due_on = fields.day(_l("By"))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if not self.text.data or self.due_on.data or not valid:
            return valid
        return fail(self.due_on, _l("Date the condition."))


class DecideForm(AppForm):
    """The pre-production verdict."""

    outcome = RadioField(_l("Verdict"), choices=choices(words.OUTCOMES), validators=[InputRequired(_l("Choose the verdict."))])
    reason = text(_l("Reason"), 4000, required=True, area=True)
    conditions = FieldList(FormField(ConditionForm), _l("Conditions"), max_entries=20)
    version = fields.version()

    def dated(self) -> list[tuple[str, Any]]:
        return [(row.form.text.data, row.form.due_on.data) for row in self.conditions if row.form.text.data]


class ProbeForm(AppForm):
    """A test launch: hypothesis and experiment."""

    belief = text(_l("What we believe"), 2000, required=True, area=True)
    metric = ChoiceField(_l("Metric"), choices=choices(words.METRICS), default="units_per_week")
    direction = ChoiceField(_l("Direction"), choices=choices(words.DIRECTIONS), default="at_least")
    threshold = fields.ValueField(_l("Threshold"), [InputRequired(_l("Give the threshold."))])
    from_on = fields.day(_l("From"), required=True)
    to_on = fields.day(_l("Until"), required=True)
    channels = fields.several(_l("Channels"))
    units = fields.quantity(_l("Units allotted"))
    currency = ChoiceField(_l("Currency"), choices=CURRENCY, default="CNY")
    price = AmountField(_l("Test price"), [Optional(), check_amount])
    budget = AmountField(_l("Budget"), [Optional(), check_amount])
    version = fields.version()

    def validate_to_on(self, field: DateField) -> None:
        if field.data and self.from_on.data and field.data < self.from_on.data:
            raise ValidationError(_l("It ends before it begins."))

    def values(self) -> dict[str, Any]:
        amounts = {f"{n}_minor": self[n].money(self.currency.data).minor if self[n].data else 0 for n in ("price", "budget")}
        plain = {n: self[n].data for n in ("belief", "metric", "direction", "from_on", "to_on", "currency")}
        return {**plain, **amounts, "units": self.units.data or 0, "threshold_x100": self.threshold.x100}


class ReadingForm(AppForm):
    on_date = fields.day(_l("Day"), required=True)
    value = fields.ValueField(_l("Measured"), [InputRequired(_l("Give the figure."))])
    source = text(_l("Source"), 200, required=True)


class VerdictForm(AppForm):
    """What a test showed and what follows."""

    verdict = RadioField(_l("Verdict"), choices=choices(words.VERDICTS), validators=[InputRequired(_l("Choose the verdict."))])
    reason = text(_l("Reason"), 4000, required=True, area=True)
    next_step = RadioField(_l("What follows"), choices=choices(words.NEXT_STEPS), validators=[InputRequired(_l("Choose what follows."))])
    review_on = fields.day(_l("Judged again on"), required=True)
    version = fields.version()


class ChecklistForm(AppForm):
    """Start the checklist of a channel."""

    channel_id = SelectField(_l("Channel"), coerce=optional_id, validators=[InputRequired(_l("Choose a channel."))])
    launch_on = fields.day(_l("Launch day"))


class TaskForm(AppForm):
    """A task of one's own."""

    channel_id = SelectField(_l("Channel"), coerce=optional_id, validators=[InputRequired(_l("Choose a channel."))])
    title = text(_l("Task"), 200, required=True)
    is_required = BooleanField(_l("The launch waits for it"), default=True)
    due_on = fields.day(_l("Due"))


class AssignForm(AppForm):
    """Whose task it is, and until when."""

    owner_id = SelectField(_l("Owner"), coerce=optional_id)
    organisation_id = SelectField(_l("Launch partner"), coerce=optional_id)
    due_on = fields.day(_l("Due"))


class DoneForm(AppForm):
    """The proof that a task is done; its file is read from the request."""

    also_expected = frozenset({"file", "next"})
    proof = text(_l("What proves it"), LONG, area=True)


class LaunchForm(AppForm):
    """A planned launch."""

    launch_on = fields.day(_l("Launch day"), required=True)
    channels = fields.several(_l("Channels"))
    skus = fields.several(_l("SKUs"))
    note = text(_l("Note"), 2000, area=True)
    version = fields.version()


class MoveForm(AppForm):
    """A step of a SKU, test or launch, with a note where the step asks for one."""

    note = text(_l("Note"), 4000, area=True)
    version = fields.version()
