"""Case 31 for decimal fields: whatever Python takes for a number, and people do not write, is refused beside its field."""

import pytest
from werkzeug.datastructures import MultiDict

from incubator.accounts.forms import RateForm
from incubator.codevelopment import agreement_forms, forms

BACKENDS = ("sqlite",)
STRANGE = ["NaN", "sNaN", "-NaN", "Infinity", "-Infinity", "1e999999", "1e400", "1e99999999999", "9" * 400, "1_0", "0x10", "1e2", ".."]


@pytest.mark.parametrize("typed", STRANGE)
def test_case_31_no_decimal_field_takes_what_is_no_plain_number(app, typed):
    item = {"kind": "mould", "title": "模具", "owners-0-organisation_id": "1", "owners-0-share": typed}
    with app.test_request_context(method="POST"):
        form = agreement_forms.ItemForm(formdata=MultiDict(item), meta={"csrf": False})
        for owner in form.owners:
            owner.form.organisation_id.choices = [("", ""), (1, "x")]
        assert not form.validate() and form.owners[0].form.share.errors
        for kind, fields in _forms(typed):
            made = kind(formdata=MultiDict(fields), meta={"csrf": False})
            assert not made.validate() and any(typed in str(f.raw_data) for f in made if f.errors), kind


def _forms(typed):
    promised = {"kind": "design_hours", "description": "t", "currency": "CNY", "hourly": "90", "quantity": typed}
    yield agreement_forms.AmountForm, promised
    yield agreement_forms.DeliverForm, {"currency": "CNY", "delivered_on": "2026-01-01", "quantity": typed}
    place = {"file_id": "1", "shape": "rectangle", "x": "1", "y": "1", "width": "5", "height": "5", "body": "缝线"}
    for name in ("x", "y", "width", "height"):
        yield forms.AnnotationForm, {**place, name: typed}
    yield RateForm, {"base": "USD", "quote": "CNY", "on_date": "2026-01-01", "source": "PBOC", "rate": typed}


@pytest.mark.parametrize(("typed", "kept"), [("12.5", 1250), (" 3 ", 300), ("0.01", 1), ("100", 10_000)])
def test_plain_numbers_are_taken(app, typed, kept):
    with app.test_request_context(method="POST"):
        fields = {"kind": "design_hours", "description": "t", "currency": "CNY", "hourly": "90", "quantity": typed}
        form = agreement_forms.AmountForm(formdata=MultiDict(fields), meta={"csrf": False})
        assert form.validate() and form.amounts()["quantity_hundredths"] == kept
