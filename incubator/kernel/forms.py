"""The form that every package derives from: one class validates the page and the JSON. It takes no field that it does not declare."""

from typing import Any

import structlog
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField

from incubator.kernel.errors import Invalid

log = structlog.get_logger("forms")
EXPECTED_EVERYWHERE = frozenset({"csrf_token", "next"})
SHOWN = 20  # names of unknown fields in one log line


class AppForm(FlaskForm):
    """FlaskForm that logs posted names it does not know (`role`, `organisation_id` …) and ignores them.

    The JSON edge uses the same class with `meta={"csrf": False}`.
    """

    also_expected: frozenset[str] = frozenset()

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        posted = self.meta.wrap_formdata(self, formdata)
        self.posted_names = frozenset(posted.keys()) if posted else frozenset()
        super().process(formdata, *args, **kwargs)

    def validate(self, extra_validators: Any = None) -> bool:
        if self._parent_form is None:
            log_unknown_fields(self)
        return bool(super().validate(extra_validators))

    def require(self) -> None:
        """Raise Invalid with the messages by field, unless the form is right; for edges without a page to show again."""
        if not self.validate():
            raise Invalid({name: list(messages) for name, messages in self.errors.items()})


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
