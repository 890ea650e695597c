"""Case 31 for days: a partner that promises something for the year 9999 would break the brand's calendar, and one of the year 1 its history."""

import pytest
from wtforms import DateField
from wtforms.fields.core import UnboundField

from incubator.feedback.models import FeedbackAction
from incubator.kernel.forms import AppForm, RowForm
from incubator.products.forms import sensible_date
from tests.builders import sign_in
from tests.feedback.builders import Desk

BACKENDS = ("sqlite",)
BOUNDED_OTHERWISE = {
    "CertificateForm.valid_from": "old certificates; nothing is planned by it",
    "RateForm.on_date": "not after today",
}


def every(kind):
    for made in kind.__subclasses__():
        yield made
        yield from every(made)


def test_case_31_every_day_that_is_asked_for_lies_in_this_century(app):
    loose = set()
    for form in {*every(AppForm), *every(RowForm)}:
        for name, field in vars(form).items():
            if isinstance(field, UnboundField) and field.field_class is DateField:
                checks = [*(field.kwargs.get("validators") or ()), *(c for a in field.args if isinstance(a, list | tuple) for c in a)]
                if sensible_date not in checks:
                    loose.add(f"{form.__name__}.{name}")
    assert loose == set(BOUNDED_OTHERWISE)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2101-01-01"])
def test_case_31_a_factory_cannot_promise_for_a_day_beyond_all_calendars(app, session, day):
    desk = Desk()
    pack = desk.pack("read")
    fields = {"step": "acknowledge", "drafts": pack.drafts}
    for n, section in enumerate(pack.sections):
        fields |= {
            f"answers-{n}-section_id": section.id,
            f"answers-{n}-choice": "reorder",
            f"answers-{n}-quantity": 9,
            f"answers-{n}-on": day,
        }
    session.commit()
    answer = sign_in(app.test_client(), desk.maker).post(f"/feedback/packs/{pack.id}/answers", data=fields)
    assert answer.status_code == 422
    session.rollback()
    assert session.query(FeedbackAction).count() == 0
