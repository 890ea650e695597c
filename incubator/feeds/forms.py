"""What a person says of a feed: its name, where, how often, and how headings are read. What the kind asks for, the kind's own form takes."""

from typing import Any
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange

from incubator.feeds import words
from incubator.imports import forms as imports
from incubator.imports.kinds import Kind
from incubator.kernel.actor import Actor
from incubator.kernel.forms import AppForm, ChoiceField, WholeNumberField

COMMON = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Tokyo",
    "Asia/Singapore",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
    "UTC",
)
LOOKING = ("rhythm", "hour", "timezone")
FIELDS = {"folder": ("place", *LOOKING), "s3": ("place", *LOOKING), "pull": ("place", "proof", "proof_user", "secret", *LOOKING)}
OPTIONAL = frozenset({"place", "proof", "proof_user", "secret", *LOOKING})


class FeedForm(AppForm):
    """Everything but the kind's own options; `of_transport` takes away what a transport does not need."""

    name = StringField(_l("Name of the feed"), [InputRequired(), Length(max=80)])
    mapping_id = SelectField(_l("Mapping"), coerce=int, default=0)
    place = StringField(_l("Where"), [InputRequired(), Length(max=2000)])
    proof = SelectField(_l("The address asks for"), choices=list(words.PROOFS.items()), default="none")
    proof_user = StringField(_l("User"), [Length(max=120)])
    secret = PasswordField(_l("Token or password"), [Length(max=500)])
    rhythm = SelectField(_l("How often"), choices=list(words.RHYTHMS.items()), default="hour")
    hour = SelectField(_l("Daily at"), coerce=int, choices=[(n, f"{n:02d}:00") for n in range(24)], default=8)
    timezone = StringField(_l("Time zone"), [InputRequired(), Length(max=60)])
    version = HiddenField(default="0")

    def validate_timezone(self, field: Any) -> None:
        if field.data not in available_timezones():
            raise ValidationError(_l("A time zone like Asia/Shanghai."))

    def validate_secret(self, field: Any) -> None:
        if any(ord(c) < 32 or ord(c) > 126 for c in field.data or ""):
            raise ValidationError(_l("Letters, digits and signs of the English keyboard only."))

    def validate_proof_user(self, field: Any) -> None:
        if any(ord(c) < 32 for c in field.data or "") or ":" in (field.data or ""):
            raise ValidationError(_l("A user name has no colon."))


def of_transport(transport: str, mappings: list[tuple[int, str]], options: imports.OptionsForm, **given: Any) -> FeedForm:
    """The form with only what `transport` needs, beside the form of the kind's options."""
    form = FeedForm(**given)
    for name in OPTIONAL - set(FIELDS.get(transport, ())):
        del form[name]
    form.mapping_id.choices = [(0, _l("As its headings say")), *mappings]
    names = frozenset(field.name for field in form)
    form.also_expected = frozenset(field.name for field in options) | {"step"}
    options.also_expected = options.also_expected | names | {"step"}
    return form


def options_of(kind: Kind, actor: Actor, given: dict[str, Any] | None = None) -> imports.OptionsForm:
    """The kind's own form, filled with what the feed has."""
    return imports.options_form(kind, actor, **({"data": given} if given else {}))


class EventForm(AppForm):
    """A step of the feed's life, from a page that showed `version`."""

    event = ChoiceField(_l("Step"), choices=[("pause", _l("Pause")), ("resume", _l("Resume")), ("close", _l("Close for good"))])
    version = WholeNumberField(_l("Version"), [InputRequired(), NumberRange(min=1)])
