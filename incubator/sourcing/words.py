"""The words of sourcing, one table each, for forms, pages, PDF, exports and the activity of a product."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import format_datetime
from flask_babel import lazy_gettext as _l

from incubator.briefs.words import OPERATORS, PRIORITIES, SCENARIOS
from incubator.kernel import i18n

__all__ = ["OPERATORS", "PRIORITIES", "SCENARIOS"]

# The names of the rules in Incoterms® 2020.
INCOTERMS = {
    "EXW": _l("EXW – ex works"),
    "FCA": _l("FCA – free carrier"),
    "FAS": _l("FAS – free alongside ship"),
    "FOB": _l("FOB – free on board"),
    "CFR": _l("CFR – cost and freight"),
    "CIF": _l("CIF – cost, insurance and freight"),
    "CPT": _l("CPT – carriage paid to"),
    "CIP": _l("CIP – carriage and insurance paid to"),
    "DAP": _l("DAP – delivered at place"),
    "DPU": _l("DPU – delivered at place unloaded"),
    "DDP": _l("DDP – delivered duty paid"),
}
ZONES = {
    "Asia/Shanghai": _l("Shanghai"),
    "Asia/Hong_Kong": _l("Hong Kong"),
    "Asia/Tokyo": _l("Tokyo"),
    "Asia/Ho_Chi_Minh": _l("Ho Chi Minh City"),
    "Asia/Kolkata": _l("Kolkata"),
    "Europe/Berlin": _l("Berlin"),
    "Europe/London": _l("London"),
    "America/New_York": _l("New York"),
    "America/Los_Angeles": _l("Los Angeles"),
    "UTC": _l("UTC"),
}
VERDICTS = {"meets": _l("Meets it"), "deviates": _l("Deviates")}
MOULD_OWNERS = {"brand": _l("The brand"), "factory": _l("The factory"), "shared": _l("Shared")}
PAYMENT_TERMS = {
    "deposit_30": _l("30% deposit, 70% before shipment"),
    "deposit_50": _l("50% deposit, 50% before shipment"),
    "prepaid": _l("Paid in advance"),
    "on_delivery": _l("On delivery"),
    "net_30": _l("Net 30 days"),
    "net_60": _l("Net 60 days"),
    "net_90": _l("Net 90 days"),
    "letter_of_credit": _l("Letter of credit"),
}
DUTY_BASES = {"cif": _l("CIF value (EU, UK, China …)"), "fob": _l("FOB value (USA …)")}
PRICE_BANDS = {
    "lowest": _l("Your landed cost was not above the awarded range."),
    "under_5": _l("Your landed cost was up to 5% above the awarded range."),
    "under_10": _l("Your landed cost was 5 to 10% above the awarded range."),
    "under_20": _l("Your landed cost was 10 to 20% above the awarded range."),
    "over_20": _l("Your landed cost was more than 20% above the awarded range."),
    "none": _l("Your offer could not be compared at the quantity that decided."),
}
ADDENDUM_KINDS = {"issue": _l("Issued"), "reissue": _l("Re-issued"), "extension": _l("Deadline extended")}
ASKED = {
    "title": _l("Title"), "scenario": _l("Scenario"), "quantity_1": _l("Smallest quantity"), "quantity_2": _l("Middle quantity"),
    "quantity_3": _l("Largest quantity"), "incoterm": _l("Incoterm"), "destination": _l("Destination"), "tooling_wanted": _l("Tooling"),
    "tooling_note": _l("What tooling"), "sample_due_on": _l("Sample wanted by"), "deadline": _l("Deadline"), "deadline_zone": _l("Time zone"),
    "currencies": _l("Currencies"), "technical_threshold": _l("Technical threshold"), "note": _l("Note to the factories"),
    "requirements": _l("Requirements"), "criteria": _l("Criteria"), "documents": _l("Documents"),
}  # fmt: skip
ACTS: dict[str, Any] = {
    "rfq.create": _l("wrote the enquiry %(code)s"),
    "rfq.save": _l("changed the enquiry"),
    "rfq.invite": _l("asked %(organisation)s for a quotation"),
    "rfq.uninvite": _l("took %(organisation)s off the enquiry"),
    "rfq.attach": _l("attached the file %(file)s to the enquiry"),
    "rfq.issue": _l("issued the enquiry"),
    "rfq.reissue": _l("re-issued the enquiry"),
    "rfq.extend": _l("extended the deadline of the enquiry"),
    "rfq.close": _l("closed the enquiry"),
    "rfq.lapse": _l("closed the enquiry at its deadline"),
    "rfq.answer": _l("answered a question"),
    "rfq.publish": _l("answered all invited factories"),
    "rfq.basis": _l("changed the rates of landed cost"),
    "rfq.start_review": _l("started the technical review"),
    "rfq.reviewers": _l("changed who reviews"),
    "rfq.score": _l("scored a quotation"),
    "rfq.open": _l("opened the prices"),
    "rfq.award": _l("awarded the enquiry"),
    "rfq.cancel": _l("cancelled the enquiry"),
    "quotation.ask": _l("asked a question"),
    "quotation.start": _l("started a quotation"),
    "quotation.decline": _l("declined to quote"),
    "quotation.submit": _l("submitted a quotation"),
    "quotation.revise": _l("submitted a revised quotation"),
    "quotation.confirm": _l("confirmed the quotation"),
    "quotation.withdraw": _l("withdrew the quotation"),
    "quotation.attach": _l("attached a file to the quotation"),
    "quotation.detach": _l("removed a file from the quotation"),
    "quotation.win": _l("closed a quotation as won"),
    "quotation.lose": _l("closed a quotation as not chosen"),
    "quotation.expire": _l("let a quotation expire"),
}


def target(row: Any) -> str:
    """A requirement's target as people write it: "≥ 120 kg", "45 ± 2 dB"."""
    sign = "" if row.operator in ("is", "between") else f"{OPERATORS[row.operator]} "
    spread = f" ± {row.tolerance}" if row.tolerance else ""
    return f"{sign}{row.target}{spread}" + (f" {row.unit}" if row.unit else "")


def at(moment: datetime, zone: str) -> str:
    """A deadline where it is meant: day, hour and the name of the place."""
    text = format_datetime(moment.astimezone(ZoneInfo(zone)), i18n.MOMENT_FORMATS[i18n.language()], rebase=False)
    return f"{text} ({ZONES.get(zone, zone)})"
