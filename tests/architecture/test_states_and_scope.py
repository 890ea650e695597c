"""A state changes only through `fire`; rows are read only through `kernel.access`."""

import ast
from collections.abc import Iterator

from incubator import create_app
from incubator.kernel import access
from incubator.kernel.db import db
from tests.architecture.source import Module, calls, domain, dotted, modules, show

SCOPING = ("visible", "select_visible", "get_visible")
STATE_WRITERS = {"kernel.workflow"}

# Functions that set attributes by name: their lists of names hold no "state".
SETTERS = {
    "products.service:edit", "products.programmes:edit", "products.programmes:_fill", "schedule.service:edit",
    "launches.service:_fill", "launches.channel_service:edit", "launches.probe_service:edit",
    "signals.segment_service:_fill",
    "codevelopment.service:edit", "codevelopment.amounts:assign",
    "briefs.service:_set_fields", "briefs.service:change_reference", "factories.content:apply", "sourcing.basis_service:save",
    "sourcing.quotation_service:_envelope", "sourcing.service:_set_terms",
    "investors.service:amend", "investors.report_service:edit", "sales.lot_service:fill", "feedback.finding_service:_fill",
}  # fmt: skip

# Functions that read a tenant's rows without asking `access`, each with what scopes it instead.
UNSCOPED: dict[str, str] = {
    "accounts.identity:_live_session": "there is no actor yet: the token is the right",
    "accounts.identity:_from_bearer": "there is no actor yet: the token is the right",
    "accounts.throttle:_count": "counters by digest, before there is an actor",
    "accounts.throttle:clear": "the same",
    "accounts.service:spend_code": "one user's row, which the caller has",
    "accounts.service:end_everywhere": "the sessions and tokens of one user, whom the caller has",
    "accounts.credential_service:_store_password": "the links of one user, whom the caller has",
    "accounts.invitation_service:_revoke_earlier": "the links of one address into one organisation, which the caller may invite into",
    "accounts.admin_service:disable_organisation": "the memberships of one organisation, which the caller has",
    "accounts.admin_queries:_people_of": "a count beside organisations that are scoped",
    "accounts.housekeeping:prune": "deletes what has ended, whoever's it was",
    "products.codes:_next_number": "the counter of one brand, which the caller acts for",
    "schedule.service:owner_zone": "part of a statement over milestones that the caller has",
    "schedule.service:refresh_outlook": "products whose milestone the caller has just changed",
    "schedule.service:_overdue": "part of that statement",
    "schedule.service:_endangered": "part of that statement",
    "schedule.sweep:remind_batch": "milestones that the line before has read through access",
    "launches.queries:launch_day": "a day beside SKUs that are scoped; of a SKU that one sees, one may know it",
    "accounts.notices:people_of": "tells the members of one organisation, which the caller has",
}


def test_only_the_workflow_writes_a_state():
    problems = [where for module in modules() if module.name not in STATE_WRITERS for where in state_writes(module)]
    assert not problems, show(problems)


def state_writes(module: Module) -> Iterator[str]:
    """Assignments to `.state`, setattr with "state", and UPDATE … SET state; the keyword of a new row is not one."""
    for node in ast.walk(module.tree):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []
        if any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets):
            yield module.at(node)
    for function in module.functions():
        for call in calls(function, "setattr"):
            named = isinstance(call.args[1], ast.Constant)
            if (named and call.args[1].value == "state") or not (named or f"{module.name}:{function.name}" in SETTERS):
                yield f"{module.at(call)} setattr in {module.name}:{function.name}"
    for call in ast.walk(module.tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "values" and _sets_state(call):
            yield f"{module.at(call)} values(state=…)"


def _sets_state(call: ast.Call) -> bool:
    keys = [key.value for arg in call.args if isinstance(arg, ast.Dict) for key in arg.keys if isinstance(key, ast.Constant)]
    return "state" in keys or any(keyword.arg == "state" for keyword in call.keywords)


def test_tenant_rows_are_read_through_access():
    problems = [f"{where} in {name}" for name, where in unscoped_reads() if name not in UNSCOPED]
    assert not problems, show(problems)


def test_every_unscoped_read_of_the_list_still_exists():
    assert set(UNSCOPED) <= {name for name, _ in unscoped_reads()}


def unscoped_reads() -> Iterator[tuple[str, str]]:
    """(module:function, where) of each read of a model outside policies.py whose function never asks `access`."""
    models = {mapper.class_.__name__ for mapper in db.Model.registry.mappers}
    for module in domain():
        if module.kind == "policies":
            continue
        for function in module.functions():
            if not any(True for _ in calls(function, *SCOPING)):
                yield from ((f"{module.name}:{function.name}", module.at(read)) for read in _reads(function, models))


def _reads(function: ast.FunctionDef, models: set[str]) -> Iterator[ast.AST]:
    for call in calls(function, "select", "aliased", "exists", "session.get", "session.query", "update", "delete"):
        if any(isinstance(node, ast.Name) and node.id in models for arg in call.args for node in ast.walk(arg)):
            yield call
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and node.attr == "query" and dotted(node.value) in models:
            yield node


def test_every_model_of_a_machine_and_every_model_with_a_brand_has_a_policy():
    create_app()
    scoped = access.policies()
    missing = [m.class_.__name__ for m in db.Model.registry.mappers if hasattr(m.class_, "brand_id") and m.class_ not in scoped]
    assert not missing, show(missing)
