"""My password and my second factor."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from incubator.accounts import credential_service, throttle, totp
from incubator.accounts.forms import CodeForm, PasswordForm, ProofForm
from incubator.accounts.shared_routes import blueprint, came_back, my_session, myself, page
from incubator.kernel import clock, web
from incubator.kernel.errors import AppError


@blueprint.get("/profile/security")
@web.signed_in
def security() -> Any:
    return render_template("accounts/security.html", user=myself())


@blueprint.route("/profile/password", methods=["GET", "POST"])
@web.signed_in
@throttle.limiter.limit(throttle.PER_ADDRESS, methods=["POST"])
def change_password() -> Any:
    form = PasswordForm()
    if not form.validate_on_submit():
        return page(form, "accounts/password.html")
    try:
        credential_service.change_password(
            myself(), form.present_password.data, form.new_password.data, my_session(), web.actor(), clock.now()
        )
    except AppError as error:
        return came_back(form, error, "accounts/password.html")
    flash(_("Your password is changed. Other sessions and API tokens have ended."), "success")
    return redirect(url_for("accounts.security"))


@blueprint.route("/profile/second-factor", methods=["GET", "POST"])
@web.signed_in
@throttle.limiter.limit(throttle.PER_ADDRESS, methods=["POST"])
def offer_second_factor() -> Any:
    """First step: the password."""
    form = ProofForm()
    if not form.validate_on_submit():
        return page(form, "accounts/factor_proof.html", step="on")
    try:
        credential_service.offer_totp(my_session(), form.password.data, clock.now())
    except AppError as error:
        return came_back(form, error, "accounts/factor_proof.html", step="on")
    return redirect(url_for("accounts.enable_second_factor"))


@blueprint.route("/profile/second-factor/scan", methods=["GET", "POST"])
@web.signed_in
@throttle.limiter.limit(throttle.PER_ADDRESS, methods=["POST"])
def enable_second_factor() -> Any:
    """Second step: scan the picture, type a code; then the recovery codes are shown, once."""
    mine, form = my_session(), CodeForm()
    if not mine.totp_offered:
        return redirect(url_for("accounts.security"))
    context = {"picture": totp.picture_of(mine.totp_offered, mine.user.email), "secret": totp.grouped(mine.totp_offered)}
    if not form.validate_on_submit():
        return page(form, "accounts/factor_scan.html", **context)
    try:
        codes = credential_service.enable_totp(mine, form.code.data, web.actor(), clock.now())
    except AppError as error:
        return came_back(form, error, "accounts/factor_scan.html", **context)
    return render_template("accounts/recovery_codes.html", codes=codes, is_new=True)


@blueprint.route("/profile/second-factor/off", methods=["GET", "POST"])
@web.signed_in
@throttle.limiter.limit(throttle.PER_ADDRESS, methods=["POST"])
def disable_second_factor() -> Any:
    form = ProofForm()
    if not form.validate_on_submit():
        return page(form, "accounts/factor_proof.html", step="off")
    try:
        credential_service.disable_totp(myself(), form.password.data, my_session(), web.actor(), clock.now())
    except AppError as error:
        return came_back(form, error, "accounts/factor_proof.html", step="off")
    flash(_("The second factor is off. Other sessions and API tokens have ended."), "success")
    return redirect(url_for("accounts.security"))


@blueprint.route("/profile/second-factor/codes", methods=["GET", "POST"])
@web.signed_in
@throttle.limiter.limit(throttle.PER_ADDRESS, methods=["POST"])
def renew_recovery_codes() -> Any:
    form = ProofForm()
    if not form.validate_on_submit():
        return page(form, "accounts/factor_proof.html", step="codes")
    try:
        codes = credential_service.renew_recovery_codes(myself(), form.password.data, web.actor(), clock.now())
    except AppError as error:
        return came_back(form, error, "accounts/factor_proof.html", step="codes")
    return render_template("accounts/recovery_codes.html", codes=codes, is_new=False)
