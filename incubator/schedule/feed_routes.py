"""My calendar link, and the calendar behind it, which is read without signing in."""

import hashlib
from typing import Any

from flask import Response, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.accounts import shared_routes, throttle
from incubator.accounts.identity import digest
from incubator.kernel import clock, web
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.kernel.forms import Confirmation
from incubator.schedule import feed_service, words
from incubator.schedule.blueprint import blueprint
from incubator.schedule.calendar_models import CalendarFeed
from incubator.schedule.plan_forms import FeedForm

PER_FEED = "60 per hour"
PER_ADDRESS = "120 per minute"  # the servers of large calendar services ask for many people


def _membership() -> int:
    """The membership through which the present session acts; people of organisations always have one."""
    return int(shared_routes.my_session().membership_id or 0)


@blueprint.route("/profile/calendar", methods=["GET", "POST"])
@web.allow(*ORGANISATION_KINDS)
def feed() -> Any:
    """Make the link or a new one; its text is on the page that answers, and nowhere afterwards."""
    form, made = FeedForm(), None
    membership_id = _membership()
    if form.validate_on_submit():
        token = feed_service.make(membership_id, form.scope.data, web.actor(), clock.now())
        made = current_app.config["BASE_URL"] + url_for("schedule.read_feed", token=token)
    present = feed_service.present(web.actor(), membership_id)
    status = 422 if form.is_submitted() and made is None else 200
    return render_template("schedule/feed.html", form=form, made=made, feed=present, scopes=words.FEED_SCOPE), status


@blueprint.post("/profile/calendar/revoke")
@web.allow(*ORGANISATION_KINDS)
def revoke_feed() -> Any:
    Confirmation().require()
    feed_service.revoke(_membership(), web.actor(), clock.now())
    flash(_("The calendar link no longer opens anything."), "success")
    return redirect(url_for("schedule.feed"))


def _per_feed() -> str:
    return digest(str((request.view_args or {}).get("token", "")))


@blueprint.get("/feed/<token>.ics")
@web.public
@throttle.limiter.limit(PER_ADDRESS)
@throttle.limiter.limit(PER_FEED, key_func=_per_feed)
def read_feed(token: str) -> Any:
    """The calendar of whoever holds the link, as its person sees it now. Unchanged since the reader's copy: 304.

    Only the ETag decides: what a person may no longer see changes the text, and not the time of any milestone.
    """
    found = feed_service.find(token)
    data, changed = feed_service.text(found, clock.today(found.user.timezone))
    g.last_seen = (CalendarFeed.last_used_at, found.id, found.last_used_at)
    tag = hashlib.sha256(data).hexdigest()[:32]
    response = Response(status=304) if request.if_none_match.contains(tag) else Response(data, mimetype="text/calendar")
    response.set_etag(tag)
    response.last_modified = changed
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    if response.status_code == 200:
        response.headers["Content-Disposition"] = 'attachment; filename="milestones.ics"'
    return response


shared_routes.register_tab("calendar", _l("Calendar link"), "schedule.feed", ORGANISATION_KINDS)
