"""The page behind an invitation link: make an account, or join with the one there is."""

from typing import Any

from flask import flash, redirect, render_template, session
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

from incubator.accounts import invitation_service, links, service, throttle
from incubator.accounts.forms import AcceptForm
from incubator.accounts.models import Invitation
from incubator.accounts.shared_routes import blueprint, came_back, carry, confirmed, device, my_session, myself, page
from incubator.kernel import clock, web
from incubator.kernel.errors import AppError, NotFound
from incubator.kernel.i18n import LOCALES


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@web.public
@throttle.limiter.limit(throttle.PER_ADDRESS)
def accept_invitation(token: str) -> Any:
    link = links.live_invitation(token, clock.now())
    if link is None:
        return _gone()
    owner = service.user_by_email(link.email)
    is_me = owner is not None and owner.id == web.actor().user_id
    with force_locale(web.actor().locale if is_me else _language(link)):
        try:
            return _by_newcomer(link, token) if owner is None else _by_owner(link, token, is_me)
        except NotFound:
            return _gone()


def _language(link: Invitation) -> str:
    """The invitation's, until its reader chooses the other one on the page."""
    if session.get("invited") != link.id or session.get("locale") not in LOCALES:
        session.update(invited=link.id, locale=link.locale)
    return str(session["locale"])


def _gone() -> Any:
    return render_template("accounts/link_gone.html", kind="invitation"), 404


def _by_newcomer(link: Invitation, token: str) -> Any:
    form = AcceptForm()
    context = {"link": link, "token": token}
    if not form.validate_on_submit():
        return page(form, "accounts/invitation.html", **context)
    try:
        user = invitation_service.accept_invitation(link, form.name.data, form.password.data, str(get_locale()), clock.now())
    except NotFound:
        raise
    except AppError as error:
        return came_back(form, error, "accounts/invitation.html", **context)
    carry(service.open_session(user, device(), clock.now()))
    flash(_("Welcome, %(name)s.", name=user.name), "success")
    return redirect("/")


def _by_owner(link: Invitation, token: str, is_me: bool) -> Any:
    """An account is there: only its owner, signed in, may join."""
    form = AcceptForm()
    if not is_me or not form.is_submitted():
        return render_template("accounts/invitation_join.html", link=link, token=token, is_me=is_me), 403 if form.is_submitted() else 200
    confirmed()
    place = link.organisation.name if link.organisation else _("the platform's staff")
    invitation_service.join(link, myself(), clock.now(), my_session())
    flash(_("You may now act for %(place)s. Change to it in your menu.", place=place), "success")
    return redirect("/")
