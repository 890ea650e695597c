"""What people type about themselves, their credentials and their organisations. A field that is not here is ignored and logged."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from babel import Locale
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, PasswordField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from incubator.accounts import labels, passwords
from incubator.kernel.forms import AppForm, PlainNumberField, WholeNumberField
from incubator.kernel.i18n import LOCALES
from incubator.kernel.money import COMMON_CURRENCIES

EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"'`]+@[^\s@<>()\[\],;:\\\"'`.]+(\.[^\s@<>()\[\],;:\\\"'`.]+)*")
TOKEN_DAYS = (30, 90, 365)
EVERYDAY_ZONES = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "UTC",
)


def stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def an_email(_form: Any, field: Any) -> None:
    if len(field.data) > 254 or not EMAIL.fullmatch(field.data):
        raise ValidationError(_l("This is not an e-mail address, like name@company.cn."))


def a_web_address(_form: Any, field: Any) -> None:
    parts = urlsplit(field.data)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValidationError(_l("Write the whole address, starting with https://"))


def given(message: Any) -> DataRequired:
    return DataRequired(message)


def text_field(label: Any, longest: int, required: Any = None, **kwargs: Any) -> Any:
    """A trimmed line of at most `longest` characters; `required` is the message when it is missing."""
    checks: list[Any] = [given(required) if required else Optional(), Length(max=longest, message=_l("At most %(max)d characters."))]
    return StringField(label, checks, filters=[stripped], **kwargs)


def email_field() -> Any:
    attributes = {"type": "email", "autocomplete": "username", "inputmode": "email", "maxlength": 254}
    return StringField(_l("E-mail"), [given(_l("Enter an e-mail address.")), an_email], filters=[stripped], render_kw=attributes)


def password_field(label: Any, purpose: str = "current-password", **kwargs: Any) -> Any:
    attributes = {"autocomplete": purpose, "maxlength": passwords.LONGEST}
    checks = [given(_l("Enter the password.")), Length(max=1000, message=_l("At most %(max)d characters."))]
    return PasswordField(label, checks, render_kw=attributes, **kwargs)


def code_field() -> Any:
    attributes = {"autocomplete": "one-time-code", "inputmode": "text", "maxlength": 30, "spellcheck": "false", "autocapitalize": "none"}
    return StringField(_l("Verification code"), [given(_l("Enter the code.")), Length(max=30)], filters=[stripped], render_kw=attributes)


def words(table: dict[str, Any], first: Iterable[tuple[str, Any]] = ()) -> list[SelectChoice]:
    return [SelectChoice(code, word) for code, word in (*first, *table.items())]


@cache
def _zone_names() -> tuple[str, ...]:
    usual = (z for z in sorted(available_timezones()) if "/" in z and not z.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/")))
    return (*EVERYDAY_ZONES, *(z for z in usual if z not in EVERYDAY_ZONES))


def zones() -> list[SelectChoice]:
    """IANA zones, everyday ones first."""
    return [SelectChoice(zone, zone.replace("_", " ")) for zone in _zone_names()]


def countries() -> list[SelectChoice]:
    """ISO 3166 codes with their names in the reader's language, everyday ones first."""
    names: dict[str, str] = dict(Locale.parse(str(get_locale() or "en")).territories)  # type: ignore[arg-type]
    rest = sorted(
        (
            c
            for c in names
            if len(c) == 2 and c.isalpha() and c not in (*labels.EVERYDAY_COUNTRIES, "EU", "UN", "ZZ", "XA", "XB", "EZ", "QO")
        ),
        key=names.__getitem__,
    )
    return [SelectChoice(code, names[code]) for code in (*labels.EVERYDAY_COUNTRIES, *rest)]


def currencies() -> list[SelectChoice]:
    return [SelectChoice(code) for code in COMMON_CURRENCIES]


class SignInForm(AppForm):
    # Any text: whether it is an address that could exist is nobody's business here.
    email = StringField(
        _l("E-mail"), [given(_l("Enter your e-mail address.")), Length(max=254)], filters=[stripped],
        render_kw={"type": "email", "autocomplete": "username", "autofocus": True},
    )  # fmt: skip
    password = password_field(_l("Password"))


class DemoForm(AppForm):
    account = WholeNumberField(validators=[given(_l("Choose a role."))], widget=HiddenInput())


class CodeForm(AppForm):
    code = code_field()


class ForgotForm(AppForm):
    email = email_field()


