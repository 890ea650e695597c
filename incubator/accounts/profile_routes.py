"""My profile and my signed-in browsers."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from incubator.accounts import devices, profile_service, queries, service
from incubator.accounts.forms import ProfileForm
from incubator.accounts.models import UserSession
from incubator.accounts.shared_routes import blueprint, confirmed, my_session, myself, page
from incubator.kernel import access, clock, web

DIGESTED = ("brand", "factory")


@blueprint.route("/profile", methods=["GET", "POST"])
@web.signed_in
def profile() -> Any:
    user = myself()
    form = ProfileForm(obj=user, data={"digest": profile_service.digest_of(user, web.actor())})
    if web.actor().role not in DIGESTED:
        del form.digest
    if not form.validate_on_submit():
        return page(form, "accounts/profile.html", user=user, workspaces=queries.workspaces(web.actor()))
    profile_service.edit_profile(user, form.name.data, form.locale.data, form.timezone.data, form.theme.data, web.actor(), clock.now())
    if "digest" in form:
        profile_service.set_digest(user, form.digest.data, web.actor(), clock.now())
    with force_locale(form.locale.data):
        flash(_("Your profile is saved."), "success")
    return redirect(url_for("accounts.profile"))


@blueprint.get("/profile/sessions")
@web.signed_in
def sessions() -> Any:
    rows = [(row, devices.device_name(row.user_agent)) for row in queries.live_sessions(web.actor(), clock.now())]
    return render_template("accounts/sessions.html", rows=rows, present=my_session())


@blueprint.post("/profile/sessions/<int:session_id>/end")
@web.signed_in
def end_session(session_id: int) -> Any:
    confirmed()
    service.end_session(access.get_visible(UserSession, session_id, web.actor()), web.actor(), clock.now())
    flash(_("That session has ended."), "success")
    return redirect(url_for("accounts.sessions"))


@blueprint.post("/profile/sessions/end-others")
@web.signed_in
def end_other_sessions() -> Any:
    confirmed()
    count = service.end_others(myself(), my_session(), web.actor(), clock.now())
    flash(
        ngettext("%(num)s other session has ended, and every API token.", "%(num)s other sessions have ended, and every API token.", count),
        "success",
    )
    return redirect(url_for("accounts.sessions"))
