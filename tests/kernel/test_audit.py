"""Case 46 in part: the audit trail only grows, and tampering is named."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from incubator.kernel import audit, clock
from incubator.kernel.actor import SYSTEM
from incubator.kernel.audit import AuditEntry
from incubator.kernel.money import ExchangeRate


def a_rate() -> ExchangeRate:
    return ExchangeRate(base="USD", quote="CNY", on_date=date(2026, 11, 1), rate_e8=712_000_000, source="a test")


def write_entries(session, count: int = 3) -> None:
    rate = a_rate()
    session.add(rate)
    for number in range(count):
        audit.record("rate.enter", rate, SYSTEM, clock.now(), number=number)
    session.commit()


def test_entries_form_a_chain(session):
    write_entries(session)
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [e.previous_hash for e in entries] == [audit.GENESIS, entries[0].hash, entries[1].hash]
    assert audit.first_broken() is None


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET note = 'x'", "DELETE FROM audit_entry"])
def test_case_46_audit_rows_are_append_only(session, statement):
    write_entries(session)
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))
    session.rollback()
    assert audit.length() == 3
