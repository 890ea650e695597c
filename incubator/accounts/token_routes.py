"""My API tokens. The text of one is on the page that answers its making, and nowhere afterwards."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from incubator.accounts import credential_service, labels, queries
from incubator.accounts.forms import TokenForm
from incubator.accounts.models import ApiToken
from incubator.accounts.shared_routes import blueprint, came_back, confirmed, my_session
from incubator.kernel import access, clock, web
from incubator.kernel.errors import AppError


def _context() -> dict[str, Any]:
    return {"rows": queries.tokens(web.actor()), "now": clock.now(), "scopes": labels.SCOPE_LABELS}


@blueprint.route("/profile/tokens", methods=["GET", "POST"])
@web.signed_in
def tokens() -> Any:
    form = TokenForm()
    if not form.validate_on_submit():
        return render_template("accounts/tokens.html", form=form, made=None, **_context()), 422 if form.is_submitted() else 200
    try:
        made = credential_service.create_token(my_session(), form.name.data, form.scope.data, form.days.data, web.actor(), clock.now())
    except AppError as error:
        return came_back(form, error, "accounts/tokens.html", made=None, **_context())
    return render_template("accounts/tokens.html", form=TokenForm(formdata=None), made=made, **_context())


@blueprint.post("/profile/tokens/<int:token_id>/revoke")
@web.signed_in
def revoke_token(token_id: int) -> Any:
    confirmed()
    credential_service.revoke_token(access.get_visible(ApiToken, token_id, web.actor()), web.actor(), clock.now())
    flash(_("The token no longer opens anything."), "success")
    return redirect(url_for("accounts.tokens"))
