"""The life of a factory, of its certificates, audits, tiers and profile changes, and of a suspected duplicate. Evidence decides, not goodwill."""

from flask_babel import lazy_gettext as _l

from incubator.factories.audit_models import FactoryAudit
from incubator.factories.evidence_models import Certificate, DuplicatePair, FactoryChange, TierAward
from incubator.factories.guards import (
    both_are_kept,
    checked_by_another,
    has_not_run_out,
    is_kept_by,
    is_of_a_kept_factory,
    is_open_to_cancel,
    is_own_proposal,
    may_be_approved,
    may_be_conditional,
    may_be_decided,
    may_come_back,
    may_pass,
    says_who_it_is,
)
from incubator.factories.models import Factory
from incubator.kernel.workflow import SYSTEM_ONLY, Machine, State, Transition

CURATORS = ("brand", "administrator", "field_agent")
DECIDERS = ("brand", "administrator")
STATES = (
    State("prospect", _l("Prospect")),
    State("pending", _l("Under review"), "info"),
    State("approved", _l("Approved"), "good"),
    State("conditional", _l("Approved under conditions"), "warn"),
    State("suspended", _l("Suspended"), "bad"),
    State("inactive", _l("Inactive")),
)
SUSPEND = _l("It gets no new enquiries. What it is making goes on, and its people are told the reason.")
DEACTIVATE = _l("It leaves the directory. Its history stays, and it can be taken up again.")
FACTORY = Machine(
    "factory",
    Factory,
    _l("Factory"),
    STATES,
    (
        Transition("prospect", "submit", "pending", _l("Send to review"), (*CURATORS, "factory"), says_who_it_is, rank="primary"),
        Transition("pending", "approve", "approved", _l("Approve"), DECIDERS, may_be_approved, note=True, rank="primary"),
        Transition("pending", "condition", "conditional", _l("Approve under conditions"), DECIDERS, may_be_conditional, note=True),
        Transition("pending", "return", "prospect", _l("Return"), DECIDERS, is_kept_by, note=True),
        Transition("conditional", "approve", "approved", _l("Approve"), DECIDERS, may_be_approved, note=True, rank="primary"),
        Transition("approved", "condition", "conditional", _l("Put under conditions"), DECIDERS, is_kept_by, note=True),
        *(
            Transition(s, "suspend", "suspended", _l("Suspend"), DECIDERS, is_kept_by, note=True, rank="danger", confirm=SUSPEND)
            for s in ("approved", "conditional")
        ),
        Transition("suspended", "reinstate", "conditional", _l("Take up again under conditions"), DECIDERS, may_be_conditional, note=True),
        *(
            Transition(s, "deactivate", "inactive", _l("Deactivate"), DECIDERS, is_kept_by, note=True, rank="danger", confirm=DEACTIVATE)
            for s in ("prospect", "pending", "approved", "conditional", "suspended")
        ),
        *(
            Transition(s, "merge", "inactive", _l("Merge into another"), SYSTEM_ONLY)
            for s in ("prospect", "pending", "approved", "conditional", "suspended")
        ),
        Transition("inactive", "reopen", "prospect", _l("Take up again"), DECIDERS, may_come_back, note=True),
    ),
)


CERTIFICATE = Machine(
    "certificate",
    Certificate,
    _l("Certificate"),
    (
        State("proposed", _l("To be checked"), "info"),
        State("valid", _l("Valid"), "good"),
        State("rejected", _l("Rejected"), "bad", final=True),
        State("expired", _l("Expired"), "bad", final=True),
    ),
    (
        Transition("proposed", "accept", "valid", _l("Accept"), CURATORS, has_not_run_out, rank="primary"),
        Transition("proposed", "reject", "rejected", _l("Reject"), CURATORS, checked_by_another, note=True, rank="danger"),
        Transition("proposed", "expire", "expired", _l("Expire"), SYSTEM_ONLY),
        Transition("valid", "expire", "expired", _l("Expire"), SYSTEM_ONLY),
        Transition("valid", "revoke", "rejected", _l("Withdraw"), CURATORS, checked_by_another, note=True, rank="danger"),
    ),
)


DECISION_STAYS = _l("A decided audit is not edited. Findings can still be closed, and another audit may follow.")
AUDIT = Machine(
    "factory_audit",
    FactoryAudit,
    _l("Factory audit"),
    (
        State("planned", _l("Planned"), "info"),
        State("passed", _l("Passed"), "good", final=True),
        State("conditional", _l("Passed under conditions"), "warn", final=True),
        State("failed", _l("Failed"), "bad", final=True),
        State("cancelled", _l("Cancelled"), final=True),
    ),
    (
        Transition("planned", "pass", "passed", _l("Passed"), CURATORS, may_pass, note=True, rank="primary", confirm=DECISION_STAYS),
        Transition("planned", "condition", "conditional", _l("Passed under conditions"), CURATORS, may_be_decided, note=True),
        Transition("planned", "fail", "failed", _l("Failed"), CURATORS, may_be_decided, note=True, rank="danger"),
        Transition("planned", "cancel", "cancelled", _l("Cancel"), CURATORS, is_open_to_cancel, note=True),
    ),
)

TIER = Machine(
    "factory_tier",
    TierAward,
    _l("Tier"),
    (
        State("active", _l("Held"), "good"),
        State("revoked", _l("Withdrawn"), "bad", final=True),
        State("expired", _l("Expired"), final=True),
    ),
    (
        Transition("active", "revoke", "revoked", _l("Withdraw the tier"), ("administrator",), note=True, rank="danger"),
        Transition("active", "expire", "expired", _l("Expire"), SYSTEM_ONLY),
    ),
)


CHANGE = Machine(
    "factory_change",
    FactoryChange,
    _l("Profile change"),
    (
        State("proposed", _l("Proposed"), "info"),
        State("approved", _l("Published"), "good", final=True),
        State("returned", _l("Returned"), "warn", final=True),
        State("withdrawn", _l("Withdrawn"), final=True),
    ),
    (
        Transition("proposed", "approve", "approved", _l("Publish"), CURATORS, is_of_a_kept_factory, rank="primary"),
        Transition("proposed", "return", "returned", _l("Return"), CURATORS, is_of_a_kept_factory, note=True),
        Transition("proposed", "withdraw", "withdrawn", _l("Take back"), ("factory",), is_own_proposal),
    ),
)


PAIR = Machine(
    "factory_duplicate",
    DuplicatePair,
    _l("Suspected duplicate"),
    (
        State("open", _l("Undecided"), "info"),
        State("merged", _l("Merged"), "good", final=True),
        State("different", _l("Not the same"), final=True),
    ),
    (
        Transition("open", "merge", "merged", _l("Merge"), DECIDERS, both_are_kept, rank="primary"),
        Transition("open", "differ", "different", _l("Not the same"), DECIDERS, both_are_kept),
    ),
)
MACHINES = (FACTORY, CERTIFICATE, AUDIT, TIER, CHANGE, PAIR)
