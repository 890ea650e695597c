"""The brand's forms: the enquiry, its steps, whom to ask, answers, rates, scores, award."""

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FieldList, FormField, RadioField, SelectMultipleField, StringField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from incubator.briefs.fields import CURRENCY, LONG, MOST, AmountField, choices, fail, number_in, stripped, text
from incubator.kernel.forms import AppForm, ChoiceField, RowForm, WholeNumberField
from incubator.kernel.money import COMMON_CURRENCIES
from incubator.products.forms import sensible_date
from incubator.sourcing import words

END_OF_WORK = time(17, 0)
NEEDED = _l("This cannot be empty.")


def version() -> WholeNumberField:
    return WholeNumberField(widget=HiddenInput(), validators=[Optional()])


def asked_quantity(label: Any) -> WholeNumberField:
    return WholeNumberField(label, [InputRequired(NEEDED), NumberRange(1, MOST)])


class CriterionForm(RowForm):
    """One criterion with its weight; a row without a name is left out."""

    name = text(_l("Criterion"), 120)
    weight = WholeNumberField(_l("Weight, %"), [Optional(), NumberRange(1, 100)])

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.name.data and not self.weight.data and not self.weight.errors:
            return fail(self.weight, _l("Give its weight."))
        return valid


class DeadlineFields(AppForm):
    """A day and an hour at a place; `deadline` is that moment in UTC."""

    deadline_on = DateField(_l("Deadline"), [InputRequired(NEEDED), sensible_date])
    deadline_time = TimeField(_l("At"), [InputRequired(NEEDED)], default=END_OF_WORK)
    deadline_zone = ChoiceField(_l("Time zone"), choices=choices(words.ZONES), default="Asia/Shanghai")

    def validate_deadline_on(self, field: DateField) -> None:
        if field.data and not 2000 <= field.data.year <= 2100:
            raise ValidationError(_l("This is not a day that anybody works on."))

    @property
    def deadline(self) -> datetime:
        assert self.deadline_on.data and self.deadline_time.data
        local = datetime.combine(self.deadline_on.data, self.deadline_time.data, ZoneInfo(self.deadline_zone.data))
        return local.astimezone(UTC)


class RfqForm(DeadlineFields):
    """A whole enquiry as the editor sends it."""

    title = text(_l("Title"), 200, required=True)
    scenario = ChoiceField(_l("Scenario"), choices=choices(words.SCENARIOS), default="small_wholesale")
    quantity_1 = asked_quantity(_l("Smallest quantity"))
    quantity_2 = asked_quantity(_l("Middle quantity"))
    quantity_3 = asked_quantity(_l("Largest quantity"))
    incoterm = ChoiceField(_l("Target Incoterm"), choices=choices(words.INCOTERMS), default="FOB")
    destination = text(_l("Destination"), 120, required=True)
    tooling_wanted = BooleanField(_l("Tooling is wanted"))
    tooling_note = text(_l("What tooling"), LONG, area=True)
    sample_due_on = DateField(_l("Sample wanted by"), [Optional(), sensible_date])
    currencies = SelectMultipleField(_l("Currencies"), [InputRequired(_l("Choose at least one."))], choices=CURRENCY, default=["CNY"])
    technical_threshold = WholeNumberField(_l("Technical threshold, points"), [InputRequired(NEEDED), NumberRange(0, 100)], default=60)
    note = text(_l("Note to the factories"), LONG, area=True)
    criteria = FieldList(FormField(CriterionForm), _l("Criteria"), max_entries=20)
    version = version()

    def validate_quantity_2(self, field: WholeNumberField) -> None:
        self._must_exceed(field, self.quantity_1)

    def validate_quantity_3(self, field: WholeNumberField) -> None:
        self._must_exceed(field, self.quantity_2)

    def _must_exceed(self, field: WholeNumberField, smaller: WholeNumberField) -> None:
        if field.data and smaller.data and field.data <= smaller.data:
            raise ValidationError(_l("Each quantity is larger than the one before."))

    def validate_criteria(self, field: FieldList) -> None:
        weights = [row.form.weight.data or 0 for row in field if row.form.name.data]
        if weights and sum(weights) != 100:
            raise ValidationError(_l("The weights add up to %(sum)s%%; they must make 100%%.", sum=sum(weights)))


