"""The form of a webhook. The address and the key of one that stands are never put into it: left empty, they stay."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, RadioField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import HiddenInput

from incubator.accounts.forms import stripped, text_field, words
from incubator.kernel.forms import AppForm, WholeNumberField
from incubator.kernel.i18n import LOCALES

KINDS: dict[str, Any] = {
    "dingtalk": _l("DingTalk"),
    "wecom": _l("WeCom"),
    "feishu": _l("Feishu / Lark"),
    "generic": _l("Our own system (JSON)"),
}
SECRET_HELP = _l(
    "DingTalk and Feishu: the key of “signature” in the robot's security settings. Our own system: any long text, which signs each message."
)


class WebhookForm(AppForm):
    """A new one."""

    version = WholeNumberField(widget=HiddenInput(), validators=[Optional()])
    kind = RadioField(_l("Where to"), choices=words(KINDS), default="dingtalk")
    name = text_field(_l("Name"), 80, _l("Say which group or system it is."), description=_l("For example “Production chat”."))
    url = StringField(
        _l("Webhook address"), [DataRequired(_l("Paste the address.")), Length(max=2000)], filters=[stripped],
        description=_l("The robot's webhook address, as the chat shows it."), render_kw={"type": "url", "autocomplete": "off", "inputmode": "url"},
    )  # fmt: skip
    secret = PasswordField(
        _l("Key"), [Optional(), Length(max=200)], filters=[stripped], description=SECRET_HELP, render_kw={"autocomplete": "off"}
    )
    language = RadioField(_l("Language"), choices=words(LOCALES), default="zh")
    events = SelectMultipleField(_l("Tell there"), [DataRequired(_l("Choose at least one."))])

    def as_data(self) -> dict[str, Any]:
        return {name: self[name].data for name in ("kind", "name", "url", "secret", "language", "events") if name in self._fields}


PLAIN = {"autocomplete": "off"}


class ChangeForm(WebhookForm):
    """One that stands; its kind stays."""

    kind: Any = None
    url = StringField(
        _l("New address"), [Optional(), Length(max=2000)], filters=[stripped], description=_l("Empty: the address stays. With a new one, type the key again."),
        render_kw={"type": "url", "autocomplete": "off", "inputmode": "url"},
    )  # fmt: skip
    secret = PasswordField(
        _l("New key"),
        [Optional(), Length(max=200)],
        filters=[stripped],
        description=_l("Empty: the key stays."),
        render_kw=PLAIN,
    )
