"""The JSON edge: schemas derived from the same forms that pages use, and forms filled from JSON. It takes bearer tokens only.

A field that no form declares is refused, and so is an integer written as text, a flag or a fraction.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from apiflask import Schema, fields
from apiflask.validators import Length as LongAtMost
from apiflask.validators import OneOf, Range
from flask import Flask, abort, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, ValidationError
from werkzeug.datastructures import MultiDict
from wtforms import DateField, FieldList, Form, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.core import UnboundField
from wtforms.validators import InputRequired, Length, NumberRange

from incubator.kernel.errors import Invalid

LARGEST_INTEGER = 2**53 - 1
LEFT_OUT = frozenset({"csrf_token"})
SUSPICIOUS = re.compile(rb"\\u(?:d[89a-f]|0000)|[0-9]{400}", re.IGNORECASE)


def install(app: Flask) -> None:
    app.before_request(_refuse_unstorable)


def _refuse_unstorable() -> None:
    """JSON can spell what no database stores: half a character, NUL, a number of 5,000 digits. Only bodies that may hold it are read twice."""
    if not request.is_json or not SUSPICIOUS.search(request.get_data(cache=True)):
        return
    try:
        for text in _texts(json.loads(request.get_data(cache=True))):
            if "\0" in text or (not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text)):
                raise Invalid({"json": [_l("A text holds characters that cannot be stored. Take them out and send it again.")]})
    except (ValueError, RecursionError):
        abort(400)


def _texts(value: Any) -> Iterator[str]:
    """Every text in parsed JSON, names of fields included."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            waiting += value


class StrictInteger(fields.Integer):
    """A JSON integer: not "3", not 3.0, not true."""

    def _validated(self, value: Any) -> int:
        if type(value) is not int:
            raise self.make_error("invalid", input=value)
        if abs(value) > LARGEST_INTEGER:
            raise ValidationError(gettext("This number is too large."))
        return value


class Strict(Schema):
    """Unknown fields are refused by name."""

    class Meta:
        unknown = RAISE


def schema_of(form: type[Form], name: str, *, partial: bool = False, **extra: fields.Field) -> type[Schema]:
    """A marshmallow schema of the fields of `form`; `partial` makes every field optional, for PATCH."""
    unbound = {n: f for c in reversed(form.__mro__) for n, f in vars(c).items() if isinstance(f, UnboundField)}
    made = {n: _field(f, name, n, partial) for n, f in unbound.items() if n not in LEFT_OUT}
    return type(name, (Strict,), {**made, **extra})


def _field(unbound: Any, parent: str, name: str, partial: bool) -> fields.Field:
    kind, options = unbound.field_class, _options(unbound)
    required = not partial and any(isinstance(v, InputRequired) for v in options["validators"])
    checks = [c for v in options["validators"] if (c := _check(v))]
    common: dict[str, Any] = {"required": required, "validate": checks}
    if issubclass(kind, FieldList):
        row = _options(unbound)["args"][0]
        nested = schema_of(row.args[0], f"{parent}{name.title().replace('_', '')}")
        return fields.List(fields.Nested(nested), validate=LongAtMost(max=options.get("max_entries") or 1000))
    if issubclass(kind, SelectMultipleField):
        return fields.List(StrictInteger(), validate=LongAtMost(max=1000))
    if issubclass(kind, IntegerField) or options.get("coerce") is int:
        return StrictInteger(**common)
    if issubclass(kind, DateField):
        return fields.Date(allow_none=True, **common)
    if issubclass(kind, SelectField | RadioField) and options.get("choices"):
        common["validate"] = [OneOf([value for value, _ in options["choices"]])]
    return fields.String(**common)


def _options(unbound: Any) -> dict[str, Any]:
    """The arguments of a WTForms field by name, whether they were given by position or by keyword."""
    args = list(unbound.args)
    options = dict(unbound.kwargs)
    first = [a for a in args if isinstance(a, list)]
    return {**options, "args": args, "validators": options.get("validators") or (first[0] if first else [])}


def _check(validator: Any) -> Any:
    if isinstance(validator, Length):
        return LongAtMost(max=validator.max)
    if isinstance(validator, NumberRange):
        return Range(min=validator.min, max=validator.max)
    return None


def fill(form: type[Form], data: Mapping[str, Any], prepare: Any = None) -> Any:
    """A valid `form` from JSON data; `prepare(form)` may set choices first. Raises Invalid with the messages by field."""
    filled: Any = form(formdata=MultiDict(_flat(data)), meta={"csrf": False})
    if prepare:
        prepare(filled)
    if not filled.validate():
        raise Invalid({name: _messages(messages) for name, messages in filled.errors.items()})
    return filled


def _flat(data: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Nested JSON as the pairs that an HTML form sends: requirements-0-attribute."""
    pairs: list[tuple[str, str]] = []
    for name, value in data.items():
        if isinstance(value, list):
            for index, item in enumerate(value):
                pairs += _flat(item, f"{prefix}{name}-{index}-") if isinstance(item, Mapping) else [(prefix + name, str(item))]
        elif value is not None:
            pairs.append((prefix + name, str(value)))
    return pairs


def _messages(found: Any) -> list[Any]:
    if isinstance(found, Mapping):
        return [f"{name}: {', '.join(str(m) for m in messages)}" for name, messages in found.items()]
    return [m if not isinstance(m, Mapping) else "; ".join(_messages(m)) for m in found]
