"""The forms of commitments and tranches. Amounts are text until the currency is known; every number and date is bounded."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FieldList, FormField, SelectField
from wtforms.validators import InputRequired, Optional

from incubator.briefs.fields import CURRENCY, AmountField, check_amount, fail
from incubator.investors import words
from incubator.kernel.forms import AppForm, RowForm
from incubator.products import words as product_words
from incubator.products.forms import Version, optional_id, sensible_date, text

MOST_CONDITIONS = 10
CHOOSE = ("", _l("Choose…"))
STAGES = [CHOOSE, *((name, label) for name, label in product_words.STAGE.items() if name not in ("signal", "stopped"))]


def day(label: Any, **options: Any) -> DateField:
    return DateField(label, [InputRequired(_l("Choose a date.")), sensible_date], **options)


class CommitmentForm(AppForm):
    """What an investor signed."""

    investor_id = SelectField(_l("Investor"), coerce=optional_id, validators=[InputRequired(_l("Choose an investor."))])
    reference = text(_l("Contract number"), 60, required=True)
    currency = SelectField(_l("Currency"), choices=CURRENCY, default="CNY")
    amount = AmountField(_l("Amount"), [InputRequired(_l("Enter an amount.")), check_amount])
    signed_on = day(_l("Signed on"))
    contact = text(_l("Contact"), 200, description=_l("Whom to call about this commitment."))
    terms = text(_l("Terms"), 8000, area=True, description=_l("Read by you and this investor, and by nobody else."))


class EditCommitmentForm(CommitmentForm):
    version = Version()
    investor_id = None  # who signed does not change


class ConditionRow(RowForm):
    """One condition; a row without a kind is left out."""

    kind = SelectField(_l("What must hold"), choices=[CHOOSE, *words.CONDITIONS.items()], validators=[Optional()])
    product_id = SelectField(_l("Product"), coerce=optional_id, validators=[Optional()])
    stage = SelectField(_l("Stage"), choices=STAGES, validators=[Optional()])
    on_date = DateField(_l("Day"), [Optional(), sensible_date])

    def validate(self, extra_validators: Any = None) -> bool:
        """Each kind needs its own fields."""
        fine = super().validate(extra_validators)
        if not self.kind.data:
            return fine
        if self.kind.data == "date":
            return fine and (self.on_date.data is not None or fail(self.on_date, _l("Choose a date.")))
        if self.product_id.data is None:
            fine = fail(self.product_id, _l("Choose a product."))
        if self.kind.data == "stage" and not self.stage.data:
            fine = fail(self.stage, _l("Choose a stage."))
        return fine

    @property
    def values(self) -> dict[str, Any]:
        kind = self.kind.data
        return {
            "kind": kind,
            "product_id": self.product_id.data if kind != "date" else None,
            "stage": self.stage.data if kind == "stage" else None,
            "on_date": self.on_date.data if kind == "date" else None,
        }


class TrancheForm(AppForm):
    """A part of a commitment and what it waits for."""

    name = text(_l("Name"), 120, required=True, description=_l("For example: second tranche, after the value gate."))
    amount = AmountField(_l("Amount"), [InputRequired(_l("Enter an amount."))])
    due_on = day(_l("Expected on"))
    conditions = FieldList(FormField(ConditionRow), _l("Conditions"), max_entries=MOST_CONDITIONS)

    def offer(self, products: list[tuple[int, str]]) -> None:
        """Give every row the products that may be chosen."""
        for row in self.conditions:
            row.form.product_id.choices = [CHOOSE, *products]

    def add_blank_rows(self, products: list[tuple[int, str]], number: int = 1) -> None:
        """Room for more without a script; a script adds further rows."""
        for _ in range(min(number, MOST_CONDITIONS - len(self.conditions.entries))):
            self.conditions.append_entry()
        self.offer(products)

    @property
    def condition_values(self) -> list[dict[str, Any]]:
        return [row.form.values for row in self.conditions if row.form.kind.data]


class EditTrancheForm(TrancheForm):
    version = Version()


class ProposalForm(AppForm):
    """The payment as the bank shows it."""

    paid_on = day(_l("Paid on"))
    amount = AmountField(_l("Amount"), [InputRequired(_l("Enter an amount."))])
    bank_reference = text(_l("Bank reference"), 80, required=True)
    version = Version()


class StepForm(AppForm):
    """A step of a tranche or a report, with the version that its page showed."""

    note = text(_l("Reason"), 2000, area=True)
    version = Version()
