"""The forms of briefs and the gate. HTML, JSON and imports are validated by the same ones."""

import math
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import HiddenInput
from wtforms.validators import URL, InputRequired, Length, NumberRange, Optional, ValidationError

from incubator.briefs import words
from incubator.kernel.forms import AppForm
from incubator.kernel.money import COMMON_CURRENCIES, Money

MOST = 1_000_000_000
LONG = 8000


def stripped(value: str | None) -> str:
    return (value or "").replace("\x00", "").strip()


def choices(table: dict[str, Any]) -> list[tuple[str, Any]]:
    return list(table.items())


def text(label: Any, longest: int, *, required: bool = False, area: bool = False) -> Any:
    kind = TextAreaField if area else StringField
    first: list[Any] = [InputRequired(_l("This cannot be empty."))] if required else [Optional()]
    return kind(label, [*first, Length(max=longest)], filters=[stripped])


def quantity(label: Any) -> IntegerField:
    return IntegerField(label, [Optional(), NumberRange(0, MOST)], default=0)


class AmountField(StringField):
    """An amount in major units; `money(currency)` gives it as Money, and raises ValueError with words when it is none."""

    def money(self, currency: str) -> Money:
        amount = Money.parse(self.data or "", currency)
        if amount.minor < 0:
            raise ValueError("negative amount")
        return amount


def check_amount(form: Any, field: AmountField) -> None:
    """Form validator: an amount greater than zero in the currency of the same row."""
    if not field.data:
        return
    try:
        amount = field.money(form.currency.data or "CNY")
    except ValueError as error:
        message = _l("“%(value)s” is not an amount in %(currency)s, like 89.90.", value=field.data, currency=form.currency.data)
        raise ValidationError(message) from error
    if amount.minor == 0:
        raise ValidationError(_l("An amount must be greater than zero."))


CURRENCY = [(c, c) for c in COMMON_CURRENCIES]


class TargetForm(Form):
    """Target price, cost and margin in one currency; a row without a price is left out."""

    currency = SelectField(_l("Currency"), choices=CURRENCY)
    price = AmountField(_l("Target price"), [Optional(), check_amount])
    cost = AmountField(_l("Target cost"), [Optional(), check_amount])
    margin = StringField(_l("Target margin, %"), [Optional(), Length(max=8)])

    def validate_margin(self, field: StringField) -> None:
        share = _number(field.data)
        if share is None or not 0 <= share < 100:
            raise ValidationError(_l("“%(value)s” is not a margin between 0 and 99.99%%.", value=field.data))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.is_blank or self.price.data:
            return valid
        return _fail(self.price, _l("Give the target price, too."))

    @property
    def is_blank(self) -> bool:
        return not (self.price.data or self.cost.data or self.margin.data)


def _number(value: Any) -> float | None:
    try:
        number = float(str(value).replace(",", "").replace("%", "").strip())
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) < 1e12 else None


class RequirementForm(Form):
    """One requirement; a wholly blank row is left out."""

    attribute = text(_l("Attribute"), 120)
    operator = SelectField(_l("Operator"), choices=choices(words.OPERATORS), default="ge")
    target = text(_l("Target"), 120)
    unit = text(_l("Unit"), 30)
    tolerance = text(_l("Tolerance"), 30)
    priority = SelectField(_l("Priority"), choices=choices(words.PRIORITIES), default="must")
    evidence = text(_l("Evidence that buyers want it"), LONG)

    @property
    def is_blank(self) -> bool:
        return not any(f.data for f in (self.attribute, self.target, self.unit, self.tolerance, self.evidence))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.is_blank:
            return valid
        return all([valid, self._is_named(), self._target_fits(), self._tolerance_fits()])

    def _is_named(self) -> bool:
        return bool(self.attribute.data) or _fail(self.attribute, _l("Name the attribute, like “seat height”."))

    def _target_fits(self) -> bool:
        operator, target = self.operator.data, self.target.data or ""
        if not target:
            return _fail(self.target, _l("Give the target."))
        if operator in ("eq", "le", "ge") and _number(target) is None:
            return _fail(self.target, _l("“%(value)s” is not a number; for words choose “is”.", value=target))
        if operator == "between" and not _is_range(target):
            return _fail(self.target, _l("Write the range as 90–100."))
        return True

    def _tolerance_fits(self) -> bool:
        tolerance = _number(self.tolerance.data) if self.tolerance.data else 0
        fits = tolerance is not None and tolerance >= 0
        return fits or _fail(self.tolerance, _l("“%(value)s” is not a tolerance, like 0.5.", value=self.tolerance.data))


def _is_range(target: str) -> bool:
    ends = [_number(part) for part in target.replace("~", "–").replace("-", "–").split("–")]
    return len(ends) == 2 and None not in ends and ends[0] <= ends[1]  # type: ignore[operator]


def _fail(field: Any, message: Any) -> bool:
    field.errors = [*field.errors, message]
    return False


