"""The forms of evidence: certificates, OEM history, audits with scores and findings."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FieldList, FormField, SelectField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from incubator.briefs.fields import LONG, choices, text
from incubator.factories import words
from incubator.factories.forms import FIRST_YEAR, LAST_YEAR, whole
from incubator.kernel.forms import AppForm, ChoiceField, RowForm, WholeNumberField
from incubator.products.forms import sensible_date


class CertificateForm(AppForm):
    """A certificate; its last day is required, because what has no end cannot be trusted to have one."""

    also_expected = frozenset({"file"})
    kind = ChoiceField(_l("Certificate"), choices=choices(words.CERTIFICATES))
    title = text(_l("Its name, if it is another"), 120)
    number = text(_l("Number"), 80, required=True)
    issuer = text(_l("Issued by"), 120, required=True)
    valid_from = DateField(_l("Valid from"), [Optional()])
    expires_on = DateField(_l("Valid until"), [InputRequired(_l("Give the last day on which it is valid.")), sensible_date])

    def validate_expires_on(self, field: DateField) -> None:
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(_l("It ends before it begins."))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.kind.data == "other" and not self.title.data:
            self.title.errors = [_l("Name the certificate.")]
            return False
        return valid


class OemForm(AppForm):
    """A client of the factory."""

    client = text(_l("Client"), 200, required=True)
    category = text(_l("What was made"), 80)
    from_year = WholeNumberField(_l("From year"), [InputRequired(_l("Give the first year.")), NumberRange(FIRST_YEAR, LAST_YEAR)])
    to_year = whole(_l("To year"), FIRST_YEAR, LAST_YEAR)
    is_confidential = BooleanField(_l("Confidential: the name is shown to nobody but us and the platform's staff"))

    def validate_to_year(self, field: WholeNumberField) -> None:
        if field.data and self.from_year.data and field.data < self.from_year.data:
            raise ValidationError(_l("It ends before it begins."))


class AuditForm(AppForm):
    """An audit to plan."""

    kind = ChoiceField(_l("Kind of audit"), choices=choices(words.AUDIT_KINDS))
    audited_on = DateField(_l("Day"), [InputRequired(_l("Give the day.")), sensible_date])
    auditor = text(_l("Auditor"), 120, required=True)


SCORES = [("", "–"), *[(str(n), str(n)) for n in range(6)], ("na", _l("does not apply"))]


class CheckForm(RowForm):
    """The score of one check."""

    code = StringField(widget=HiddenInput())
    score = SelectField(_l("Score"), choices=SCORES, default="")
    note = text(_l("Note"), 500)


class ScoresForm(AppForm):
    """All scores of an audit."""

    checks = FieldList(FormField(CheckForm), _l("Checklist"), max_entries=40)
    version = WholeNumberField(widget=HiddenInput(), validators=[Optional()])

    def scores(self) -> dict[str, dict[str, Any]]:
        """The scores by the code of their check."""
        rows = ((row.form.code.data, row.form.score.data, row.form.note.data) for row in self.checks)
        return {
            code: {"score": int(score) if score.isdigit() else None, "does_not_apply": score == "na", "note": note}
            for code, score, note in rows
        }


class FindingForm(AppForm):
    """A finding with the day by which it is mended."""

    severity = ChoiceField(_l("Severity"), choices=choices(words.SEVERITIES), default="minor")
    text = text(_l("What is wrong"), LONG, required=True, area=True)
    due_on = DateField(_l("To be mended by"), [InputRequired(_l("Give the day.")), sensible_date])


class ClosingForm(AppForm):
    """How a finding was mended."""

    note = text(_l("How it was mended"), 2000, required=True, area=True)


class ReportForm(AppForm):
    """The report as a file; the view reads it from the request."""

    also_expected = frozenset({"file"})


class VisitForm(AppForm):
    """A visit: what was solved there, and what it brought back."""

    visited_on = DateField(_l("Day of the visit"), [InputRequired(_l("Give the day.")), sensible_date])
    problem_id = SelectField(_l("Problem solved"), coerce=lambda value: int(value) if value else None, default="")
    found = text(_l("Found and solved there"), 2000, area=True)
    how = text(_l("How it was solved"), 2000, required=True, area=True)
    brought = text(_l("Problem brought back"), 2000, required=True, area=True)
    note = text(_l("Note"), 2000, area=True)

    def values(self) -> dict[str, Any]:
        return {name: self[name].data for name in ("visited_on", "problem_id", "found", "how", "brought", "note")}
