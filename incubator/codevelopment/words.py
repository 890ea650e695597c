"""The words of co-development, one table each, for pages, forms, PDF, exports and the activity."""

from typing import Any

from flask_babel import lazy_gettext as _l

KINDS: dict[str, Any] = {
    "concept": _l("Concept"),
    "industrial_design": _l("Industrial design"),
    "cmf": _l("Colour, material, finish (CMF)"),
    "structure": _l("Structure"),
    "tech_pack": _l("Tech pack"),
    "specification": _l("Specification"),
    "bom": _l("Bill of materials (BOM)"),
    "mould_drawing": _l("Mould drawing"),
    "mould_trial_t0": _l("Mould trial T0"),
    "mould_trial_t1": _l("Mould trial T1"),
    "mould_trial_t2": _l("Mould trial T2"),
    "packaging": _l("Packaging"),
    "artwork": _l("Artwork"),
    "other": _l("Other"),
}
OUTCOMES: dict[str, Any] = {"accept": _l("Accepted"), "ask_changes": _l("Changes asked")}
DIFFERENCES: dict[str, Any] = {"added": _l("New"), "changed": _l("Changed"), "same": _l("Unchanged"), "removed": _l("Taken out")}
DIFFERENCE_TONES = {"added": "good", "changed": "info", "same": "neutral", "removed": "warn"}
SHAPES: dict[str, Any] = {"pin": _l("Pin"), "rectangle": _l("Rectangle")}
CONTRIBUTION_KINDS: dict[str, Any] = {
    "cash": _l("Cash"),
    "tooling": _l("Tooling"),
    "design_hours": _l("Design hours"),
    "data": _l("Data"),
}
ITEM_KINDS: dict[str, Any] = {"ip": _l("IP"), "mould": _l("Mould"), "data": _l("Data"), "other": _l("Other")}
RIGHTS: dict[str, Any] = {"read": _l("May read"), "upload": _l("May read and add files")}

ACTS: dict[str, Any] = {
    "engagement.invite": _l("invited %(organisation)s to co-develop"),
    "engagement.accept": _l("accepted the invitation to co-develop"),
    "engagement.decline": _l("declined the invitation to co-develop"),
    "engagement.withdraw": _l("withdrew an invitation to co-develop"),
    "engagement.end": _l("ended an engagement"),
    "deliverable.plan": _l("planned the deliverable “%(title)s”"),
    "deliverable.edit": _l("changed the deliverable “%(title)s”"),
    "deliverable.submit": _l("submitted revision %(number)s of “%(title)s”"),
    "deliverable.review": _l("started the review of “%(title)s”"),
    "deliverable.accept": _l("accepted revision %(number)s of “%(title)s”"),
    "deliverable.ask_changes": _l("asked for changes to revision %(number)s of “%(title)s”"),
    "deliverable.reopen": _l("asked for a change to “%(title)s”, which had been accepted"),
    "deliverable.drop": _l("dropped the deliverable “%(title)s”"),
    "deliverable.share": _l("shared “%(title)s” with %(organisation)s"),
    "deliverable.unshare": _l("no longer shares “%(title)s” with %(organisation)s"),
    "annotation.add": _l("annotated “%(file)s”"),
    "annotation.answer": _l("answered annotation %(number)s on “%(file)s”"),
    "annotation.resolve": _l("resolved annotation %(number)s on “%(file)s”"),
    "annotation.reopen": _l("reopened annotation %(number)s on “%(file)s”"),
    "consortium.draft": _l("drafted version %(number)s of the consortium agreement"),
    "consortium.edit": _l("changed the draft of the consortium agreement"),
    "consortium.propose": _l("proposed version %(number)s of the consortium agreement for signature"),
    "consortium.sign": _l("signed version %(number)s of the consortium agreement"),
    "consortium.take_effect": _l("brought the consortium agreement into force"),
    "consortium.supersede": _l("replaced an earlier version of the consortium agreement"),
    "consortium.withdraw": _l("withdrew a version of the consortium agreement"),
    "contribution.promise": _l("entered the promise “%(description)s” in the ledger"),
    "contribution.change": _l("changed the promise “%(description)s”, as agreed"),
    "contribution.book": _l("recorded the contribution “%(description)s”"),
    "contribution.evidence": _l("added evidence of a contribution: %(file)s"),
    "contribution.deliver": _l("recorded the delivery of “%(description)s”"),
    "contribution.verify": _l("verified “%(description)s”"),
    "contribution.send_back": _l("sent the delivery of “%(description)s” back"),
    "contribution.release": _l("released the promise “%(description)s”"),
    "room.create": _l("made the data room folder “%(folder)s”"),
    "room.upload": _l("put “%(file)s” into the data room"),
    "room.remove": _l("took “%(file)s” out of the data room"),
    "room.share": _l("shared the folder “%(folder)s” with %(organisation)s"),
    "room.revoke": _l("took the folder “%(folder)s” back from %(organisation)s"),
    "room.download": _l("downloaded “%(file)s” from the data room"),
}