class ResetForm(AppForm):
    new_password = password_field(_l("New password"), "new-password", description=passwords.RULES)


class AcceptForm(AppForm):
    name = text_field(_l("Your name"), 120, _l("Enter your name, as colleagues know it."), render_kw={"autocomplete": "name"})
    password = password_field(_l("Password"), "new-password", description=passwords.RULES)


class PasswordForm(AppForm):
    present_password = password_field(_l("Present password"))
    new_password = password_field(_l("New password"), "new-password", description=passwords.RULES)


class ProofForm(AppForm):
    password = password_field(_l("Password"))


class ProfileForm(AppForm):
    name = text_field(_l("Your name"), 120, _l("Enter your name, as colleagues know it."), render_kw={"autocomplete": "name"})
    locale = RadioField(_l("Language"), choices=words(LOCALES))
    timezone = SelectField(_l("Time zone"), choices=zones, description=_l("Dates and reminders follow it."))
    theme = RadioField(_l("Appearance"), choices=words(labels.THEME_LABELS))
    digest = RadioField(
        _l("Digest by mail"),
        choices=words(labels.DIGEST_LABELS),
        description=_l("Mondays at nine: what waits for you, as counts and links."),
    )


class LocaleForm(AppForm):
    locale = SelectField(choices=words(LOCALES))


class ThemeForm(AppForm):
    theme = SelectField(choices=words(labels.THEME_LABELS))


class WorkspaceForm(AppForm):
    workspace = StringField(validators=[given(_l("Choose an organisation.")), Length(max=20)])


class TokenForm(AppForm):
    name = text_field(_l("Name"), 80, _l("Say what the token is for."), description=_l("What uses it, for example “ERP export”."))
    scope = RadioField(_l("Scope"), choices=words(labels.SCOPE_LABELS), default="read")
    days = SelectField(_l("Ends after"), choices=[SelectChoice(d, _l("%(n)s days", n=d)) for d in TOKEN_DAYS], coerce=int, default=90)


class InviteForm(AppForm):
    email = email_field()
    locale = SelectField(_l("Language of the mail"), choices=words(LOCALES))
    is_manager = BooleanField(_l("May invite and remove colleagues"))


class InviteStaffForm(AppForm):
    email = email_field()
    staff_role = RadioField(_l("Role"), choices=words(labels.STAFF_LABELS), default="field_agent")
    locale = SelectField(_l("Language of the mail"), choices=words(LOCALES))


class OrganisationForm(AppForm):
    name = text_field(_l("Full name"), 200, _l("Enter the registered name."), description=_l("As on the business licence."))
    short_name = text_field(_l("Short name"), 60, description=_l("What people call it; shown in lists."))
    kind = SelectField(_l("Kind"), choices=words(labels.KIND_LABELS))
    country = SelectField(_l("Country or region"), choices=countries, default="CN")
    city = text_field(_l("City"), 80)
    registration_number = text_field(_l("Registration number"), 40, description=_l("Unified social credit code, or the like."))
    website = StringField(_l("Website"), [Optional(), Length(max=300), a_web_address], filters=[stripped], render_kw={"type": "url"})
    version = HiddenField()


class ManagerForm(AppForm):
    is_manager = BooleanField()


class StaffRoleForm(AppForm):
    staff_role = SelectField(_l("Role on the platform"), choices=words(labels.STAFF_LABELS, [("", _l("None"))]))


class RateForm(AppForm):
    base = SelectField(_l("Base currency"), choices=currencies, default="USD")
    rate = PlainNumberField(
        _l("Rate"),
        [
            given(_l("Enter the rate, for example 7.1234.")),
            NumberRange(min=1e-6, max=1_000_000, message=_l("A rate lies between 0.000001 and 1,000,000.")),
        ],
        places=None,
        description=_l("What one unit of the base currency buys."),
        render_kw={"inputmode": "decimal", "step": "any"},
    )
    quote = SelectField(_l("Quote currency"), choices=currencies, default="CNY")
    on_date = DateField(_l("Valid from"), [given(_l("Choose the day."))])
    source = text_field(_l("Source"), 120, _l("Say where the rate comes from."), description=_l("For example “PBOC midpoint”."))

    def validate_quote(self, field: Any) -> None:
        if field.data == self.base.data:
            raise ValidationError(_l("Choose two different currencies."))

    def validate_rate(self, field: Any) -> None:
        if field.data is not None and not field.data.is_finite():
            raise ValidationError(_l("Enter the rate, for example 7.1234."))
