"""What people did to accounts, organisations and sessions, as sentences for the audit trail."""

from typing import Any

from flask_babel import lazy_gettext as _l

PHRASES: dict[str, Any] = {
    "exchange_rate.add": _l("entered an exchange rate: 1 %(base)s = %(rate)s %(quote)s"),
    "invitation.accept": _l("accepted an invitation"),
    "invitation.revoke": _l("withdrew an invitation"),
    "invitation.send": _l("invited somebody"),
    "membership.end": _l("ended a membership"),
    "membership.manager": _l("changed who manages an organisation"),
    "organisation.create": _l("entered an organisation"),
    "organisation.disable": _l("closed an organisation"),
    "organisation.edit": _l("changed %(fields)s of an organisation"),
    "organisation.enable": _l("opened an organisation again"),
    "session.end": _l("ended a session"),
    "session.end_others": _l("ended all other sessions"),
    "session.password": _l("gave the right password and was asked for a code"),
    "session.sign_in": _l("signed in"),
    "session.switch": _l("changed the workspace"),
    "token.create": _l("made an API token"),
    "token.revoke": _l("revoked an API token"),
    "webhook.add": _l("added the webhook “%(name)s”"),
    "webhook.change": _l("changed the webhook “%(name)s”"),
    "webhook.pause": _l("paused the webhook “%(name)s”"),
    "webhook.remove": _l("removed the webhook “%(name)s”"),
    "webhook.resume": _l("resumed the webhook “%(name)s”"),
    "webhook.test": _l("tried the webhook “%(name)s”"),
    "user.create": _l("opened an account"),
    "user.disable": _l("closed an account"),
    "user.enable": _l("opened an account again"),
    "user.factor_reset": _l("took away a second factor"),
    "user.password_change": _l("changed the password"),
    "user.password_reset": _l("set a new password by mail"),
    "user.profile": _l("changed the profile"),
    "user.recovery_code_used": _l("signed in with a recovery code"),
    "user.recovery_codes": _l("made new recovery codes"),
    "user.reset_requested": _l("asked for a new password by mail"),
    "user.staff_role": _l("changed a role on the platform"),
}
FIELDS: dict[str, Any] = {
    "name": _l("the name"),
    "short_name": _l("the short name"),
    "kind": _l("the kind"),
    "country": _l("the country"),
    "city": _l("the city"),
    "registration_number": _l("the registration number"),
    "website": _l("the website"),
}
