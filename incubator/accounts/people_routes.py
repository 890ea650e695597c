"""The administrator's people: who is there, what they may do, and the staff of the platform."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from incubator.accounts import admin_queries, admin_service, invitation_service, labels, queries
from incubator.accounts.admin_routes import ONLY_FOR, chips, filters
from incubator.accounts.forms import InviteStaffForm, StaffRoleForm
from incubator.accounts.models import User
from incubator.accounts.shared_routes import blueprint, came_back, confirmed, page
from incubator.kernel import access, clock, web
from incubator.kernel.errors import AppError

ACTS = {
    "disable": admin_service.disable_user,
    "enable": admin_service.enable_user,
    "reset-factor": admin_service.reset_second_factor,
    "send-reset": admin_service.send_reset_link,
}


@blueprint.get("/admin/people")
@web.allow(*ONLY_FOR)
def people() -> Any:
    chosen, actor = filters(), web.actor()
    found = admin_queries.people_page(chosen, request.args.get("cursor"), actor)
    places = admin_queries.organisations_of([row.id for row in found.rows], actor)
    staff_invitations = queries.open_invitations(None, actor, clock.now())
    context = {"filters": chosen, "chips": chips(chosen, "accounts.people"), "roles": labels.ROLE_LABELS, "invitations": staff_invitations}
    return render_template("accounts/people.html", page=found, places=places, **context)


def _person(user_id: int) -> User:
    found: User = access.get_visible(User, user_id, web.actor())
    return found


@blueprint.get("/admin/people/<int:user_id>")
@web.allow(*ONLY_FOR)
def person(user_id: int) -> Any:
    user, actor = _person(user_id), web.actor()
    context = {
        "memberships": admin_queries.memberships_of(user, actor),
        "session_count": admin_queries.open_session_count(user, actor, clock.now()),
        "form": StaffRoleForm(staff_role=user.staff_role or ""),
        "is_me": user.id == actor.user_id,
    }
    return render_template("accounts/person.html", user=user, **context)


@blueprint.post("/admin/people/<int:user_id>/<any('disable', 'enable', 'reset-factor', 'send-reset'):act>")
@web.allow(*ONLY_FOR)
def act_on_person(user_id: int, act: str) -> Any:
    confirmed()
    user = _person(user_id)
    ACTS[act](user, web.actor(), clock.now())
    said = {
        "disable": _("The account of %(name)s is closed.", name=user.name),
        "enable": _("The account of %(name)s is open again.", name=user.name),
        "reset-factor": _("%(name)s signs in with the password alone, until they set up a second factor again.", name=user.name),
        "send-reset": _("A link for a new password is on its way to %(name)s.", name=user.name),
    }
    flash(said[act], "success")
    return redirect(url_for("accounts.person", user_id=user_id))


@blueprint.post("/admin/people/<int:user_id>/staff-role")
@web.allow(*ONLY_FOR)
def set_staff_role(user_id: int) -> Any:
    form = StaffRoleForm()
    form.require()
    user = _person(user_id)
    admin_service.set_staff_role(user, form.staff_role.data or None, web.actor(), clock.now())
    flash(_("The role of %(name)s is changed. They have to sign in again.", name=user.name), "success")
    return redirect(url_for("accounts.person", user_id=user_id))


@blueprint.route("/admin/people/invite", methods=["GET", "POST"])
@web.allow(*ONLY_FOR)
def invite_staff() -> Any:
    form = InviteStaffForm()
    if not form.validate_on_submit():
        return page(form, "accounts/invite_staff.html")
    try:
        invitation_service.invite(form.email.data, web.actor(), clock.now(), staff_role=form.staff_role.data, locale=form.locale.data)
    except AppError as error:
        return came_back(form, error, "accounts/invite_staff.html")
    flash(_("An invitation is on its way to %(email)s.", email=form.email.data), "success")
    return redirect(url_for("accounts.people"))
