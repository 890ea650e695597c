"""The factory's forms: the quotation for the page and the JSON alike, a question, a refusal to quote."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, FieldList, FormField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from incubator.briefs.fields import CURRENCY, LONG, LONGEST_AMOUNT, MOST, AmountField, choices, fail, text
from incubator.kernel import clock
from incubator.kernel.forms import AppForm, ChoiceField, RowForm, WholeNumberField
from incubator.products.forms import sensible_date
from incubator.sourcing import words
from incubator.sourcing.forms import NEEDED, asked_quantity, version

MOST_DAYS = 1000
MOST_TYPED = 4000  # pairs of a draft


def days(label: Any, least: int = 1) -> WholeNumberField:
    return WholeNumberField(label, [InputRequired(NEEDED), NumberRange(least, MOST_DAYS)])


class BreakForm(RowForm):
    """From which quantity on which unit price; a blank row is left out."""

    quantity_from = WholeNumberField(_l("From, pieces"), [Optional(), NumberRange(1, MOST)])
    unit_price = AmountField(_l("Unit price"), [Optional()], render_kw={"inputmode": "decimal"})

    @property
    def is_blank(self) -> bool:
        return not (self.quantity_from.data or self.unit_price.data)


class RequirementAnswerForm(RowForm):
    """Whether one requirement (by its number) is met; a deviation says which."""

    requirement = WholeNumberField(widget=HiddenInput(), validators=[InputRequired(NEEDED)])
    verdict = ChoiceField(_l("Do you meet it?"), choices=[("", "–"), *choices(words.VERDICTS)], default="")
    note = text(_l("Note"), 1000)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if not self.verdict.data:
            return fail(self.verdict, _l("Say whether you meet it."))
        if self.verdict.data == "deviates" and not self.note.data:
            return fail(self.note, _l("Say how it deviates."))
        return valid


class QuotationForm(AppForm):
    """The whole quotation: technical part and offer. `requirements` and `currencies` are set before it validates."""

    also_expected = frozenset({"act"})

    lead_days = days(_l("Lead time, days"))
    sample_days = days(_l("Sample lead time, days"))
    tooling_days = days(_l("Tooling lead time, days"), least=0)
    moq = asked_quantity(_l("MOQ, pieces"))
    monthly_capacity = asked_quantity(_l("Capacity per month, pieces"))
    technical_note = text(_l("Technical remarks"), LONG, area=True)
    answers = FieldList(FormField(RequirementAnswerForm), _l("Requirements"), max_entries=200)
    currency = ChoiceField(_l("Currency"), choices=CURRENCY)
    breaks = FieldList(FormField(BreakForm), _l("Price breaks"), max_entries=20)
    tooling = AmountField(_l("Tooling cost"), [Optional()], render_kw={"inputmode": "decimal"})
    mould_owner = ChoiceField(_l("The mould belongs to"), choices=choices(words.MOULD_OWNERS), default="brand")
    incoterm = ChoiceField(_l("Incoterm (2020)"), choices=choices(words.INCOTERMS))
    place = text(_l("Named place"), 120, required=True)
    payment_terms = ChoiceField(_l("Payment terms"), choices=choices(words.PAYMENT_TERMS), default="deposit_30")
    valid_until = DateField(_l("Valid until"), [InputRequired(NEEDED), sensible_date])
    commercial_note = text(_l("Commercial remarks"), LONG, area=True)
    version = version()

    numbers: Sequence[int] = ()

    def validate_answers(self, field: FieldList) -> None:
        given = [row.form.requirement.data for row in field]
        if sorted(n for n in given if n) != sorted(self.numbers):
            raise ValidationError(_l("Answer every requirement once."))

    def validate_breaks(self, field: FieldList) -> None:
        rows = [row.form for row in field if not row.form.is_blank]
        if not rows:
            raise ValidationError(_l("Give at least one price."))
        for row in rows:
            self._check_break(row)
        starts = [row.quantity_from.data for row in rows if row.quantity_from.data]
        if len(starts) != len(set(starts)):
            raise ValidationError(_l("Two prices begin at the same quantity."))

    def _check_break(self, row: Any) -> None:
        if not row.quantity_from.data:
            raise ValidationError(_l("Each price needs a quantity, and each quantity a price."))
        if not row.unit_price.data:
            message = _l("Give the price from %(quantity)s pieces on, or remove that row.", quantity=row.quantity_from.data)
            raise ValidationError(message)
        if self._minor(row.unit_price) <= 0:
            raise ValidationError(_l("A unit price is greater than zero."))

    def validate_tooling(self, field: AmountField) -> None:
        self._minor(field)

    def _minor(self, field: AmountField) -> int:
        try:
            return field.money(self.currency.data).minor if field.data else 0
        except ValueError as error:
            message = _l(
                "“%(value)s” is not an amount in %(currency)s, like 89.90.", value=field.data[:LONGEST_AMOUNT], currency=self.currency.data
            )
            raise ValidationError(message) from error

    def validate_valid_until(self, field: DateField) -> None:
        if field.data and (field.data < clock.today() or field.data.year > 2100):
            raise ValidationError(_l("Choose a day that lies ahead."))


def warnings(form: QuotationForm, quantities: Sequence[int]) -> list[str]:
    """What a buyer would ask about a valid quotation; nothing here forbids it."""
    rows = sorted(
        (row.form.quantity_from.data, row.form.unit_price.money(form.currency.data).minor) for row in form.breaks if not row.form.is_blank
    )
    found = []
    if any(later >= earlier for (_, earlier), (_, later) in pairwise(rows)):
        found.append(gettext("A larger quantity does not cost less per piece. Was that meant?"))
    if rows[0][0] > quantities[0]:
        found.append(gettext("Your first price begins above the smallest quantity that was asked: there you offer nothing."))
    if (form.moq.data or 0) > quantities[0]:
        found.append(gettext("Your MOQ is larger than the smallest quantity that was asked."))
    return found


class QuestionForm(AppForm):
    """A question to the brand."""

    text = text(_l("Your question"), 4000, required=True, area=True)


class DeclineForm(AppForm):
    """Why no quotation will come."""

    note = text(_l("Reason"), 2000, required=True, area=True)
    version = version()


class QuotationStepForm(AppForm):
    """Confirm or withdraw."""

    version = version()
