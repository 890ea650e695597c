"""The words for kinds of organisation, staff roles, scopes and themes; codes stay in the code."""

from typing import Any

from flask_babel import lazy_gettext as _l

KIND_LABELS: dict[str, Any] = {
    "brand": _l("Brand"),
    "factory": _l("Factory"),
    "design_firm": _l("Design firm"),
    "mould_factory": _l("Mould factory"),
    "brand_company": _l("Brand company"),
    "launch_partner": _l("Launch partner"),
    "investor": _l("Investor"),
    "operator": _l("Operator"),
}
STAFF_LABELS: dict[str, Any] = {"administrator": _l("Administrator"), "field_agent": _l("Field agent")}
ROLE_LABELS: dict[str, Any] = KIND_LABELS | STAFF_LABELS
SCOPE_LABELS: dict[str, Any] = {"read": _l("Read only"), "write": _l("Read and write")}
THEME_LABELS: dict[str, Any] = {"auto": _l("As the system"), "light": _l("Light"), "dark": _l("Dark")}
ORGANISATION_FIELDS: dict[str, Any] = {
    "name": _l("Full name"),
    "short_name": _l("Short name"),
    "kind": _l("Kind"),
    "country": _l("Country or region"),
    "city": _l("City"),
    "registration_number": _l("Registration number"),
    "website": _l("Website"),
}
EVERYDAY_COUNTRIES = (
    "CN",
    "HK",
    "TW",
    "US",
    "GB",
    "DE",
    "FR",
    "IT",
    "ES",
    "NL",
    "JP",
    "KR",
    "SG",
    "VN",
    "TH",
    "MY",
    "ID",
    "IN",
    "TR",
    "AU",
    "CA",
    "AE",
)


DIGEST_LABELS = {"weekly": _l("Every Monday"), "monthly": _l("The first Monday of a month"), "off": _l("Never")}


def role_label(role: str | None) -> Any:
    """The word for a role; the code itself for one that has no word ("system")."""
    return ROLE_LABELS.get(role or "", role or "")
