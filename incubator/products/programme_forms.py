"""The programme form: objectives with key results as one flat table, and the plan of spend by month. Blank rows are ignored."""

import math
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FieldList, FloatField, FormField, MonthField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from incubator.kernel.forms import AppForm, RowForm, WholeNumberField
from incubator.kernel.money import COMMON_CURRENCIES, Money
from incubator.products import words
from incubator.products.forms import Version, optional_id, sensible_date, stripped, text

PLAIN = ("name", "code", "type", "owner_id", "purpose", "milestones_note", "starts_on", "horizon_years", "currency")
BLANK_ROWS = 3
MOST_ROWS = 120
LARGEST = 1e12


class Amount(StringField):
    """An amount in major units ("1,200.50"), not negative; blank is zero."""

    def minor(self, currency: str) -> int:
        """Minor units of `currency`; ValueError when it is no such amount."""
        amount = Money.parse(self.data or "0", currency)
        if amount.minor < 0:
            raise ValueError("negative")
        return amount.minor


def amount(label: Any) -> Amount:
    return Amount(label, [Optional(), Length(max=30)], filters=[stripped])


def finite(_form: Any, field: FloatField) -> None:
    """Form validator: a number that people could have meant."""
    if field.data is not None and not (math.isfinite(field.data) and abs(field.data) <= LARGEST):
        raise ValidationError(_l("Enter a number between −10¹² and 10¹²."))


class KeyResultRow(RowForm):
    """One line of the table; an empty objective continues the one above."""

    objective = text(_l("Objective"), 300)
    name = text(_l("Key result"), 300)
    unit = text(_l("Unit"), 30)
    start = FloatField(_l("Start value"), [Optional(), finite])
    target = FloatField(_l("Goal"), [Optional(), finite])
    current = FloatField(_l("Now"), [Optional(), finite])
    due_on = DateField(_l("By"), [Optional(), sensible_date])

    @property
    def is_blank(self) -> bool:
        return not (self.objective.data or self.name.data)


class BurnRow(RowForm):
    month = MonthField(_l("Month"), validators=[Optional(), sensible_date])
    planned = amount(_l("Planned spend"))
    spent = amount(_l("Spent"))
    revenue = amount(_l("Revenue"))

    @property
    def is_blank(self) -> bool:
        return self.month.data is None and not any(f.data for f in (self.planned, self.spent, self.revenue))


class ProgrammeForm(AppForm):
    """Create and edit a programme."""

    name = text(_l("Name"), 200, required=True)
    code = StringField(
        _l("Code"),
        [Optional(), Length(max=30), Regexp(r"[\w./-]+\Z", message=_l("Letters, figures, hyphen, dot and slash only."))],
        filters=[stripped],
    )
    type = SelectField(_l("Type"), choices=list(words.PROGRAMME_TYPE.items()))
    owner_id = SelectField(_l("Owner"), coerce=optional_id)
    purpose = text(_l("Purpose"), 4000, area=True, description=_l("What buyers lack, and why nobody gives it to them yet."))
    milestones_note = text(
        _l("Niches and model milestones"), 4000, area=True,
        description=_l("Which new niches this should create, and what would show that another factory can repeat the model."),
    )  # fmt: skip
    starts_on = DateField(_l("Starts on"), [InputRequired(_l("Choose a date.")), sensible_date])
    horizon_years = WholeNumberField(_l("Horizon in years"), [InputRequired(_l("Enter 1 to 10 years.")), NumberRange(1, 10)], default=3)
    currency = SelectField(_l("Currency"), choices=[(c, c) for c in COMMON_CURRENCIES], default="CNY")
    budget = amount(_l("Budget"))
    spread = BooleanField(_l("Spread the budget evenly over the months of the horizon"))
    results = FieldList(FormField(KeyResultRow), _l("Key results"), max_entries=MOST_ROWS)
    burn = FieldList(FormField(BurnRow), _l("Spend by month"), max_entries=MOST_ROWS)

    def add_blank_rows(self) -> None:
        """Room for more without a script; a script adds further rows."""
        for rows in (self.results, self.burn):
            for _ in range(min(BLANK_ROWS, MOST_ROWS - len(rows.entries))):
                rows.append_entry()

    def validate(self, extra_validators: Any = None) -> bool:
        """The rows' own checks, then the amounts, which need the currency."""
        fine = super().validate(extra_validators)
        return bool(self._check_amounts() and self._check_rows() and fine)

    def _check_amounts(self) -> bool:
        fields = [self.budget, *(f for row in self.burn for f in (row.form.planned, row.form.spent, row.form.revenue))]
        return all([_is_amount(field, self.currency.data) for field in fields])  # noqa: C419 - every wrong field is to be marked, not only the first

    def _check_rows(self) -> bool:
        rows = [row.form for row in self.results if not row.form.is_blank]
        fine = not rows or bool(rows[0].objective.data)
        if not fine:
            rows[0].objective.errors = [_l("Name the objective first.")]
        for row in rows:
            if row.name.data and row.target.data is None:
                row.target.errors, fine = [*row.target.errors, _l("Enter the number to reach.")], False
        return fine and self._check_months()

    def _check_months(self) -> bool:
        seen, fine = set(), True
        for row in (r.form for r in self.burn if not r.form.is_blank):
            if row.month.data is None or row.month.data in seen:
                row.month.errors, fine = [*row.month.errors, _l("Enter each month once.")], False
            seen.add(row.month.data)
        return fine


class EditProgrammeForm(ProgrammeForm):
    version = Version()


def _is_amount(field: Amount, currency: str) -> bool:
    try:
        field.minor(currency)
    except ValueError:
        field.errors = [*field.errors, _l("Enter an amount of at least zero, such as 1200.50.")]
        return False
    return True


def rows_of(form: ProgrammeForm) -> list[dict[str, Any]]:
    """The filled key-result rows as plain values, each with the objective that it continues."""
    objective, rows = "", []
    for row in (r.form for r in form.results if not r.form.is_blank):
        objective = row.objective.data or objective
        rows.append({**{n: getattr(row, n).data for n in ("name", "unit", "start", "target", "current", "due_on")}, "objective": objective})
    return rows


def burn_of(form: ProgrammeForm) -> list[dict[str, Any]]:
    """The filled months as minor units of the form's currency."""
    currency = form.currency.data
    return [
        {
            "month": r.month.data,
            "planned_minor": r.planned.minor(currency),
            "spent_minor": r.spent.minor(currency),
            "revenue_minor": r.revenue.minor(currency),
        }
        for r in (row.form for row in form.burn)
        if not r.is_blank
    ]


def filled_from(programme: Any) -> dict[str, Any]:
    """A programme as the form's data."""
    results = []
    for objective in programme.objectives:
        named = objective.title
        for kr in objective.key_results or [None]:
            results.append(
                {
                    "objective": named,
                    **({n: getattr(kr, n) for n in ("name", "unit", "start", "target", "current", "due_on")} if kr else {}),
                }
            )
            named = ""
    burn = [
        {"month": b.month, **{n: str(Money(getattr(b, f"{n}_minor"), programme.currency).major) for n in ("planned", "spent", "revenue")}}
        for b in programme.burn
    ]
    plain = {name: getattr(programme, name) for name in PLAIN}
    return {**plain, "version": programme.version, "results": results, "burn": burn, "budget": str(programme.budget.major)}