class ReissueForm(RfqForm):
    """What the enquiry asks from now on, and what changed, in the brand's words."""

    reissue_note = text(_l("What changed, and why"), 2000, required=True, area=True)


class ExtendForm(DeadlineFields):
    """A later deadline."""

    version = version()


class StepForm(AppForm):
    """A step of the enquiry, with a note where it needs one."""

    note = text(_l("Reason"), 4000, area=True)
    version = version()


class InviteForm(AppForm):
    """Whom to ask."""

    factories = SelectMultipleField(_l("Factories"), coerce=int, validate_choice=False)


class AnswerForm(AppForm):
    """The answer to one question, and how everyone shall read it."""

    answer = text(_l("Your answer"), LONG, required=True, area=True)
    publish = BooleanField(_l("Tell everyone who was asked"))
    public_question = text(_l("The question as everyone reads it"), LONG, area=True)


class ClarifyForm(AppForm):
    """A question that nobody needs to have asked, and its answer, for everyone."""

    question = text(_l("Question"), LONG, required=True, area=True)
    answer = text(_l("Your answer"), LONG, required=True, area=True)


class ReviewersForm(AppForm):
    """Who scores the technical part."""

    reviewers = SelectMultipleField(_l("Reviewers"), coerce=int, validate_choice=False)
    version = version()


class ScoreForm(AppForm):
    """The scores of one quotation: one field per criterion, made by `for_criteria`."""

    comment = text(_l("Comment"), LONG, area=True)


def score_form(criteria: list[Any]) -> type[ScoreForm]:
    """ScoreForm with a radio field of 0–5 for each criterion, named `c` and its id."""
    tiles = [(n, str(n)) for n in range(6)]
    needed = [InputRequired(_l("Choose a score."))]
    made = {f"c{c.id}": RadioField(c.name, choices=tiles, coerce=int, validators=needed) for c in criteria}
    return type("ScoreForm", (ScoreForm,), made)


def rate(label: Any, most: int) -> StringField:
    """A rate in percent, from 0 to `most`; blank is none."""

    def check(_form: Any, field: Any) -> None:
        share = number_in(field.data)
        if share is None or not 0 <= share <= most:
            raise ValidationError(_l("“%(value)s” is not a rate between 0 and %(most)s%%.", value=field.data, most=most))

    return StringField(label, [Optional(), Length(max=8), check], filters=[stripped])


def check_cost(form: Any, field: AmountField) -> None:
    try:
        field.money(form.currency.data)
    except ValueError as error:
        message = _l("“%(value)s” is not an amount in %(currency)s.", value=(field.data or "")[:30], currency=form.currency.data)
        raise ValidationError(message) from error


def cost(label: Any) -> AmountField:
    return AmountField(label, [Optional(), check_cost], render_kw={"inputmode": "decimal"})


class BasisForm(AppForm):
    """The rates of the landed cost. Blank amounts are nothing."""

    currency = ChoiceField(_l("Compared in"), choices=[(c, c) for c in COMMON_CURRENCIES])
    amortise_over = asked_quantity(_l("Tooling is spread over, pieces"))
    origin_shipment = cost(_l("To the port, per shipment"))
    origin_unit = cost(_l("To the port, per piece"))
    carriage_shipment = cost(_l("Main carriage, per shipment"))
    carriage_unit = cost(_l("Main carriage, per piece"))
    delivery_shipment = cost(_l("To the destination, per shipment"))
    delivery_unit = cost(_l("To the destination, per piece"))
    insurance = rate(_l("Insurance premium, %"), 50)
    duty = rate(_l("Duty, %"), 500)
    duty_on = ChoiceField(_l("Duty is taken on"), choices=choices(words.DUTY_BASES), default="cif")


class AwardForm(AppForm):
    """The decision."""

    winner = RadioField(_l("Award to"), coerce=int, validators=[InputRequired(_l("Choose a quotation."))])
    second = ChoiceField(_l("Second source"), coerce=int, default=0)
    share = WholeNumberField(_l("Share of the first source, %"), [InputRequired(NEEDED), NumberRange(1, 100)], default=100)
    quantity = ChoiceField(_l("Decided at the quantity"), coerce=int)
    reason = text(_l("Reason"), 4000, required=True, area=True)
    version = version()
