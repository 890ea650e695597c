"""The form that every package derives from: one class validates the page and the JSON. It takes no field that it does not declare."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from flask_babel import get_translations, lazy_ngettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DecimalField, FieldList, Form, FormField, IntegerField, SelectField, ValidationError

from incubator.kernel.db import db
from incubator.kernel.errors import Invalid

log = structlog.get_logger("forms")
EXPECTED_EVERYWHERE = frozenset({"csrf_token", "next"})
SHOWN = 20  # names of unknown fields in one log line
BUILT_IN = (  # what WTForms says by itself, named here so that our catalogues hold it
    _l("This field is required."),
    _l("Invalid input."),
    _l("Not a valid choice."),
    _l("Invalid Choice: could not coerce."),
    _l("Invalid choice(s): one or more data inputs could not be coerced."),
    _l("Not a valid date value."),
    _l("Not a valid integer value."),
    _l("Not a valid decimal value."),
    _l("Not a valid float value."),
    _l("Number must be at least %(min)s."),
    _l("Number must be at most %(max)s."),
    _l("Number must be between %(min)s and %(max)s."),
    lazy_ngettext("Field cannot be longer than %(max)d character.", "Field cannot be longer than %(max)d characters.", 1),
    lazy_ngettext("'%(value)s' is not a valid choice for this field.", "'%(value)s' are not valid choices for this field.", 1),
)


LONGEST_INTEGER = 18  # digits that every database column and every validator can hold
PLAIN_NUMBER = re.compile(r"\s*[+-]?\d{1,15}(\.\d{0,10})?\s*")


class WholeNumberField(IntegerField):
    """An integer of at most 18 digits: Python takes any length, on which validators and databases overflow."""

    def process_formdata(self, valuelist: Any) -> None:
        if valuelist and len(str(valuelist[0])) > LONGEST_INTEGER:
            raise ValueError(self.gettext("Not a valid integer value."))
        super().process_formdata(valuelist)


class PlainNumberField(DecimalField):
    """A decimal number as people write it: no NaN, no infinity and no exponent, on which validators fail and conversions take for ever."""

    def process_formdata(self, valuelist: Any) -> None:
        if valuelist and not PLAIN_NUMBER.fullmatch(str(valuelist[0])):
            raise ValueError(self.gettext("Not a valid decimal value."))
        super().process_formdata(valuelist)


class Messages:
    """The messages of WTForms in the present locale: also in the rows of a form, and in a job, where Flask-WTF would speak English."""

    def gettext(self, text: str) -> str:
        return str(get_translations().ugettext(text))

    def ngettext(self, one: str, many: str, number: int) -> str:
        return str(get_translations().ungettext(one, many, number))


class Translated:
    """What lets a form speak the reader's language."""

    class Meta:
        def get_translations(self, _form: Any) -> Messages:
            return Messages()


class RowForm(Translated, Form):
    """A form inside a form: one row of a list. The whole form carries the CSRF token."""


class AppForm(Translated, FlaskForm):
    """FlaskForm that logs posted names it does not know (`role`, `organisation_id` …) and ignores them.

    The JSON edge uses the same class with `meta={"csrf": False}`.
    """

    also_expected: frozenset[str] = frozenset()

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        posted = self.meta.wrap_formdata(self, formdata)
        self.posted_names = frozenset(posted.keys()) if posted else frozenset()
        self._unstorable = [name for name, text in posted.items(multi=True) if "\0" in text] if isinstance(posted, MultiDict) else []
        super().process(formdata, *args, **kwargs)

    def validate(self, extra_validators: Any = None) -> bool:
        if self._parent_form is None:
            log_unknown_fields(self)
        return bool(super().validate(extra_validators)) and not self._refuse_unstorable()

    def _refuse_unstorable(self) -> bool:
        """A NUL, which one database refuses and the other keeps, is an error of its field."""
        for name in self._unstorable:
            field = self._fields.get(name)
            errors = self.form_errors if field is None else list(field.errors)
            errors.append(_l("This holds a character that cannot be stored. Take it out."))
            if field is not None:
                field.errors = errors
        return bool(self._unstorable)

    @contextmanager
    def shows_refusals(self) -> Iterator[None]:
        """What a service finds Invalid goes beside its field, and nothing stays written; the view then shows the form again, filled."""
        try:
            yield
        except Invalid as refused:
            db.session.rollback()
            for name, messages in refused.fields.items():
                place = self._fields.get(name)
                if place is None:
                    self.form_errors.extend(messages)
                else:
                    place.errors = [*place.errors, *messages]

    def require(self) -> None:
        """Raise Invalid with the messages by field, unless the form is right; for edges without a page to show again."""
        if not self.validate():
            raise Invalid({name: list(messages) for name, messages in self.errors.items()})


class ChoiceField(SelectField):
    """A select of text that looks its value up; WTForms' own makes an object of every choice at every check."""

    def pre_validate(self, form: Any) -> None:
        if not self.process_errors and all(self.data != choice[0] for choice in self.choices):
            raise ValidationError(self.gettext("Not a valid choice."))


class Cells(dict[str, str]):
    """One value per name as form data, for imports; werkzeug's MultiDict makes a list of every value."""

    def getlist(self, name: str) -> list[str]:
        return [self[name]] if name in self else []


class Confirmation(AppForm):
    """A button without fields."""


def unknown_fields(form: Any) -> list[str]:
    """The posted names that belong to no field of `form`, in order."""
    nested = tuple(f"{f.name}-" for f in form if isinstance(f, FieldList | FormField))
    known = {f.name for f in form} | EXPECTED_EVERYWHERE | form.also_expected
    return sorted(n for n in form.posted_names - known if not (nested and n.startswith(nested)))


def log_unknown_fields(form: Any) -> None:
    """One log line when somebody posts more than the form asks for: a stale page, or a probe."""
    if names := unknown_fields(form):
        log.warning("unexpected_fields", form=type(form).__name__, fields=[n[:40] for n in names[:SHOWN]])
