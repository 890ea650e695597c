"""The forms of a brief. HTML, JSON and imports are validated by the same ones."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FieldList, FormField, SelectField, StringField
from wtforms.validators import URL, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from incubator.briefs import words
from incubator.briefs.fields import CURRENCY, LONG, AmountField, check_amount, choices, fail, is_range, number_in, quantity, stripped, text
from incubator.imports.forms import OptionsForm
from incubator.kernel.forms import AppForm, ChoiceField, Confirmation, RowForm, WholeNumberField
from incubator.kernel.money import COMMON_CURRENCIES
from incubator.products.forms import optional_id, sensible_date

LONGEST_NAME = 120
ROUNDING = 0.1  # points of margin


class TargetForm(RowForm):
    """Target price, cost and margin in one currency; a row without a price is left out."""

    currency = ChoiceField(_l("Currency"), choices=CURRENCY)
    price = AmountField(_l("Target price"), [Optional(), check_amount])
    cost = AmountField(_l("Target cost"), [Optional(), check_amount])
    margin = StringField(_l("Target margin, %"), [Optional(), Length(max=8)])

    def validate_margin(self, field: StringField) -> None:
        share = number_in(field.data)
        if share is None or not 0 <= share < 100:
            raise ValidationError(_l("“%(value)s” is not a margin between 0 and 99.99%%.", value=field.data))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.is_blank or not valid:
            return valid
        if not self.price.data:
            return fail(self.price, _l("Give the target price, too."))
        return self._margin_fits()

    def _margin_fits(self) -> bool:
        """Price, cost and margin must tell one story; a tenth of a point is rounding."""
        if not (self.cost.data and self.margin.data):
            return True
        price, cost = (f.money(self.currency.data).minor for f in (self.price, self.cost))
        left = (price - cost) * 100 / price
        fits = abs(left - (number_in(self.margin.data) or 0)) <= ROUNDING
        return fits or fail(
            self.margin, _l("Price and cost leave %(margin)s%%. Correct one of the three, or leave the margin blank.", margin=f"{left:.1f}")
        )

    @property
    def is_blank(self) -> bool:
        return not (self.price.data or self.cost.data or self.margin.data)


class RequirementForm(RowForm):
    """One requirement; a wholly blank row is left out."""

    attribute = text(_l("Attribute"), LONGEST_NAME)
    operator = ChoiceField(_l("Comparison"), choices=choices(words.OPERATORS), default="ge")
    target = text(_l("Target"), 120)
    unit = text(_l("Unit"), 30)
    tolerance = text(_l("Tolerance"), 30)
    priority = ChoiceField(_l("Priority"), choices=choices(words.PRIORITIES), default="must")
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
        return bool(self.attribute.data) or fail(self.attribute, _l("Name the attribute, like “seat height”."))

    def _target_fits(self) -> bool:
        operator, target = self.operator.data, self.target.data or ""
        if not target:
            return fail(self.target, _l("Give the target."))
        if operator in ("eq", "le", "ge") and number_in(target) is None:
            return fail(self.target, _l("“%(value)s” is not a number; for words choose “is”.", value=target))
        if operator == "between" and not is_range(target):
            return fail(self.target, _l("Write the range as 90–100."))
        return True

    def _tolerance_fits(self) -> bool:
        tolerance = number_in(self.tolerance.data) if self.tolerance.data else 0
        fits = tolerance is not None and tolerance >= 0
        return fits or fail(self.tolerance, _l("“%(value)s” is not a tolerance, like 0.5.", value=self.tolerance.data))


def is_below_moq(first_order: int | None, moq: int | None) -> bool:
    return bool(first_order and moq and first_order < moq)


def is_backwards(launch_from: date | None, launch_to: date | None) -> bool:
    return bool(launch_from and launch_to and launch_to < launch_from)


class BriefFields(AppForm):
    """What every brief states, without its rows: also one line of an import."""

    title = text(_l("Title"), 200, required=True)
    type = ChoiceField(_l("Type"), choices=choices(words.TYPES), default="basic")
    segment = text(_l("Target segment"), 200)
    buyer_kind = ChoiceField(_l("Buyers"), choices=choices(words.BUYER_KINDS), default="consumer")
    scenario = ChoiceField(_l("Demand scenario"), choices=choices(words.SCENARIOS), default="small_wholesale")
    need = text(_l("Need beyond price"), LONG, area=True)
    reason_to_choose = text(_l("Reason to choose"), LONG, area=True)
    customisation = ChoiceField(_l("Customisation"), choices=choices(words.CUSTOMISATIONS), default="none")
    customisation_notes = text(_l("Customisation notes"), LONG, area=True)
    compliance = text(_l("Compliance needs"), LONG, area=True)
    first_order_quantity = quantity(_l("First order, units"))
    annual_quantity = quantity(_l("Volume per year, units"))
    moq = quantity(_l("MOQ, units"))
    launch_from = DateField(_l("Launch from"), [Optional(), sensible_date])
    launch_to = DateField(_l("Launch until"), [Optional(), sensible_date])

    def validate_first_order_quantity(self, field: WholeNumberField) -> None:
        if is_below_moq(field.data, self.moq.data):
            raise ValidationError(_l("The first order is smaller than the MOQ."))

    def validate_launch_to(self, field: DateField) -> None:
        if is_backwards(self.launch_from.data, field.data):
            raise ValidationError(_l("The launch window ends before it begins."))


class BriefForm(BriefFields):
    """A whole brief as the editor sends it."""

    programme_id = SelectField(_l("Programme"), coerce=int, validate_choice=True)
    version = WholeNumberField(widget=HiddenInput(), validators=[Optional()])
    targets = FieldList(FormField(TargetForm), _l("Targets"), max_entries=len(COMMON_CURRENCIES))
    requirements = FieldList(FormField(RequirementForm), _l("Requirements"), max_entries=200)

    def validate_targets(self, field: FieldList) -> None:
        currencies = [row.form.currency.data for row in field if not row.form.is_blank]
        if len(currencies) != len(set(currencies)):
            raise ValidationError(_l("Each currency may stand once."))


class UploadForm(Confirmation):
    """A file; the view reads it from the request."""

    also_expected = frozenset({"file"})


class ImportOptions(OptionsForm):
    """The programme that imported briefs belong to."""

    asked = ("programme_id",)
    programme_id = SelectField(_l("Programme"), [InputRequired(_l("Choose a programme."))], coerce=optional_id)

    @property
    def obstacle(self) -> tuple[Any, Any, str] | None:
        if self.programme_id.choices:
            return None
        return _l("A brief belongs to a programme. Begin one first."), _l("New programme"), "products.new_programme"


class ReferenceForm(AppForm):
    """A reference product."""

    name = text(_l("Name"), 200, required=True)
    maker = text(_l("Brand or maker"), 120)
    price = AmountField(_l("Price"), [InputRequired(_l("Give its price.")), check_amount])
    currency = ChoiceField(_l("Currency"), choices=CURRENCY, default="CNY")
    url = StringField(
        _l("Link"), [Optional(), Length(max=500), URL(require_tld=False, message=_l("This is not a link."))], filters=[stripped]
    )
    notes = text(_l("Notes"), LONG, area=True)

    def validate_url(self, field: StringField) -> None:
        if field.data and not field.data.startswith(("http://", "https://")):
            raise ValidationError(_l("A link starts with https://."))


class PointForm(RowForm):
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
        return fail(self.attribute, _l("Name the point, like “noise at 1 m”."))


class ClaimForm(AppForm):
    """A value claim with its comparisons."""

    kind = SelectField(_l("What is new"), choices=choices(words.CLAIM_KINDS))
    statement = text(_l("Claim"), 500, required=True, area=True)
    evidence = text(_l("Evidence"), LONG, area=True)
    points = FieldList(FormField(PointForm), _l("Comparisons"), max_entries=100)
