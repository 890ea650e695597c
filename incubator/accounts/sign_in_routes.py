"""Signing in and out, the forgotten password, and the language and appearance that even strangers may choose."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from incubator.accounts import credential_service, labels, links, profile_service, queries, service, throttle
from incubator.accounts.forms import CodeForm, DemoForm, ForgotForm, LocaleForm, ResetForm, SignInForm, ThemeForm, WorkspaceForm
from incubator.accounts.shared_routes import blueprint, came_back, carry, confirmed, device, my_session, myself, page
from incubator.kernel import clock, web
from incubator.kernel.errors import AppError, NotFound


def next_page() -> str:
    """Where to go after: a path of this site, else the start page."""
    return web.local_path(request.values.get("next"), "/")


@blueprint.route("/sign-in", methods=["GET", "POST"])
@web.public
@throttle.limiter.limit(throttle.PER_ADDRESS, methods=["POST"])
def sign_in() -> Any:
    if not web.actor().is_anonymous and request.method == "GET":
        return redirect(next_page())
    form = SignInForm()
    if form.validate_on_submit():
        try:
            return _go_on(service.sign_in(form.email.data, form.password.data, device(), clock.now()))
        except AppError as error:
            return came_back(form, error, "accounts/sign_in.html", **_sign_in_context())
    return page(form, "accounts/sign_in.html", **_sign_in_context())


def _sign_in_context() -> dict[str, Any]:
    return {
        "next": next_page(),
        "demo": [(user, labels.role_label(queries.demo_role(user)), queries.demo_title(user)) for user in _demo_accounts()],
    }


def _demo_accounts() -> list[Any]:
    config = current_app.config
    return queries.demo_accounts() if config["DEMO_SIGN_IN"] and not config["PRODUCTION"] else []


def _go_on(signed_in: service.SignIn) -> Any:
    target = next_page()
    carry(signed_in)
    return redirect(url_for("accounts.sign_in_code", next=target) if signed_in.awaits_code else target)


@blueprint.post("/sign-in/demo")
@web.public
@throttle.limiter.limit(throttle.PER_ADDRESS)
def sign_in_as_demo() -> Any:
    form = DemoForm()
    form.require()
    user = next((u for u in _demo_accounts() if u.id == form.account.data), None)
    if user is None:
        raise NotFound()
    return _go_on(service.sign_in_as_demo(user, device(), clock.now()))


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@web.public
@throttle.limiter.limit(throttle.PER_ADDRESS, methods=["POST"])
def sign_in_code() -> Any:
    form = CodeForm()
    try:
        waiting = service.half_signed_in(session.get("pending"), clock.now())
    except NotFound:
        return redirect(url_for("accounts.sign_in", next=next_page()))
    if form.validate_on_submit():
        try:
            return _go_on(service.confirm_code(waiting, form.code.data, device(), clock.now()))
        except AppError as error:
            return came_back(form, error, "accounts/sign_in_code.html", next=next_page())
    return page(form, "accounts/sign_in_code.html", next=next_page())


@blueprint.post("/sign-out")
@web.signed_in
def sign_out() -> Any:
    confirmed()
    mine = my_session()
    chosen = {"locale": mine.user.locale, "theme": mine.user.theme}
    service.sign_out(mine, web.actor(), clock.now())
    session.clear()
    session.update(chosen)
    flash(_("You are signed out."), "success")
    return redirect(url_for("accounts.sign_in"))


@blueprint.route("/forgot", methods=["GET", "POST"])
@web.public
@throttle.limiter.limit(throttle.MAIL_PER_ADDRESS, methods=["POST"])
def forgot() -> Any:
    form = ForgotForm()
    if form.validate_on_submit():
        try:
            credential_service.start_reset(form.email.data, clock.now())
        except AppError as error:
            return came_back(form, error, "accounts/forgot.html")
        return render_template("accounts/forgot_sent.html", email=form.email.data)
    return page(form, "accounts/forgot.html")


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
@web.public
@throttle.limiter.limit(throttle.PER_ADDRESS)
def reset(token: str) -> Any:
    now = clock.now()
    link = links.live_reset(token, now)
    if link is None:
        return render_template("accounts/link_gone.html", kind="reset"), 404
    form = ResetForm()
    if form.validate_on_submit():
        try:
            credential_service.finish_reset(link, form.new_password.data, now)
        except NotFound:
            return render_template("accounts/link_gone.html", kind="reset"), 404
        except AppError as error:
            return came_back(form, error, "accounts/reset.html")
        session.clear()
        flash(_("Your new password is set. Sign in with it."), "success")
        return redirect(url_for("accounts.sign_in"))
    return page(form, "accounts/reset.html")


@blueprint.post("/workspace")
@web.signed_in
def switch_workspace() -> Any:
    form = WorkspaceForm()
    form.require()
    actor, chosen = web.actor(), form.workspace.data
    if chosen != "staff" and not (chosen.isascii() and chosen.isdigit()):
        raise NotFound()
    membership = None if chosen == "staff" else queries.membership(int(chosen), actor)
    service.switch_workspace(my_session(), membership, actor, clock.now())
    return redirect("/")


@blueprint.post("/locale")
@web.public
def set_locale() -> Any:
    form = LocaleForm()
    form.require()
    if web.actor().is_anonymous:
        session["locale"] = form.locale.data
    else:
        profile_service.set_locale(myself(), form.locale.data, web.actor(), clock.now())
    return redirect(next_page())


@blueprint.post("/theme")
@web.public
def set_theme() -> Any:
    form = ThemeForm()
    form.require()
    if web.actor().is_anonymous:
        session["theme"] = form.theme.data
    else:
        profile_service.set_theme(myself(), form.theme.data, web.actor(), clock.now())
    return redirect(next_page())
