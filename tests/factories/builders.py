"""Rows for the tests of factories."""

from datetime import timedelta
from typing import Any

from incubator.accounts.models import Organisation
from incubator.factories import words
from incubator.factories.audit_models import AuditCheck, FactoryAudit
from incubator.factories.evidence_models import Certificate
from incubator.factories.models import Capability, Factory, FactoryCategory, FactoryContact, OemEntry
from incubator.factories.uscc import with_check_character
from incubator.kernel import clock
from incubator.kernel.db import db
from tests.builders import put

_codes = iter(range(1, 10_000_000))


def a_code() -> str:
    """A valid social credit code of nobody."""
    return with_check_character(f"91330100MA{next(_codes):07d}")


def a_factory(
    state: str = "approved", *, brand: Organisation | None = None, organisation: Organisation | None = None, **values: Any
) -> Factory:
    """A factory with one category, one process and one contact, put into its state directly."""
    values.setdefault("name_zh", f"测试第{next(_codes)}制造有限公司")
    values.setdefault("uscc", a_code())
    values.setdefault("city", "慈溪")
    values.setdefault("address", "观海卫镇工业园 8 号")
    values.setdefault("short_name", "")
    factory = Factory(
        state=state,
        state_since=clock.now(),
        brought_by_id=brand.id if brand else None,
        organisation_id=organisation.id if organisation else None,
        **values,
    )
    factory.categories = [FactoryCategory(name="小家电")]
    factory.capabilities = [
        Capability(position=0, kind="process", name_zh="注塑", name_en="Injection moulding", monthly_capacity=50_000, moq=500, lead_days=20)
    ]
    factory.contacts = [FactoryContact(position=0, name="王厂长", phone="139-secret-phone", email="wang@secret.example")]
    put(factory)
    db.session.refresh(factory)
    return factory


def a_certificate(factory: Factory, days: int = 200, state: str = "valid", kind: str = "iso_9001", **values: Any) -> Certificate:
    """A certificate that runs out in `days` days."""
    expires_on = values.pop("expires_on", clock.today("Asia/Shanghai") + timedelta(days=days))
    return put(
        Certificate(
            factory=factory, kind=kind, number="C-1", issuer="SGS", expires_on=expires_on, state=state, state_since=clock.now(), **values
        )
    )


def an_audit(
    factory: Factory, state: str = "planned", score: int | None = None, brand: Organisation | None = None, **values: Any
) -> FactoryAudit:
    """A quality audit of today; every check has `score` when one is given."""
    values.setdefault("audited_on", clock.today("Asia/Shanghai"))
    audit = FactoryAudit(
        factory=factory,
        kind="quality",
        auditor="李工",
        state=state,
        state_since=clock.now(),
        ordered_by_id=brand.id if brand else None,
        **values,
    )
    audit.checks = [AuditCheck(code=code, score=score) for code in words.CHECKS["quality"]]
    return put(audit)


def an_oem_entry(factory: Factory, client: str = "Secret Client Inc", *, confidential: bool = True, checked: bool = False) -> OemEntry:
    return put(
        OemEntry(
            factory=factory, client=client, category="3C", from_year=2019, to_year=2023, is_confidential=confidential,
            checked_at=clock.now() if checked else None,
        )
    )  # fmt: skip
