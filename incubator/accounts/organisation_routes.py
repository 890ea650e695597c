"""An organisation's people: my own organisation's for its managers, any one's for the administrator. The same acts serve both pages."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from incubator.accounts import admin_service, invitation_service, queries
from incubator.accounts.forms import InviteForm, ManagerForm
from incubator.accounts.models import Invitation, Organisation
from incubator.accounts.shared_routes import blueprint, came_back, confirmed
from incubator.kernel import access, clock, web
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.kernel.errors import AppError


def people_context(organisation: Organisation) -> dict[str, Any]:
    """What the people card of an organisation shows."""
    actor = web.actor()
    manages = access.may("organisation.invite", actor, organisation)
    members = queries.members(organisation, actor)
    return {
        "organisation": organisation,
        "members": members,
        "inviters": [m.user.name for m in members if m.is_manager and m.user.disabled_at is None],
        "invitations": queries.open_invitations(organisation, actor, clock.now()) if manages else [],
        "manages": manages,
        "me": actor.user_id,
    }


def home_of(organisation_id: int | None) -> str:
    """The page that an act on people came from, by who acts."""
    if web.actor().role == "administrator":
        return url_for("accounts.organisation", organisation_id=organisation_id) if organisation_id else url_for("accounts.people")
    return url_for("accounts.my_organisation")


@blueprint.get("/my-organisation")
@web.allow(*ORGANISATION_KINDS)
def my_organisation() -> Any:
    organisation = access.get_visible(Organisation, web.actor().organisation_id or 0, web.actor())
    return render_template("accounts/my_organisation.html", form=InviteForm(locale=web.actor().locale), **people_context(organisation))


@blueprint.post("/organisations/<int:organisation_id>/invite")
@web.signed_in
def invite(organisation_id: int) -> Any:
    actor, form = web.actor(), InviteForm()
    organisation = access.get_visible(Organisation, organisation_id, actor)
    access.require("organisation.invite", actor, organisation)
    template = "accounts/organisation.html" if actor.role == "administrator" else "accounts/my_organisation.html"
    if not form.validate_on_submit():
        return render_template(template, form=form, **people_context(organisation)), 422
    chosen = {"is_manager": form.is_manager.data, "locale": form.locale.data}
    try:
        invitation_service.invite(form.email.data, actor, clock.now(), organisation=organisation, **chosen)
    except AppError as error:
        return came_back(form, error, template, **people_context(organisation))
    flash(_("An invitation is on its way to %(email)s.", email=form.email.data), "success")
    return redirect(home_of(organisation_id))


@blueprint.post("/invitations/<int:invitation_id>/revoke")
@web.signed_in
def revoke_invitation(invitation_id: int) -> Any:
    confirmed()
    row = access.get_visible(Invitation, invitation_id, web.actor())
    invitation_service.revoke_invitation(row, web.actor(), clock.now())
    flash(_("The invitation no longer works."), "success")
    return redirect(home_of(row.organisation_id))


@blueprint.post("/memberships/<int:membership_id>/end")
@web.signed_in
def end_membership(membership_id: int) -> Any:
    confirmed()
    row = queries.membership(membership_id, web.actor())
    admin_service.end_membership(row, web.actor(), clock.now())
    flash(_("%(name)s no longer acts for %(place)s.", name=row.user.name, place=row.organisation.label), "success")
    return redirect(home_of(row.organisation_id))


@blueprint.post("/memberships/<int:membership_id>/manager")
@web.signed_in
def set_manager(membership_id: int) -> Any:
    form = ManagerForm()
    form.require()
    row = queries.membership(membership_id, web.actor())
    admin_service.set_manager(row, form.is_manager.data, web.actor(), clock.now())
    flash(_("The rights of %(name)s are changed. They have to sign in again.", name=row.user.name), "success")
    return redirect(home_of(row.organisation_id))
