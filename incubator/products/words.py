"""The words for enum values of this package, once for every page, export and mail."""

from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.products.workflow import STATES

STAGE: dict[str, Any] = {state.name: state.label for state in STATES}
STAGE_TONE: dict[str, str] = {state.name: state.tone for state in STATES}
PRODUCT_TYPE: dict[str, Any] = {"basic": _l("Basic"), "hero": _l("Hero")}
PROGRAMME_TYPE: dict[str, Any] = {"consumer": _l("Consumer brand"), "supply_chain": _l("Supply-chain brand")}
RISK: dict[str, Any] = {"none": _l("Nothing planned"), "green": _l("On track"), "amber": _l("At risk"), "red": _l("Late")}
RISK_LEVELS: dict[str, str] = {"none": "none", "green": "low", "amber": "medium", "red": "late"}
KINDS: dict[str, Any] = {
    "brand": _l("Brand"),
    "factory": _l("Factory"),
    "design_firm": _l("Design firm"),
    "mould_factory": _l("Mould factory"),
    "brand_company": _l("Brand company"),
    "launch_partner": _l("Launch partner"),
    "investor": _l("Investor"),
    "operator": _l("Operator"),
    "administrator": _l("Administrator"),
    "field_agent": _l("Field agent"),
}
