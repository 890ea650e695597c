"""My notices, and the colleagues that a comment may name."""

from typing import Any

from flask import redirect, render_template, request, url_for

from incubator.accounts import notices, profile_service, queries
from incubator.accounts.models import Notification
from incubator.accounts.shared_routes import blueprint, confirmed
from incubator.kernel import access, clock, web


@blueprint.get("/notifications")
@web.signed_in
def notifications() -> Any:
    unread_only = request.args.get("show") == "unread"
    page = queries.notifications_page(web.actor(), request.args.get("cursor"), unread_only)
    rows = [(row, notices.sentence(row.text, row.params)) for row in page.rows]
    return render_template(
        "accounts/notifications.html", rows=rows, page=page, unread_only=unread_only, unread=queries.unread_count(web.actor())
    )


@blueprint.post("/notifications/<int:notification_id>/open")
@web.signed_in
def open_notification(notification_id: int) -> Any:
    """Mark it read and go where it points."""
    confirmed()
    row = access.get_visible(Notification, notification_id, web.actor())
    target = web.local_path(row.url, url_for("accounts.notifications"))
    profile_service.read_notification(row, clock.now())
    return redirect(target)


@blueprint.post("/notifications/<int:notification_id>/read")
@web.signed_in
def read_notification(notification_id: int) -> Any:
    confirmed()
    profile_service.read_notification(access.get_visible(Notification, notification_id, web.actor()), clock.now())
    return redirect(web.local_path(request.form.get("next"), url_for("accounts.notifications")))


@blueprint.post("/notifications/read-all")
@web.signed_in
def read_all_notifications() -> Any:
    confirmed()
    profile_service.read_all_notifications(web.actor(), clock.now())
    return redirect(url_for("accounts.notifications"))
