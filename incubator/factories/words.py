"""The words for a factory's choices, one table each, for forms, pages, exports and import alike."""

from typing import Any

from flask_babel import lazy_gettext as _l

CAPABILITIES: dict[str, Any] = {"process": _l("Process"), "material": _l("Material"), "line": _l("Production line")}
UNITS: dict[str, Any] = {
    "piece": _l("pieces"),
    "pair": _l("pairs"),
    "set": _l("sets"),
    "metre": _l("metres"),
    "square_metre": _l("m²"),
    "kilogram": _l("kg"),
    "tonne": _l("tonnes"),
    "mould": _l("moulds"),
}
CERTIFICATES: dict[str, Any] = {
    "iso_9001": "ISO 9001",
    "iso_14001": "ISO 14001",
    "iso_45001": "ISO 45001",
    "iatf_16949": "IATF 16949",
    "iso_13485": "ISO 13485",
    "bsci": "amfori BSCI",
    "sedex_smeta": "Sedex SMETA",
    "sa_8000": "SA8000",
    "oeko_tex": "OEKO-TEX",
    "gots": "GOTS",
    "grs": "GRS",
    "fsc": "FSC",
    "ccc": "CCC",
    "ce": "CE",
    "fda": "FDA",
    "production_licence": _l("Production licence"),
    "fire_safety": _l("Fire safety approval"),
    "environment": _l("Environmental approval"),
    "other": _l("Other"),
}
TIERS: dict[str, Any] = {"super": _l("Super Factory"), "treasure": _l("Treasure Factory"), "gold": _l("Gold Manufacturing")}
MEASURES: dict[str, Any] = {
    "valid_certificates": _l("Valid certificates"),
    "audit_score": _l("Score of the last passed audit, within a year, %"),
    "checked_clients": _l("Clients checked by the platform"),
    "capabilities": _l("Capabilities with a monthly capacity"),
    "staff_count": _l("Staff"),
    "years": _l("Years since founding"),
    "open_serious_findings": _l("Open critical and major findings"),
    "export_share": _l("Share exported, %"),
}
AUDIT_KINDS: dict[str, Any] = {
    "quality": _l("Quality system"),
    "social": _l("Social responsibility"),
    "process": _l("Process and capacity"),
    "safety": _l("Fire and work safety"),
}
SEVERITIES: dict[str, Any] = {"critical": _l("Critical"), "major": _l("Major"), "minor": _l("Minor")}
SEVERITY_TONES = {"critical": "bad", "major": "warn", "minor": "neutral"}
SOURCES: dict[str, Any] = {"manual": _l("Entered by hand"), "own": _l("Begun by the factory"), "import": _l("From a supplier list")}
CHECKS: dict[str, dict[str, Any]] = {
    "quality": {
        "incoming": _l("Incoming goods are inspected and held apart until released"),
        "in_process": _l("Checks at every step, with records at the line"),
        "final": _l("Final inspection by AQL before packing"),
        "measuring": _l("Measuring tools are calibrated and in date"),
        "nonconforming": _l("Defective goods are marked, kept apart and decided on"),
        "trace": _l("A lot can be traced from material to carton"),
        "samples": _l("Sealed samples and current specifications hang at the line"),
        "corrective": _l("Causes are found, and corrective actions are closed"),
    },
    "social": {
        "age": _l("Nobody is below the legal age; papers are on file"),
        "hours": _l("Working hours are recorded and within the law"),
        "wages": _l("Wages and social insurance are paid in full and on time"),
        "freedom": _l("Work is free; no papers or deposits are kept"),
        "voice": _l("Workers can complain without fear"),
        "dormitory": _l("Dormitory and canteen are clean and safe"),
        "subcontract": _l("Subcontracted work is declared"),
    },
    "process": {
        "machines": _l("The machines that were stated are there and running"),
        "capacity": _l("The stated monthly capacity is borne out by records"),
        "moulds": _l("Moulds and tools are numbered and maintained"),
        "planning": _l("Production is planned by order, and lateness is seen early"),
        "small_runs": _l("Small runs and changeovers are practised"),
        "development": _l("Samples are made in house, with engineers who can read a drawing"),
        "warehouse": _l("Material and goods are stored dry, off the floor and by lot"),
    },
    "safety": {
        "exits": _l("Exits are open, lit and marked"),
        "fire": _l("Extinguishers and hydrants are in date and within reach"),
        "drills": _l("Fire drills are held and recorded"),
        "electric": _l("Wiring and switch boxes are safe"),
        "chemicals": _l("Chemicals are labelled, with data sheets and protection"),
        "guards": _l("Machines have guards, and people wear protection"),
        "first_aid": _l("First aid is at hand, and somebody knows it"),
    },
}
CODES: dict[str, dict[str, Any]] = {"kind": CAPABILITIES, "unit": UNITS}
REASONS: dict[str, Any] = {
    "same_uscc": _l("The social credit code is the same: %(value)s."),
    "other_uscc": _l("The social credit codes are valid and differ."),
    "no_common_name": _l("The names are not given in the same language."),
    "name": _l("The names are alike by %(value)s%%, without legal form and trade."),
    "address": _l("The addresses are alike by %(value)s%%."),
    "no_address": _l("One of the addresses is missing."),
    "other_country": _l("The countries differ: %(value)s."),
    "other_city": _l("The cities differ: %(value)s."),
    "same_marks": _l("Both name the same site: %(value)s."),
    "other_marks": _l("The names tell two sites apart: %(value)s."),
    "one_mark": _l("One name has a site number that the other lacks: %(value)s."),
    "other_numbers": _l("The house numbers differ: %(value)s."),
}
AGAINST = frozenset(
    {"other_uscc", "no_common_name", "no_address", "other_country", "other_city", "other_marks", "one_mark", "other_numbers"}
)
ACTS: dict[str, Any] = {
    "factory.create": _l("entered the factory %(name)s"),
    "factory.publish": _l("changed the profile of a factory"),
    "factory.link": _l("connected a factory with its organisation"),
    "factory.entrust": _l("entrusted a factory to a field agent"),
    "factory.visit": _l("recorded a visit to a factory"),
    "factory.release": _l("took a factory out of a field agent's care"),
    "factory.oem_add": _l("added to the OEM history of a factory"),
    "factory.oem_check": _l("checked an entry of the OEM history"),
    "factory.oem_remove": _l("took an entry out of the OEM history"),
    "factory.certificate_add": _l("added a certificate"),
    "factory.tier_grant": _l("gave a factory a tier"),
    "factory_audit.plan": _l("planned an audit"),
    "factory_audit.score": _l("scored an audit"),
    "factory_audit.finding": _l("noted a finding of an audit"),
    "factory_audit.close_finding": _l("closed a finding of an audit"),
}


def reason_text(code: str, value: Any) -> str:
    """One reason for or against a duplicate as a sentence."""
    return str(REASONS[code]) % {"value": value}


def certificate(kind: str, title: str = "") -> str:
    """The name of a certificate; another one is named by its title."""
    return title if kind == "other" and title else str(CERTIFICATES[kind])