class BriefFields(AppForm):
    """What every brief states, without its rows: also one line of an import."""

    title = text(_l("Title"), 200, required=True)
    type = SelectField(_l("Type"), choices=choices(words.TYPES), default="basic")
    segment = text(_l("Target segment"), 200)
    buyer_kind = SelectField(_l("Buyers"), choices=choices(words.BUYER_KINDS), default="consumer")
    scenario = SelectField(_l("Demand scenario"), choices=choices(words.SCENARIOS), default="small_wholesale")
    need = text(_l("Need beyond price"), LONG, area=True)
    reason_to_choose = text(_l("Reason to choose"), LONG, area=True)
    customisation = SelectField(_l("Customisation"), choices=choices(words.CUSTOMISATIONS), default="none")
    customisation_notes = text(_l("Customisation notes"), LONG, area=True)
    compliance = text(_l("Compliance needs"), LONG, area=True)
    first_order_quantity = quantity(_l("First order, units"))
    annual_quantity = quantity(_l("Volume per year, units"))
    moq = quantity(_l("MOQ, units"))
    launch_from = DateField(_l("Launch from"), [Optional()])
    launch_to = DateField(_l("Launch until"), [Optional()])

    def validate_launch_to(self, field: DateField) -> None:
        if field.data and self.launch_from.data and field.data < self.launch_from.data:
            raise ValidationError(_l("The launch window ends before it begins."))


class BriefForm(BriefFields):
    """A whole brief as the editor sends it."""

    programme_id = SelectField(_l("Programme"), coerce=int, validate_choice=True)
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    targets = FieldList(FormField(TargetForm), max_entries=len(COMMON_CURRENCIES))
    requirements = FieldList(FormField(RequirementForm), max_entries=200)

    def validate_targets(self, field: FieldList) -> None:
        currencies = [row.form.currency.data for row in field if not row.form.is_blank]
        if len(currencies) != len(set(currencies)):
            raise ValidationError(_l("Each currency may stand once."))


class ReferenceForm(AppForm):
    """A reference product."""

    name = text(_l("Name"), 200, required=True)
    maker = text(_l("Brand or maker"), 120)
    price = AmountField(_l("Price"), [InputRequired(_l("Give its price.")), check_amount])
    currency = SelectField(_l("Currency"), choices=CURRENCY, default="CNY")
    url = StringField(_l("Link"), [Optional(), Length(max=500), URL(require_tld=False, message=_l("This is not a link."))], filters=[stripped])
    notes = text(_l("Notes"), LONG, area=True)

    def validate_url(self, field: StringField) -> None:
        if field.data and not field.data.startswith(("http://", "https://")):
            raise ValidationError(_l("A link starts with https://."))


class PointForm(Form):
    """One comparison; a row without an attribute is left out."""

    reference_id = SelectField(_l("Reference product"), coerce=int)
    attribute = text(_l("Point"), 120)
    aspect = SelectField(_l("Aspect"), choices=choices(words.ASPECTS), default="function")
    their_value = text(_l("Theirs"), 200)
    our_value = text(_l("Ours"), 200)
    verdict = SelectField(_l("Verdict"), choices=choices(words.VERDICTS), default="better")
    evidence = text(_l("Evidence"), LONG)

    @property
    def is_blank(self) -> bool:
        return not any(f.data for f in (self.attribute, self.their_value, self.our_value, self.evidence))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.is_blank or self.attribute.data:
            return valid
        return _fail(self.attribute, _l("Name the point, like “noise at 1 m”."))


class ClaimForm(AppForm):
    """A value claim with its comparisons."""

    kind = SelectField(_l("What is new"), choices=choices(words.CLAIM_KINDS))
    statement = text(_l("Claim"), 500, required=True, area=True)
    evidence = text(_l("Evidence"), LONG, area=True)
    points = FieldList(FormField(PointForm), max_entries=100)


class SubmitForm(AppForm):
    """Who shall sign, and by when."""

    signatories = SelectMultipleField(_l("Organisations that sign beside you"), coerce=int)
    due_on = DateField(_l("Decide by"), [Optional()])
    note = text(_l("Note to the reviewers"), 1000, area=True)
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])


class SignForm(AppForm):
    """Scores for the two criteria of the brief's type, and why."""

    first = RadioField(choices=[(n, str(n)) for n in range(1, 6)], coerce=int, validators=[InputRequired(_l("Choose a score."))])
    second = RadioField(choices=[(n, str(n)) for n in range(1, 6)], coerce=int, validators=[InputRequired(_l("Choose a score."))])
    statement = text(_l("Your judgement"), 4000, required=True, area=True)


class ConditionForm(Form):
    """A dated condition; a row without text is left out."""

    text = text(_l("Condition"), 200)
    due_on = DateField(_l("By"), [Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if not self.text.data or self.due_on.data or not valid:
            return valid
        return _fail(self.due_on, _l("Date the condition."))


class DecideForm(AppForm):
    """The verdict, its reason, and the conditions of a conditional pass."""

    outcome = RadioField(_l("Verdict"), choices=choices(words.OUTCOMES), validators=[InputRequired(_l("Choose the verdict."))])
    reason = text(_l("Reason"), 4000, required=True, area=True)
    conditions = FieldList(FormField(ConditionForm), max_entries=20)
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])


def percent_to_bp(value: str | None) -> int | None:
    """ "38.5" or "38.5%" to 3850 basis points; None for blank."""
    number = _number(value) if value else None
    return None if number is None else int((Decimal(str(number)) * 100).to_integral_value())
